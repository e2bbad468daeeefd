"""Conditions of a workflow, in words (Q-WF-3). Pure."""

from collections.abc import Mapping
from typing import Final

from contracts.compatibility.conditions import Conditions, Predicate, predicate_of
from contracts.compatibility.json_values import shown

_VERBS: Final[Mapping[str, str]] = {
    "equals": "equals",
    "not_equals": "differs from",
    "contains": "contains",
    "less_than": "is less than",
    "at_most": "is at most",
    "greater_than": "is greater than",
    "at_least": "is at least",
}


def in_words(conditions: Conditions) -> str:
    """Return conditions as a part of a sentence.

    Example:
        >>> in_words({"any": [{"path": "$.a", "at_least": 5}, {"path": "$.b", "exists": True}]})
        '$.a is at least 5 or $.b is there'
    """
    predicate = predicate_of(conditions)
    if predicate is not None:
        return f"{predicate.path} {phrase_of(predicate)}"
    groups = [_group(kind, members) for kind, members in conditions.items()]
    return " and ".join(groups if len(groups) == 1 else map(_in_brackets, groups))


def phrase_of(predicate: Predicate) -> str:
    """Return what a predicate says of the value at its path, such as ``is at least 5``."""
    if predicate.operator == "exists":
        return "is there" if predicate.operand else "is not there"
    return f"{_VERBS[predicate.operator]} {shown(predicate.operand)}"


def _group(kind: str, members: list[Conditions]) -> str:
    if not members:
        return "nothing is demanded" if kind == "all" else "one of no conditions holds"
    parts = [in_words(member) for member in members]
    if len(parts) > 1:
        parts = [
            part if predicate_of(member) else _in_brackets(part)
            for part, member in zip(parts, members, strict=True)
        ]
    return (" and " if kind == "all" else " or ").join(parts)


def _in_brackets(text: str) -> str:
    return f"({text})"
