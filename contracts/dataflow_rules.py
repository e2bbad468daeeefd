"""Rules of a dataflow's mapping that span several keys, which its JSON Schema cannot express.

Every rule takes the raw document, skips values of the wrong type (the schema reports those) and
yields violations. None raises, so that all problems are reported together.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

from contracts.violations import Violation

MOST_NAMES: Final = 100  # of one path; the schema states it too
RESERVED_FIELDS: Final = ("identityMap", "segmentMembership")


def rule_violations(raw: Mapping[str, Any]) -> Iterator[Violation]:
    """Yield what in a dataflow's document breaks a rule, beyond its schema."""
    yield from _paths(raw)
    yield from _targets(raw)
    yield from _twice(raw, "identities", "source", "a source namespace mapped once")
    yield from _twice(raw, "audiences", "id", "an audience id listed once")
    yield from _dates(raw)


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
        if start is not None and _is_date(start) and _is_date(end) and end < start:
            yield Violation(where, end, f"a date not before start_date, {start}")
    for key in ("start_date", "end_date"):
        for where, text in _texts(raw, "audiences", key):
            if not _is_date(text):
                yield Violation(where, text, "a date such as 2023-09-01")


def _is_date(text: str) -> bool:
    """Return whether a text is a calendar date in the form ``YYYY-MM-DD``."""
    try:
        # fromisoformat also takes forms such as 20230901; only the usual one compares as text.
        return dt.date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
