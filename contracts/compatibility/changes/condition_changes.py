"""What changed conditions mean for the messages that start tasks (Q-WF-3). Pure.

That one set of conditions implies another is shown condition by condition; what cannot be shown
counts as not implied.
"""

import json
from collections.abc import Iterator
from typing import Any, Final

from contracts.compatibility.changes.change import Change, Whom
from contracts.compatibility.conditions import Conditions, Predicate, predicate_of
from contracts.compatibility.workflow_reads import WorkflowReads

_DOWN: Final = {"less_than": {"less_than", "at_most"}, "at_most": {"at_most"}}
_UP: Final = {"greater_than": {"greater_than", "at_least"}, "at_least": {"at_least"}}


def condition_changes(place: str, old: WorkflowReads, new: WorkflowReads) -> Iterator[Change]:
    """Yield what another set of conditions changes for messages, if it does.

    Args:
        place: the workflow.
        old: what it read before.
        new: what it reads now.
    """
    before, after = _demands(old.conditions), _demands(new.conditions)
    added = [one for one in after if not any(_implies(other, one) for other in before)]
    for one in added:
        text = f"its conditions demand {_told(one)}: messages that ran its tasks may run none"
        yield Change(place, text, Whom.SENDER)
    if all(any(_implies(other, one) for other in after) for one in before):
        return
    piped = {new.fields.get(pipe.field, pipe.field) for pipe in new.pipes}
    needed = sorted(piped - new.guarded())
    if needed:
        text = "messages that ran no task before run tasks now, which fail without"
        yield Change(place, f"{text} {', '.join(needed)}", Whom.SENDER)
    else:
        yield Change(place, "more messages run its tasks")


def _demands(conditions: Conditions) -> list[Conditions]:
    """Return conditions all of which must hold; groups of alternatives stay whole."""
    if predicate_of(conditions) is not None:
        return [conditions]
    found: list[Conditions] = []
    for kind, members in conditions.items():
        if kind == "all":
            found += [one for member in members for one in _demands(member)]
        else:
            found.append({"any": members})
    return found


def _implies(one: Conditions, other: Conditions) -> bool:
    """Return whether it can be shown that where one condition holds the other one does."""
    if _told(one) == _told(other):
        return True
    if "any" in one:
        return bool(one["any"]) and all(_group_implies(m, other) for m in one["any"])
    if "any" in other:
        return any(_group_implies(one, member) for member in other["any"])
    first, second = predicate_of(one), predicate_of(other)
    return first is not None and second is not None and _predicate_implies(first, second)


def _group_implies(one: Conditions, other: Conditions) -> bool:
    return all(any(_implies(a, b) for a in _demands(one)) for b in _demands(other))


def _predicate_implies(one: Predicate, other: Predicate) -> bool:
    if one.path != other.path:
        return False
    if other.operator == "exists" and other.operand is True:
        return one.needs_a_value
    if not _are_in_order(one.operand, other.operand):
        return False
    is_lower = other.operator in _DOWN.get(one.operator, ()) and one.operand <= other.operand
    return is_lower or (
        other.operator in _UP.get(one.operator, ()) and one.operand >= other.operand
    )


def _are_in_order(one: Any, other: Any) -> bool:  # noqa: ANN401  any JSON value
    if isinstance(one, bool) or isinstance(other, bool):
        return False
    both_texts = isinstance(one, str) and isinstance(other, str)
    return both_texts or (isinstance(one, int | float) and isinstance(other, int | float))


def _told(condition: Conditions) -> str:
    return json.dumps(condition, sort_keys=True, ensure_ascii=False)
