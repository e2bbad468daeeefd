"""What a forecast rests on, in words: each sentence with its fact's id and how certain it is.

A grade is the ledger's (``contracts/fidelity.toml``). Where a plan sets something else than what is
documented, its own value is an assumption, and the sentence says what is documented.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Final, NamedTuple

from contracts.fidelity import Grade, behaviours
from loadtests.planning.judging import plain
from loadtests.planning.plan import Plan
from sender.policies import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, ScheduledRetries

RETRIES_OF_SUPPORT: Final = 5
"""The most retries of a schedule that Adobe's articles mention (A-RTRY-1)."""


class Assumption(NamedTuple):
    """One sentence that a forecast rests on.

    Attributes:
        fact: the fact's id, such as ``Q-LIM-1``; with a suffix where the ledger has one.
        grade: how certain it is: documented, observed, assumed, or house: a means of this project.
        text: what is taken to be so.
    """

    fact: str
    grade: Grade
    text: str


def assumptions_of(plan: Plan) -> tuple[Assumption, ...]:
    """Return what a forecast of the plan rests on, the sender's side first.

    Example:
        >>> plan = Plan(profiles=1_000, arrival_rate=100.0)
        >>> [each.grade.value for each in assumptions_of(plan) if each.fact == "Q-LIM-5"]
        ['assumed']
    """
    return tuple(each for part in _PARTS for each in part(plan))


def _arrivals(plan: Plan) -> Iterator[Assumption]:
    rate = plain(plan.arrival_rate)
    yield _assumed(
        "A-LIM-1",
        f"Messages arrive evenly spaced, {rate} a second, whatever is answered: how fast Adobe "
        "sends is documented nowhere.",
    )
    yield _graded(
        "A-EXP-3", "The first export has everyone who qualifies at its beginning: the backfill."
    )
    if plan.batches:
        yield _graded(
            "A-EXP-6",
            "Batches begin when their audiences' start dates say: whole days, in practice.",
        )
    if plan.restated:
        yield _graded("A-EXP-1.restated", "A value that an ingestion restates is exported again.")
        yield _assumed(
            "A-EXP-1",
            f"Each later day restates {plan.restated:,} profiles, from the beginning of the day.",
        )


def _policy(plan: Plan) -> Iterator[Assumption]:
    retries = plan.policy.retries
    if not isinstance(retries, ScheduledRetries):
        yield from lossless(plan)
        return
    yield _schedule(plan, retries)
    yield from _retries_beyond_support(retries)
    if plan.policy.name == ADOBE_BEST_EFFORT.name:
        yield _graded("A-RTRY-3", "This destination uses best-effort aggregation.")
    yield _graded(
        "A-RTRY-1.lost",
        "Retries count from a message's first failure, and a lost answer is treated like 504.",
    )
    yield Assumption(
        "A-EXP-8",
        Grade.DOCUMENTED,
        "What is dropped stays dropped until the profile changes again.",
    )


def lossless(plan: Plan) -> tuple[Assumption, ...]:
    """Return what a lossless export of the plan rests on, and why it can end after batches do."""
    sender = (
        "A lossless export is by this project's sender, not by Adobe's: paced to the limit, and "
        "retried until it is delivered."
    )
    day = (
        f"It makes at most {plan.runs_per_day:,} calls in any 25 hours, refused ones too, so in a "
        "day of any time zone; batches count days of UTC, and can end earlier."
    )
    return tuple(Assumption("A-LIM-1.day", Grade.HOUSE, text) for text in (sender, day))


def listed(numbers: Iterable[float]) -> str:
    """Return numbers as they are said one after the other; "" for none.

    Example:
        >>> listed([15.0, 30.0, 60.5])
        '15, 30 and 60.5'
    """
    *first, last = [plain(each) for each in numbers] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _schedule(plan: Plan, retries: ScheduledRetries) -> Assumption:
    seconds = listed(retries.after_first_failure_seconds)
    said = f"A message is tried again after {seconds} seconds, then dropped for good."
    if not seconds:
        said = "A message is not tried again: it is dropped for good."
    for policy, fact in ((ADOBE_BEST_EFFORT, "A-RTRY-1"), (ADOBE_CONFIGURABLE, "A-RTRY-2")):
        if plan.policy == policy:
            return _graded(fact, said)
    return _assumed(
        "A-RTRY-1.schedule",
        f"{said} Customer Support can set such a schedule; 15 and 30 seconds are documented.",
    )


