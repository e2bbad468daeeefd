"""Both sides of each count that must agree: the mock's own, and the generator's beside it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from contracts.counts import counted
from loadtests.measuring.call import NO_ANSWER
from loadtests.measuring.measurements import Measurements
from loadtests.reconciling.journal_facts import UNANSWERED, JournalFacts
from sender.transport.answers import SAME_METHOD_REDIRECTS

Side = tuple[tuple[str, int], ...]
"""Counts by what they are of; their sum is what is compared."""

_CALLS: Final = ("refused", "accepted")
_ENDS: Final = ("ignored", "succeeded", "failed", "blocked", "pending")
COUNTED: Final = ("received", *_CALLS, "extraRuns", *_ENDS)
"""The totals that the balance is made of, as the schema ``totals`` names them."""

_WORDS: Final = {"extraRuns": "extra runs"}


@dataclass(frozen=True, slots=True)
class BalanceLine:
    """One count of two sides.

    Attributes:
        name: what is counted.
        left: one side.
        right: the other.
        holds: whether they agree; None: not all of the journal was read.
        note: what explains a difference; empty without one.
    """

    name: str
    left: Side
    right: Side
    holds: bool | None
    note: str = ""

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        sides = {"left": self.left, "right": self.right}
        listed = {
            side: [{"of": of, "count": count} for of, count in counts]
            for side, counts in sides.items()
        }
        return {"name": self.name, **listed, "holds": self.holds, "note": self.note}


@dataclass(frozen=True, slots=True)
class SeenCalls:
    """What the generator saw of all its calls, those of the warm-up too.

    Attributes:
        calls: how many it made.
        by_status: the same by the status of their answer.
        delivered: messages that were answered 2xx.
    """

    calls: int
    by_status: Mapping[int, int]
    delivered: int

    @classmethod
    def of(cls, measurements: Measurements) -> "SeenCalls":
        """Return what measurements have of all calls."""
        both = (measurements.counted, measurements.warm_up)
        statuses = {status for tally in both for status in tally.by_status}
        return cls(
            sum(tally.calls for tally in both),
            {each: sum(tally.by_status.get(each, 0) for tally in both) for each in statuses},
            sum(tally.delivered for tally in both),
        )

    @property
    def without_answer(self) -> int:
        """Calls whose answer was lost, or which never arrived."""
        return self.by_status.get(NO_ANSWER, 0)


def balance(facts: JournalFacts, seen: SeenCalls) -> tuple[BalanceLine, ...]:
    """Return all lines: the tenant's totals, then this run's calls, statuses, messages and runs."""
    return (*_of_totals(facts), *_of_the_run(facts, seen))


def _of_totals(facts: JournalFacts) -> Iterator[BalanceLine]:
    """Yield the balance that totals keep whatever happens."""
    yield _equal("calls of the tenant", _listed(facts, "received"), _listed(facts, *_CALLS))
    started = _listed(facts, "accepted", "extraRuns")
    yield _equal("accepted calls and their runs", started, _listed(facts, *_ENDS))


def _of_the_run(facts: JournalFacts, seen: SeenCalls) -> Iterator[BalanceLine]:
    lines = [_tenants_calls(facts), _sent(facts, seen), *_statuses(facts, seen)]
    lines += [_delivered(facts, seen), *_runs(facts)]
    for line in lines:
        yield line if facts.is_whole else _unknown(line)


def _tenants_calls(facts: JournalFacts) -> BalanceLine:
    parts = (("of this run", facts.calls), ("of others", facts.other_calls))
    note = ""
    if facts.other_calls:
        note = "others call the same tenant: they take from its minute and its day, too"
    return _equal("calls in the journal", _listed(facts, "received"), parts, note)


def _sent(facts: JournalFacts, seen: SeenCalls) -> BalanceLine:
    """Hold the calls that were sent against those that arrived.

    Which is which of those without an answer, the journal knows.
    """
    followed = _followed(facts, seen)
    never = seen.calls + followed - facts.calls
    left: Side = (("sent by the generator", seen.calls),)
    left += (("sent on by a redirect", followed),) if followed else ()
    right: Side = (("in the journal", facts.calls),)
    if never < 0:
        more = counted(-never, "call")
        note = f"the journal has {more} more than the generator has counted"
        return BalanceLine("calls of this run", left, right, holds=False, note=note)
    right += (("never arrived", never),) if never else ()
    note = _whereabouts(facts, seen, never) if seen.without_answer else ""
    holds = never <= seen.without_answer
    return BalanceLine("calls of this run", left, right, holds, note)


def _followed(facts: JournalFacts, seen: SeenCalls) -> int:
    """Return how many redirects a call has followed: to the generator it is one call."""
    return sum(
        max(0, facts.calls_by_status.get(status, 0) - seen.by_status.get(status, 0))
        for status in SAME_METHOD_REDIRECTS
    )


def _whereabouts(facts: JournalFacts, seen: SeenCalls, never: int) -> str:
    unanswered = facts.calls_by_status.get(UNANSWERED, 0)
    where = {
        "never arrived": never,
        "arrived and was left unanswered by a fault": unanswered,
        "was answered, and the answer was lost": seen.without_answer - never - unanswered,
    }
    parts = (f"{count:,} {what}" for what, count in where.items() if count > 0)
    return f"{counted(seen.without_answer, 'call')} without an answer: {'; '.join(parts)}"


def _statuses(facts: JournalFacts, seen: SeenCalls) -> Iterator[BalanceLine]:
    both = {*facts.calls_by_status, *seen.by_status} - {UNANSWERED, NO_ANSWER}
    for status in sorted(both):
        known, found = seen.by_status.get(status, 0), facts.calls_by_status.get(status, 0)
        left: Side = (("seen by the generator", known),)
        if found > known:
            is_redirect = status in SAME_METHOD_REDIRECTS
            what = "followed" if is_redirect else "answer lost on its way"
            left += ((what, found - known),)
        right = (("in the journal", found),)
        note = f"{known - found:,} of these answers are not the mock's" if known > found else ""
        yield _equal(f"answers {status}", left, right, note)


def _delivered(facts: JournalFacts, seen: SeenCalls) -> BalanceLine:
    unknown = facts.messages_accepted - seen.delivered
    left: Side = (("delivered, as the generator knows", seen.delivered),)
    if unknown > 0:
        left += (("accepted, but the answer was lost", unknown),)
    right = (("with an accepted call in the journal", facts.messages_accepted),)
    holds = 0 <= unknown <= seen.without_answer
    return BalanceLine("messages", left, right, holds)


def _runs(facts: JournalFacts) -> Iterator[BalanceLine]:
    """Yield the runs of this run's messages; totals cannot tell them from those of others."""
    if not facts.other_calls and not facts.other_runs:
        counted_runs = _listed(facts, *_ENDS[1:])
        yield _equal("runs", counted_runs, tuple(facts.runs.items()))


def _equal(name: str, left: Side, right: Side, note: str = "") -> BalanceLine:
    return BalanceLine(name, left, right, _sum(left) == _sum(right), note)


def _unknown(line: BalanceLine) -> BalanceLine:
    why = "not all of the journal could be read"
    return BalanceLine(line.name, line.left, line.right, None, why)


def _listed(facts: JournalFacts, *names: str) -> Side:
    return tuple((_WORDS.get(name, name), facts.totals[name]) for name in names)


def _sum(side: Side) -> int:
    return sum(count for _, count in side)
