"""Checks of a dataflow that only its sender makes: no secrets in it, and a URL that it may call.

Every check takes the raw document, skips values of the wrong type (the schema reports those) and
yields violations. None raises, so that all problems are reported together. No violation shows a
value that could be a secret or an e-mail address. The rules of the mapping itself are those of
:mod:`contracts.dataflow_rules`.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import contracts
from contracts.credentials import USERNAME_EXPECTED, username_problem
from contracts.dataflow_rules import rule_violations
from contracts.violations import Violation
from sender.dataflow.trigger_url import redacted_url, url_problems

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
        *rule_violations(raw),
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
