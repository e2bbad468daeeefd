"""Whether one condition implies another one, as far as it can be shown (Q-WF-3). Pure."""

import json
from typing import Any, Final

from contracts.compatibility.certainty import ALWAYS
from contracts.compatibility.conditions import Conditions, Predicate, comparison, predicate_of
from contracts.compatibility.json_values import canonical_text
from contracts.compatibility.paths.comparisons import shape_of
from contracts.compatibility.paths.equal_paths import canonical

_DOWN: Final = {"less_than": {"less_than", "at_most"}, "at_most": {"at_most"}}
_UP: Final = {"greater_than": {"greater_than", "at_least"}, "at_least": {"at_least"}}


def demands(conditions: Conditions) -> list[Conditions]:
    """Return conditions all of which must hold; groups of alternatives stay whole."""
    if predicate_of(conditions) is not None:
        return [conditions]
    found: list[Conditions] = []
    for kind, members in conditions.items():
        if kind == "all" or len(members) == 1:
            found += [one for member in members for one in demands(member)]
        else:
            found.append({"any": members})
    return found


def is_implied(condition: Conditions, by: list[Conditions]) -> bool:
    """Return whether it can be shown that a condition holds where one of these does."""
    return any(implies(other, condition) for other in by)


def implies(one: Conditions, other: Conditions) -> bool:
    """Return whether it can be shown that where one condition holds the other one does."""
    if are_equal(one, other):
        return True
    if "any" in one:
        return bool(one["any"]) and all(_group_implies(m, other) for m in one["any"])
    if "any" in other:
        return any(_group_implies(one, member) for member in other["any"])
    first, second = predicate_of(one), predicate_of(other)
    return first is not None and second is not None and _predicate_implies(first, second)


def are_equal(one: Conditions, other: Conditions) -> bool:
    """Return whether two conditions say the same, whatever way paths and numbers are written."""
    return _text_of(one) == _text_of(other)


def _text_of(conditions: Conditions) -> str:
    predicate = predicate_of(conditions)
    if predicate is not None:
        path, operator, operand = predicate
        return canonical_text([canonical(path), operator, operand])
    groups = ((kind, sorted(map(_text_of, members))) for kind, members in conditions.items())
    return json.dumps(sorted(groups))


def _group_implies(one: Conditions, other: Conditions) -> bool:
    return all(is_implied(b, demands(one)) for b in demands(other))


def _predicate_implies(one: Predicate, other: Predicate) -> bool:
    if canonical(one.path) != canonical(other.path):
        return False
    if other.operator == "exists" and other.operand is True:
        return one.needs_a_value
    if one.operator == "equals":
        return _holds_of(one.operand, other)
    if not _are_in_order(one.operand, other.operand):
        return False
    is_lower = other.operator in _DOWN.get(one.operator, ()) and one.operand <= other.operand
    return is_lower or (
        other.operator in _UP.get(one.operator, ()) and one.operand >= other.operand
    )


def _holds_of(value: Any, predicate: Predicate) -> bool:  # noqa: ANN401  any JSON value
    """Return whether a predicate holds wherever such a value is, whatever else is at its path."""
    if predicate.operator in {"exists", "not_equals"}:
        return False
    return comparison(predicate.operator, shape_of(value), predicate.operand) is ALWAYS


def _are_in_order(one: Any, other: Any) -> bool:  # noqa: ANN401  any JSON value
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    both_texts = isinstance(one, str) and isinstance(other, str)
    return both_texts or (isinstance(one, int | float) and isinstance(other, int | float))
