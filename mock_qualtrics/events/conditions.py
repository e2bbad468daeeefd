"""Conditions on an event: whether a workflow's tasks run (Q-WF-3). Pure.

A predicate holds when any value at its path satisfies it; ``notEquals`` holds when none is equal,
and ``exists`` asks whether there is a value at all. Groups nest. An order between a number and a
text is never true.
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget

Json = Any


class Condition(Protocol):
    """A question about an event."""

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Tell whether the event satisfies it; ``work`` is what its paths share with others."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which ``all`` or ``any`` must hold."""

    kind: str
    members: tuple[Condition, ...]

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Tell whether enough of the members hold."""
        judge = all if self.kind == "all" else any
        return judge(member.holds(event, work) for member in self.members)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {self.kind: [member.to_mapping() for member in self.members]}


@dataclass(frozen=True, slots=True)
class Predicate:
    """What the values at a path must be."""

    path: Path
    operator: str
    operand: Json

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Tell whether the values at the path satisfy it."""
        values = self.path.values(event, work)
        if self.operator == "exists":
            return bool(values) is bool(self.operand)
        if self.operator == "notEquals":
            return not any(_equals(value, self.operand) for value in values)
        compare = _COMPARISONS[self.operator]
        return any(compare(value, self.operand) for value in values)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {"path": self.path.text, self.operator: self.operand}


def condition_from(mapping: Mapping[str, Any]) -> Condition:
    """Return what a valid camelCase mapping describes; of several groups every one must hold."""
    if "path" in mapping:
        ((name, operand),) = ((key, value) for key, value in mapping.items() if key != "path")
        return Predicate(Path(mapping["path"]), name, operand)
    groups = tuple(
        Group(kind, tuple(condition_from(member) for member in members))
        for kind, members in mapping.items()
    )
    return groups[0] if len(groups) == 1 else Conjunction(groups)


@dataclass(frozen=True, slots=True)
class Conjunction:
    """``all`` and ``any`` side by side in one mapping: every group must hold."""

    groups: tuple[Group, ...]

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Tell whether every group holds."""
        return all(group.holds(event, work) for group in self.groups)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {group.kind: group.to_mapping()[group.kind] for group in self.groups}


def _equals(value: Json, operand: Json) -> bool:
    """Compare as JSON values, by a list of what is left: nesting may exceed Python's own stack."""
    pairs = [(value, operand)]
    while pairs:
        one, other = pairs.pop()
        if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
            pairs += zip(one, other, strict=True)
        elif isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
            pairs += [(inner, other[key]) for key, inner in one.items()]
        elif not _are_equal_scalars(one, other):
            return False
    return True


def _are_equal_scalars(value: Json, operand: Json) -> bool:
    if isinstance(value, bool | list | dict) or isinstance(operand, bool | list | dict):
        return value is operand
    return bool(value == operand)


def _contains(value: Json, operand: Json) -> bool:
    if isinstance(value, str):
        return isinstance(operand, str) and operand in value
    if isinstance(value, list):
        return any(_equals(item, operand) for item in value)
    return isinstance(value, dict) and isinstance(operand, str) and operand in value


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Json, Json], bool]:
    def judge(value: Json, operand: Json) -> bool:
        return _is_ordered_pair(value, operand) and compare(value, operand)

    return judge


def _is_ordered_pair(value: Json, operand: Json) -> bool:
    if isinstance(value, bool) or isinstance(operand, bool):
        return False
    both_texts = isinstance(value, str) and isinstance(operand, str)
    return both_texts or (isinstance(value, int | float) and isinstance(operand, int | float))


_COMPARISONS: dict[str, Callable[[Json, Json], bool]] = {
    "equals": _equals,
    "contains": _contains,
    "lessThan": _ordered(operator.lt),
    "atMost": _ordered(operator.le),
    "greaterThan": _ordered(operator.gt),
    "atLeast": _ordered(operator.ge),
}
