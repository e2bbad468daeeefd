"""What is wrong with a fault, in the words of ``fault add`` and its options. Pure."""

import re
from collections.abc import Mapping
from typing import Any, Final

from mock_qualtrics.faults.kinds_of_schema import properties

WHEN: Final = {
    "first": "first",
    "every": "every",
    "probability": "probability",
    "between": "between",
    "since_first_call": "sinceFirstCall",
    "path": "path",
}
SETTINGS: Final = {
    "status": "status",
    "retry_after": "retryAfterSeconds",
    "seconds": "seconds",
    "calls_per_minute": "callsPerMinute",
    "location": "location",
}
_OPTIONS: Final = {key: f"--{name.replace('_', '-')}" for name, key in SETTINGS.items()}
_CONDITIONS: Final = {key: f"--{name.replace('_', '-')}" for name, key in WHEN.items()}
_PLACE: Final = re.compile(r"\$\.(?:when\.)?(\w+)(?:\[([01])\])?")
_LARGEST_SAID: Final = 1_000_000  # a larger bound is the wire's, which nobody reaches
_ENDS: Final = {"0": " FROM", "1": " TO", None: ""}


def problems(document: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with a fault's document, each as one clause; none where it is valid."""
    from contracts.validation import MISSING, validate  # noqa: PLC0415  --help must not pay for it

    kind = str(document["kind"])
    found = []
    for violation in validate(document, "fault"):
        key = violation.path.removeprefix("$.")
        if violation.value is MISSING:
            found.append(f"{kind} needs {_needed(kind, key)}")
        elif key in _OPTIONS and key not in properties(kind):
            found.append(_not_taken(kind, key))
        else:
            found.append(in_options(str(violation)))
    return found


def in_options(violation: str) -> str:
    """Return a violation that names the option in place of the place in the document.

    Example:
        >>> in_options("$.when.between[1]: found 1, expected later than 2")
        '--between TO: found 1, expected later than 2'
    """
    place, mark, rest = violation.partition(": ")
    match = _PLACE.fullmatch(place)
    if match is None:
        return violation
    return f"{_option(match[1])}{_ENDS[match[2]]}{mark}{rest}"


def _option(key: str) -> str:
    return _OPTIONS.get(key) or _CONDITIONS.get(key) or f"--{key}"


def _needed(kind: str, key: str) -> str:
    said = properties(kind)[key]
    if said["type"] == "string":
        return f"{_option(key)}, {said['x-expected']}"
    least, most = said.get("minimum"), said.get("maximum")
    bounds = f"from {least} on" if most is None or most > _LARGEST_SAID else f"{least} to {most}"
    return f"{_option(key)}, a number {bounds}"


def _not_taken(kind: str, key: str) -> str:
    taken = [_OPTIONS[name] for name in properties(kind) if name in _OPTIONS]
    those = f"only {' and '.join(taken)}" if taken else "no settings but a condition"
    return f"{_option(key)}: a fault of kind {kind} takes {those}"
