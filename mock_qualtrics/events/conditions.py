"""Conditions on an event decide whether a workflow's tasks run (Q-WF-3). Pure.

A predicate holds when any value at its path satisfies it. ``notEquals`` holds when no value is
equal, ``exists`` when there is a value at all. Groups can be nested. A comparison of a number with
a text is always false.
"""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget

Json = Any


class Condition(Protocol):
    """A condition on an event."""

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Return whether the event satisfies the condition.

        Args:
            event: any JSON value.
            work: the budget that all paths on this event share; a new one by default.
        """
        ...

    def paths(self) -> Iterator[Path]:
        """Yield the paths that it is evaluated at."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition's mapping, camelCase."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all or any must hold; ``kind`` says which: ``all`` or ``any``."""

    kind: str
    members: tuple[Condition, ...]

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Return whether all, or any, of the members hold."""
        combine = all if self.kind == "all" else any
        return combine(member.holds(event, work) for member in self.members)

    def paths(self) -> Iterator[Path]:
        """Yield the members' paths."""
        for member in self.members:
            yield from member.paths()

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition's mapping, camelCase."""
        return {self.kind: [member.to_mapping() for member in self.members]}


@dataclass(frozen=True, slots=True)
class Predicate:
    """A comparison of the values at a path with an operand."""

    path: Path
    operator: str
    operand: Json

    def holds(self, event: Json, work: WorkBudget | None = None) -> bool:
        """Return whether the values at the path satisfy the predicate."""
        values = self.path.values(event, work)
        if self.operator == "exists":
            return bool(values) is bool(self.operand)
        if self.operator == "notEquals":
            return not any(_equals(value, self.operand) for value in values)
        compare = _COMPARISONS[self.operator]
        return any(compare(value, self.operand) for value in values)

    def paths(self) -> Iterator[Path]:
        """Yield its path."""
        yield self.path

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition's mapping, camelCase."""
        return {"path": self.path.text, self.operator: self.operand}


def condition_from(mapping: Mapping[str, Any]) -> Condition:
    """Return the condition that a valid camelCase mapping describes."""
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
        """Return whether every group holds."""
        return all(group.holds(event, work) for group in self.groups)

    def paths(self) -> Iterator[Path]:
        """Yield the groups' paths."""
        for group in self.groups:
            yield from group.paths()

    def to_mapping(self) -> dict[str, Any]:
        """Return the condition's mapping, camelCase."""
        return {group.kind: group.to_mapping()[group.kind] for group in self.groups}


def _equals(value: Json, operand: Json) -> bool:
    """Compare as JSON values, without recursion: the nesting may exceed Python's stack."""
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
    # By identity, because to Python True == 1, while in JSON they differ.
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
    def compare_ordered(value: Json, operand: Json) -> bool:
        return _is_ordered_pair(value, operand) and compare(value, operand)

    return compare_ordered


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
