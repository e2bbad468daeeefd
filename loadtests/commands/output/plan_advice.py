"""What to do about a loss, in words: rows of a term, a value and a note."""

from collections.abc import Iterable, Iterator

from loadtests.commands.plan_results import Result
from loadtests.commands.words import duration, percent
from loadtests.planning.proposals import (
    AnyProposal,
    BatchProposal,
    LimitProposal,
    LosslessProposal,
    NotFound,
    ScheduleProposal,
)

Row = tuple[str, str, str]

ADVICE = ("Proposal", "What", "Why")
"""What heads the columns of the rows."""

_TERMS = {
    "batch": "Largest batch",
    "limit": "Limit needed",
    "schedule": "Retry schedule",
    "lossless": "Lossless export",
}


_ASKED = {
    "batch": ("The largest batch", "no batch"),
    "limit": ("The smallest limit", "no limit"),
    "schedule": ("The retry schedule", "no retry schedule"),
}


def advice_heading(result: Result) -> str:
    """Return what stands above the rows: of what was asked for, how much it may lose."""
    asked = result.asked
    if asked is None:
        return "What to do about it"
    share = asked.loss_at_most
    allowed = f"at most {percent(share)} of the messages is lost" if share else "nothing is lost"
    seeds = "" if result.band is None else " in 95 % of the seeds"
    found, missing = _ASKED[asked.kind]
    what = found if asked.found else f"Nothing found: {missing}"
    return f"{what} with which {allowed}{seeds}"


def advice_rows(proposals: Iterable[AnyProposal]) -> list[Row]:
    """Return what the proposals say, one row or a few for each."""
    return [row for proposal in proposals for row in _rows(proposal)]


def _rows(proposal: AnyProposal) -> Iterator[Row]:
    match proposal:
        case NotFound():
            yield _not_found(proposal)
        case BatchProposal():
            yield from _batch(proposal)
        case LimitProposal():
            yield _limit(proposal)
        case ScheduleProposal():
            yield _schedule(proposal)
        case LosslessProposal():
            yield _lossless(proposal)


def _not_found(proposal: NotFound) -> Row:
    best = ""
    if proposal.best_loss_share is not None:
        how = f" with {proposal.best}" if proposal.best else ""
        best = f"; the least that is lost is {percent(proposal.best_loss_share)}{how}"
    return _TERMS[proposal.kind], "none", f"{proposal.reason}{best}"


def _batch(proposal: BatchProposal) -> Iterator[Row]:
    if proposal.batches == 1:
        ends = duration(proposal.finished_at_seconds)
        yield "Largest batch", f"all {proposal.profiles:,} profiles", f"ends after {ends}"
        return
    notes = []
    if proposal.one_more_loses is not None:
        notes.append(f"with one profile more, {percent(proposal.one_more_loses)} is lost")
    notes += _exception(proposal.exception, "a batch", "a smaller one")
    yield "Largest batch", f"{proposal.profiles:,} profiles", "; ".join(notes)
    yield _apart(proposal)
    days = f"{proposal.start_dates:,} audiences, one a day"
    yield (
        "By start dates",
        days,
        "start dates are whole days (A-EXP-6): audiences of one day are one batch",
    )


def _apart(proposal: BatchProposal) -> Row:
    gap = duration(proposal.gap_seconds)
    fit_in_a_day = proposal.batches_per_day in {1, proposal.batches}
    a_day = "" if fit_in_a_day else f", {proposal.batches_per_day:,} a day"
    notes = [
        f"the last starts after {duration(proposal.last_start_seconds)}",
        f"all is done after {duration(proposal.finished_at_seconds)}",
        f"{percent(proposal.loss_share)} lost",
    ]
    if proposal.shorter_gap_loses is not None:
        notes.append(f"closer together they lose {percent(proposal.shorter_gap_loses)}")
    return "Batches", f"{proposal.batches:,}, one every {gap}{a_day}", "; ".join(notes)


def _limit(proposal: LimitProposal) -> Row:
    notes = [f"{percent(proposal.loss_share)} lost"]
    if proposal.one_less_loses is not None:
        notes.append(f"with 1 a minute less, {percent(proposal.one_less_loses)} is lost")
    notes += _exception(proposal.exception, "a limit", "a greater one")
    cap = f" and {proposal.runs_per_day:,} a day" if proposal.raises_daily_cap else ""
    return "Limit needed", f"{proposal.limit_per_minute:,} a minute{cap}", "; ".join(notes)


def _schedule(proposal: ScheduleProposal) -> Row:
    times = ", ".join(f"{seconds:g}" for seconds in proposal.retry_after) or "no retry"
    if proposal.is_present:
        note = f"the present one: {percent(proposal.loss_share)} lost"
        return "Retry schedule", f"{times} s", note
    ends = duration(proposal.finished_at_seconds)
    note = (
        f"ask Adobe's support for it (A-RTRY-1): {percent(proposal.loss_share)} lost, "
        f"ends after {ends}"
    )
    return "Retry schedule", f"{times} s", note


def _lossless(proposal: LosslessProposal) -> Row:
    ends = duration(proposal.finished_at_seconds)
    notes = [f"by a sender that loses nothing: {percent(proposal.loss_share)} lost"]
    if proposal.duplicates:
        notes.append(f"{proposal.duplicates:,} runs twice, for their answers are lost")
    return "Lossless export", f"ends on day {proposal.day:,}, after {ends}", "; ".join(notes)


def _exception(number: int | None, what: str, other: str) -> list[str]:
    """Say that the answer is no border: beyond it a number that was tried does otherwise."""
    if number is None:
        return []
    return [f"no straight border: {what} of {number:,}, {other}, loses more"]