def _retries_beyond_support(retries: ScheduledRetries) -> Iterator[Assumption]:
    count = len(retries.after_first_failure_seconds)
    if count > RETRIES_OF_SUPPORT:
        yield _assumed(
            "A-RTRY-1",
            f"Adobe's articles mention up to {RETRIES_OF_SUPPORT} retries: that Customer Support "
            f"sets {count} is assumed.",
        )


def _minute(plan: Plan) -> Iterator[Assumption]:
    yield _limit(
        "Q-LIM-1",
        plan.limit_per_minute,
        f"{plan.limit_per_minute:,} calls a minute are admitted for the whole brand, then 429",
    )
    if plan.window_seconds != _default("Q-LIM-1.window"):
        yield _limit(
            "Q-LIM-1.window",
            plan.window_seconds,
            f"The limit counts the calls of {plan.window_seconds:,} s, instead of a minute's",
        )
    how = {
        "sliding": "The minute slides: any 60 seconds count, wherever they begin.",
        "fixed": "Minutes are fixed: each begins at a full minute, and the plan with one.",
    }[plan.window]
    yield _assumed("Q-LIM-5", how)
    yield _graded("Q-LIM-5.refused", "A refused call does not use up the minute.")
    if not plan.policy.drops_messages:
        yield _graded("Q-LIM-2", "A 429 does not say how long to wait.")
    other = f"Other clients make {plain(plan.other_traffic)} calls a minute, evenly spaced"
    yield _assumed(
        "Q-LIM-1",
        f"{other}, before the export too, and try none of them again."
        if plan.other_traffic
        else "No other client of the brand makes calls.",
    )


def _day(plan: Plan) -> Iterator[Assumption]:
    yield _limit(
        "Q-LIM-4",
        plan.runs_per_day,
        f"{plan.runs_per_day:,} runs a day are executed; later ones are blocked behind a 2xx",
    )
    yield _graded(
        "Q-LIM-4.day",
        "A day begins at midnight UTC, and the plan with one; all runs of the brand count.",
    )


def _answers(plan: Plan) -> Iterator[Assumption]:
    timeout = plan.policy.read_timeout_seconds
    yield _assumed("A-LIM-1", f"Each answer comes {plain(plan.latency_seconds)} s after its call.")
    yield _graded(
        "A-LIM-1",
        f"An answer that takes longer than {plain(timeout)} s is lost"
        + (": here that is every one." if plan.answers_late else "."),
    )
    if plan.fault_ratio:
        yield _assumed(
            "Q-FAULT-1",
            f"{plan.fault_ratio:.4g} of the calls are answered 500, by chance, and use up nothing.",
        )
    if plan.lost_ratio:
        yield _assumed(
            "Q-FAULT-2",
            f"{plan.lost_ratio:.4g} of the answers are lost, by chance, after the call was judged.",
        )


def _sizes(plan: Plan) -> Iterator[Assumption]:
    if plan.oversized:
        yield _graded("Q-LIM-3", "A message over 100 KB is refused, once the minute has room.")
        yield _graded("Q-LIM-3.status", "100 KB are 102,400 raw bytes, and the refusal is a 413.")
    else:
        yield _assumed("Q-LIM-3", "No message is over 100 KB.")


_PARTS: tuple[Callable[[Plan], Iterator[Assumption]], ...] = (
    _arrivals,
    _policy,
    _minute,
    _day,
    _answers,
    _sizes,
)


def _limit(fact: str, value: int, said: str) -> Assumption:
    """Return a limit: documented, or what the plan says instead."""
    documented = _default(fact)
    if value == documented:
        return _graded(fact, f"{said}.")
    return _assumed(fact, f"{said}; documented are {documented:,}.")


def _graded(fact: str, text: str) -> Assumption:
    return Assumption(fact, _grades()[fact], text)


def _assumed(fact: str, text: str) -> Assumption:
    return Assumption(fact, Grade.ASSUMED, text)


@cache
def _grades() -> dict[str, Grade]:
    return {each.id: each.grade for each in behaviours()}


def _default(fact: str) -> object:
    return next(each.default for each in behaviours() if each.id == fact)
