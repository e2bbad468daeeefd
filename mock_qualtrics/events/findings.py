"""Say what a path or a condition finds in an event, and why it finds nothing. Pure.

Runs decide by ``json_path`` and ``conditions``; here the same is asked once more, for people.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from contracts.exact_json import HugeNumber
from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events.conditions import Condition, Conjunction, Group, Predicate
from mock_qualtrics.events.json_path import Path
from mock_qualtrics.events.work_budget import WorkBudget

Json = Any
LONGEST_SHOWN: Final = 200  # characters of a value
_MOST_NAMES = 8
_MOST_VALUES = 3
_KINDS = {dict: "an object", list: "a list", str: "a text", bool: "true or false"}
_OPERATORS: Final = {
    "equals": "equals",
    "notEquals": "does not equal",
    "contains": "contains",
    "lessThan": "is less than",
    "atMost": "is at most",
    "greaterThan": "is greater than",
    "atLeast": "is at least",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What a path finds in an event.

    Attributes:
        path: the path.
        values: the values there, in document order; the first is the one that a field picks.
        remark: why there is none, or what is special about it; "" for one plain value.
    """

    path: str
    values: tuple[Json, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ConditionFinding:
    """Whether a condition, or one that it consists of, is met by an event.

    Attributes:
        depth: how many groups it stands in.
        text: the condition in words.
        is_met: whether it is met; None when it cannot be evaluated.
        found: what is at its path, in words; "" for a group.
    """

    depth: int
    text: str
    is_met: bool | None
    found: str = ""


def found_at(path: Path, event: Json, work: WorkBudget | None = None) -> Finding:
    """Return what a path finds.

    Args:
        path: the path.
        event: any JSON value.
        work: the budget that all paths on this event share; a new one by default.
    """
    budget = work or WorkBudget()
    try:
        values = tuple(path.values(event, budget))
        remark = _remark(values) if values else _why_nothing(path, event, budget)
    except PathFailedError as error:
        return Finding(path.text, (), str(error))
    return Finding(path.text, values, remark)


def shown(value: Json, longest: int = LONGEST_SHOWN) -> str:
    """Return a value as JSON on one line, cut when it is longer."""
    text = str(value) if isinstance(value, HugeNumber) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= longest else f"{text[:longest]}…"


def condition_findings(
    condition: Condition, event: Json, work: WorkBudget | None = None, depth: int = 0
) -> Iterator[ConditionFinding]:
    """Yield whether a condition is met, and each one in it, outer ones first."""
    budget = work or WorkBudget()
    if isinstance(condition, Predicate):
        yield _predicate_finding(condition, event, budget, depth)
        return
    members: Sequence[Condition]
    if isinstance(condition, Group):
        words = "all of these" if condition.kind == "all" else "any of these"
        yield ConditionFinding(depth, words, _holds(condition, event, budget))
        members, depth = condition.members, depth + 1
    else:
        members = condition.groups if isinstance(condition, Conjunction) else ()
    for member in members:
        yield from condition_findings(member, event, budget, depth)


def why_not_met(findings: Sequence[ConditionFinding]) -> str:
    """Return what the first condition found that is not met; "" when all are met."""
    unmet = (one for one in findings if one.found and not one.is_met)
    first = next(unmet, None)
    return "" if first is None else first.found


def _remark(values: Sequence[Json]) -> str:
    remarks = []
    if len(values) > 1:
        remarks.append(f"{len(values)} values match; the first is picked")
    if values[0] is None:
        remarks.append("it is null, which is piped as an empty text")
    elif isinstance(values[0], dict | list):
        remarks.append(f"it is {_kind(values[0])}, which is piped as JSON")
    return "; ".join(remarks)


def _why_nothing(path: Path, event: Json, work: WorkBudget) -> str:
    before, parents = Path("$"), [event]
    for step in path.beginnings()[1:]:
        values = step.values(event, work)
        if not values:
            return _lacks(before.text, parents, step.text.removeprefix(before.text))
        before, parents = step, values
    return "nothing matches"


def _lacks(place: str, parents: Sequence[Json], step: str) -> str:
    if len(parents) > 1:
        return f"none of the {len(parents)} values at {place} has {step}"
    (parent,) = parents
    if isinstance(parent, dict):
        names = ", ".join([*map(shown, parent)][:_MOST_NAMES])
        more = ", …" if len(parent) > _MOST_NAMES else ""
        return f"{place} has no {step}; " + (f"it has {names}{more}" if names else "it is empty")
    if isinstance(parent, list):
        entries = "1 entry" if len(parent) == 1 else f"{len(parent)} entries"
        return f"{place} is a list of {entries} and has no {step}"
    return f"{place} is {_kind(parent)}, so it has no {step}"


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    is_number = isinstance(value, HugeNumber)
    return "a number" if is_number else _KINDS.get(type(value), "a number")


def _predicate_finding(
    predicate: Predicate, event: Json, work: WorkBudget, depth: int
) -> ConditionFinding:
    path = predicate.path.text
    if predicate.operator == "exists":
        text = f"{path} exists" if predicate.operand else f"{path} does not exist"
    else:
        text = f"{path} {_OPERATORS[predicate.operator]} {shown(predicate.operand)}"
    finding = found_at(predicate.path, event, work)
    if finding.values:
        first = [shown(value, 60) for value in finding.values[:_MOST_VALUES]]
        more = ", …" if len(finding.values) > _MOST_VALUES else ""
        found = f"{path} is {', '.join(first)}{more}"
    else:
        found = f"{path} is missing: {finding.remark}"
    return ConditionFinding(depth, text, _holds(predicate, event, work), found)


def _holds(condition: Condition, event: Json, work: WorkBudget) -> bool | None:
    try:
        return condition.holds(event, work)
    except PathFailedError:
        return None
