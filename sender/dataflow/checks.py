"""Checks of a dataflow that its JSON Schema cannot express, such as rules across several keys.

Every check takes the raw document, skips values of the wrong type (the schema reports those) and
yields violations. None raises, so that all problems are reported together. No violation shows a
value that could be a secret or an e-mail address.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import contracts
from contracts.credentials import USERNAME_EXPECTED, username_problem
from contracts.violations import Violation
from sender.dataflow.trigger_url import redacted_url, url_problems

MOST_NAMES = 100  # of one path; the schema states it too
RESERVED_FIELDS = ("identityMap", "segmentMembership")

_SECRET_KEY = re.compile(r"token|passw(or)?d|secret|api_?key|credential", re.IGNORECASE)
_PERSONAL_PATHS = ("$.url", "$.username")
_HIDDEN = "***"


def violations_of(raw: object, plain_http_hosts: Collection[str] = ()) -> list[Violation]:
    """Return all problems of a dataflow's raw document: the schema's and those of these checks."""
    if not isinstance(raw, Mapping):
        return contracts.validate(raw, "dataflow")
    violations = [
        *_secret_keys(raw, "$"),
        *_url(raw, plain_http_hosts),
        *_username(raw),
        *_paths(raw),
        *_targets(raw),
        *_twice(raw, "identities", "source", "a source namespace mapped once"),
        *_twice(raw, "audiences", "id", "an audience id listed once"),
        *_dates(raw),
    ]
    # These checks explain a problem better than the schema; report each path once.
    reported = {violation.path for violation in violations}
    return [*violations, *(v for v in _schema_violations(raw) if v.path not in reported)]


def _schema_violations(raw: Mapping[str, Any]) -> Iterator[Violation]:
    for violation in contracts.validate(raw, "dataflow"):
        if violation.path in _PERSONAL_PATHS and isinstance(violation.value, str):
            yield Violation(violation.path, _HIDDEN, violation.expected)
        else:
            yield violation


def _secret_keys(value: object, path: str) -> Iterator[Violation]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if _SECRET_KEY.search(str(key)):
                expected = "no key of this name; the token comes from QUALTRICS_API_TOKEN"
                yield Violation(f"{path}.{key}", _HIDDEN, expected)
            else:
                yield from _secret_keys(inner, f"{path}.{key}")
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from _secret_keys(inner, f"{path}[{index}]")


def _url(raw: Mapping[str, Any], plain_http_hosts: Collection[str]) -> Iterator[Violation]:
    url = raw.get("url")
    if isinstance(url, str) and url:
        for expected in url_problems(url, plain_http_hosts):
            yield Violation("$.url", redacted_url(url), expected)


def _username(raw: Mapping[str, Any]) -> Iterator[Violation]:
    username = raw.get("username")
    problem = username_problem(username) if isinstance(username, str) else ""
    if problem:
        yield Violation("$.username", _HIDDEN, f"{USERNAME_EXPECTED}; it has {problem}")


def _texts(raw: Mapping[str, Any], table: str, key: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of one key for every entry of a table, skipping values of other types."""
    entries = raw.get(table)
    for index, entry in enumerate(entries if isinstance(entries, list | tuple) else ()):
        text = entry.get(key) if isinstance(entry, Mapping) else None
        if isinstance(text, str) and text:
            yield f"$.{table}[{index}].{key}", text


def _paths(raw: Mapping[str, Any]) -> Iterator[Violation]:
    for key in ("source", "target"):
        for where, path in _texts(raw, "attributes", key):
            names = path.split(".")
            if not all(name.strip() for name in names):
                yield Violation(where, path, "names joined by single dots, none empty")
            elif len(names) > MOST_NAMES:
                yield Violation(where, path, f"at most {MOST_NAMES} names")
            elif names[0] in RESERVED_FIELDS:
                expected = "an attribute; identities and audiences have tables of their own"
                yield Violation(where, path, expected)


def _targets(raw: Mapping[str, Any]) -> Iterator[Violation]:
    seen: set[str] = set()
    every = _texts(raw, "attributes", "target")
    targets = [(where, path) for where, path in every if path.count(".") < MOST_NAMES]
    inner_nodes = {prefix for _, target in targets for prefix in _prefixes(target)}
    for where, target in targets:
        if target in seen:
            yield Violation(where, target, "a target that no other attribute has")
        elif target in inner_nodes:
            yield Violation(where, target, "a target that is not the parent of another one")
        seen.add(target)


def _prefixes(path: str) -> Iterator[str]:
    names = path.split(".")
    return (".".join(names[:count]) for count in range(1, len(names)))


def _twice(raw: Mapping[str, Any], table: str, key: str, expected: str) -> Iterator[Violation]:
    texts = list(_texts(raw, table, key))
    counts = Counter(text for _, text in texts)
    first_at = {text: where for where, text in reversed(texts)}
    for where, text in texts:
        if counts[text] > 1 and where != first_at[text]:
            yield Violation(where, text, expected)


def _dates(raw: Mapping[str, Any]) -> Iterator[Violation]:
    starts = dict(_texts(raw, "audiences", "start_date"))
    for where, end in _texts(raw, "audiences", "end_date"):
        start = starts.get(where.removesuffix("end_date") + "start_date")
        if start is not None and is_date(start) and is_date(end) and end < start:
            yield Violation(where, end, f"a date not before start_date, {start}")
    for key in ("start_date", "end_date"):
        for where, text in _texts(raw, "audiences", key):
            if not is_date(text):
                yield Violation(where, text, "a date such as 2023-09-01")


def is_date(text: str) -> bool:
    """Return whether a text is a calendar date in the form ``YYYY-MM-DD``."""
    try:
        # fromisoformat also takes forms such as 20230901; only the usual one compares as text.
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
