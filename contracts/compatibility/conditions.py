"""How certain it is that a workflow's conditions hold (Q-WF-3). Pure.

A predicate holds when any value at its path satisfies it; ``not_equals`` when none is equal.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from contracts.compatibility.certainty import Certainty, all_of, any_of
from contracts.compatibility.paths.comparisons import containment, equality, less, shape_of
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import Shape

Conditions = Mapping[str, Any]


class Predicate(NamedTuple):
    """A comparison of the values at a path, as a workflows file has it."""

    path: str
    operator: str
    operand: Any

    @property
    def needs_a_value(self) -> bool:
        """Whether it can only hold where there is a value at its path."""
        return self.operator != "not_equals" and not self.wants_absence

    @property
    def wants_absence(self) -> bool:
        """Whether it only holds where there is no value at its path."""
        return self.operator == "exists" and self.operand is False


def predicate_of(condition: Conditions) -> Predicate | None:
    """Return the predicate that a condition is; None for a group of conditions."""
    if "path" not in condition:
        return None
    ((operator, operand),) = ((k, v) for k, v in condition.items() if k != "path")
    return Predicate(condition["path"], operator, operand)


def predicates(conditions: Conditions) -> Iterator[Predicate]:
    """Yield all predicates in conditions, in the file's order."""
    predicate = predicate_of(conditions)
    if predicate is not None:
        yield predicate
        return
    for members in conditions.values():
        for member in members:
            yield from predicates(member)


def demanded(conditions: Conditions) -> Iterator[Predicate]:
    """Yield the predicates all of which must hold."""
    predicate = predicate_of(conditions)
    if predicate is not None:
        yield predicate
        return
    for kind, members in conditions.items():
        if kind == "all" or len(members) == 1:
            for member in members:
                yield from demanded(member)


def holding(conditions: Conditions, event: Shape) -> Certainty:
    """Return how certain it is that conditions hold of an event; always, where there are none."""
    predicate = predicate_of(conditions)
    if predicate is not None:
        return predicate_holding(predicate, event)
    return all_of(
        (all_of if kind == "all" else any_of)(holding(member, event) for member in members)
        for kind, members in conditions.items()
    )


def predicate_holding(predicate: Predicate, event: Shape) -> Certainty:
    """Return how certain it is that a predicate holds of an event."""
    path, operator, operand = predicate
    if operator == "exists":
        presence = selected(path, event)
        return presence if operand else ~presence
    if operator == "not_equals":
        return ~selected(path, event, lambda value: equality(value, shape_of(operand)))
    return selected(path, event, lambda value: comparison(operator, value, operand))


def comparison(operator: str, value: Shape, operand: Any) -> Certainty:  # noqa: ANN401  any JSON
    """Return how certain it is that one value compares so; not of presence and absence."""
    if operator == "contains":
        return containment(value, operand)
    other = shape_of(operand)
    match operator:
        case "equals":
            return equality(value, other)
        case "less_than":
            return less(value, other)
        case "at_most":
            return less(value, other) | equality(value, other)
        case "greater_than":
            return less(other, value)
        case _:
            return less(other, value) | equality(value, other)
