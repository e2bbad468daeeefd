"""What follows from the figures of a plan, in sentences."""

from collections.abc import Iterator, Sequence

from contracts.counts import counted
from loadtests.commands import words
from loadtests.commands.plan_results import Result
from loadtests.planning import Forecast


def sentences(results: Sequence[Result], *, by_rate: bool) -> Iterator[str]:
    """Yield what follows from the figures, in words.

    Args:
        results: one, or one for each arrival rate.
        by_rate: whether no arrival rate was given.
    """
    for result in results:
        where = f"At {result.heading}: " if by_rate else ""
        yield where + verdict(result)
    last = results[-1]
    if last.band is not None:
        yield _of_the_first_seed(last)
    if last.trigger_off is not None:
        yield _trigger_off(last.forecast, last.trigger_off)
    if last.reading.pending:
        yield (
            f"{counted(last.reading.pending, 'message')} of earlier exports wait in the outbox and "
            "are not counted here."
        )
    if by_rate:
        yield (
            "Nobody documents how fast Adobe sends (A-LIM-1), so there are three rates; "
            "--arrival-rate asks for another one."
        )


def verdict(result: Result) -> str:
    """Return what is lost, in one sentence; of many seeds, the medians.

    Lost is what is not known to have started a run: dropped, uncertain, pending or blocked.
    """
    found = result.forecast
    if not found.messages:
        return "Nothing is sent: every profile is excluded."
    lost = round(result.figure("lost"))
    band = result.band_in_words("lost", words.whole_number)
    over = "" if result.band is None else f", in the median of {result.band.seeds:,} seeds"
    if not lost:
        but = f" ({band} in 90 % of them)" if band else ""
        return f"Nothing is lost{over}{but}: {_all(found.messages)} delivered."
    of_all = counted(found.messages, "message")
    listed = "; ".join(f"{count:,.0f} {what}" for count, what in _losses(result) if count)
    return f"{words.part(lost, found.messages, band)} of {of_all} lost{over}: {listed}."


def _losses(result: Result) -> list[tuple[float, str]]:
    """Return how many messages are lost in which way."""
    return [
        (result.figure("dropped"), "dropped for good (A-EXP-8: there is no sending again by hand)"),
        (
            result.figure("uncertain"),
            "with an answer that was lost: nobody knows whether they arrived",
        ),
        (result.forecast.pending, "still to be sent when the export stopped"),
        (result.figure("blocked_by_daily_cap"), "blocked by the daily cap (Q-LIM-4)"),
    ]


def _all(messages: int) -> str:
    return "the one message is" if messages == 1 else f"all {messages:,} messages are"


def _of_the_first_seed(result: Result) -> str:
    """Return what no band stands behind."""
    also = {
        "Pending": result.forecast.pending,
        "People surveyed again": result.plan.restated,
        "the proposals": result.proposals,
        "the comparison with a run": result.comparison,
    }
    others = "".join(f", {name}" for name, is_there in also.items() if is_there)
    return (
        f"The indented rows{others} and a chart are of the first seed ({result.plan.seed}) alone: "
        "they need not add up to the medians."
    )


def _trigger_off(found: Forecast, off: Forecast) -> str:
    saved = found.messages - off.messages
    again = found.people_surveyed_again
    people = "1 person gets" if again == 1 else f"{again:,} people get"
    return (
        f"{people} the same survey again. Switching the trigger for attribute changes off "
        f'("When to activate", A-EXP-1) saves {counted(saved, "message")}: {off.lost:,} are lost '
        f"then, and it ends after {words.duration(off.finished_at_seconds)}."
    )
