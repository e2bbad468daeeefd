"""What changed conditions mean for the messages that start tasks (Q-WF-3). Pure.

That one set of conditions implies another is shown condition by condition; what cannot be shown
counts as not implied.
"""

from collections.abc import Iterator

from contracts.compatibility.changes.change import Change, Whom
from contracts.compatibility.changes.implications import are_equal, demands, is_implied
from contracts.compatibility.condition_words import in_words
from contracts.compatibility.conditions import Conditions, predicate_of
from contracts.compatibility.paths.equal_paths import canonical
from contracts.compatibility.workflow_reads import WorkflowReads


def condition_changes(place: str, old: WorkflowReads, new: WorkflowReads) -> Iterator[Change]:
    """Yield what another set of conditions changes for messages, if it does.

    Args:
        place: the workflow.
        old: what it read before.
        new: what it reads now.
    """
    before, after = demands(old.conditions), demands(new.conditions)
    for one in (one for one in after if not is_implied(one, before)):
        text = _demanded(one, _partner(one, before, after))
        yield Change(place, f"{text}: messages that ran its tasks may run none", Whom.SENDER)
    dropped = [one for one in before if not is_implied(one, after)]
    if dropped:
        yield _wider(place, "; ".join(_dropped(one, before, after) for one in dropped), new)


def _wider(place: str, what: str, new: WorkflowReads) -> Change:
    needed = new.unguarded()
    if not needed:
        return Change(place, f"{what}: more messages run its tasks")
    text = f"{what}: messages that ran no task before run tasks now, which fail without"
    return Change(place, f"{text} {', '.join(needed)}", Whom.SENDER)


def _dropped(one: Conditions, before: list[Conditions], after: list[Conditions]) -> str:
    now = _partner(one, after, before)
    return _demanded(now, one) if now else f"its conditions no longer demand that {in_words(one)}"


def _demanded(now: Conditions, before: Conditions | None) -> str:
    earlier = f", where they demanded that {in_words(before)}" if before else " from now on"
    return f"its conditions demand that {in_words(now)}{earlier}"


def _partner(one: Conditions, there: list[Conditions], here: list[Conditions]) -> Conditions | None:
    """Return the condition that one took the place of, or that took its place.

    It compares the same path, best in the same way; in doubt there is none. Alternatives take the
    place of alternatives.
    """
    others, own = _without(there, here), _without(here, there)
    for subject in (_path_and_operator, _path):
        alike = [other for other in others if subject(other) == subject(one)]
        rivals = [other for other in own if subject(other) == subject(one)]
        if len(alike) == len(rivals) == 1:
            return alike[0]
    return None


def _without(conditions: list[Conditions], others: list[Conditions]) -> list[Conditions]:
    return [one for one in conditions if not any(are_equal(one, other) for other in others)]


def _path_and_operator(condition: Conditions) -> tuple[str, str] | None:
    predicate = predicate_of(condition)
    return None if predicate is None else (canonical(predicate.path), predicate.operator)


def _path(condition: Conditions) -> str | None:
    predicate = predicate_of(condition)
    return None if predicate is None else canonical(predicate.path)
