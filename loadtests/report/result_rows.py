"""A load test's figures in rows, as the page and the terminal show them. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final

from contracts.counts import counted
from loadtests.measuring import NO_ANSWER, Spans
from loadtests.reconciling import BalanceLine, JournalFacts, SeenCalls
from loadtests.report.load_result import LoadResult
from loadtests.verdicts.judged import shown

Row = tuple[str, str]

_MILLISECOND_US: Final = 1_000
_SECOND_US: Final = 1_000_000
_PERCENTILES: Final = (50, 95, 99, 100)


def threshold_rows(result: LoadResult) -> list[tuple[str, str, str]]:
    """Return each threshold, what was found, and whether it was met.

    A run that has no valid verdict has met and missed nothing.
    """
    valid = result.verdict.is_valid
    return [
        (
            each.threshold.text,
            "nothing tells it" if each.found is None else shown(each.found),
            ("met" if each.met else "missed") if valid else "not judged",
        )
        for each in result.judged
    ]


def figure_rows(result: LoadResult) -> Iterator[Row]:
    """Yield what the generator saw, without the warm-up."""
    tally, measured = result.measured.counted, result.measured
    yield "time from the first arrival on", f"{result.seconds:,.1f} s"
    yield "messages of the workload", f"{result.workload.messages:,}"
    yield "messages sent", f"{tally.messages:,}"
    yield "delivered", f"{tally.delivered:,}"
    yield "dropped for good", f"{tally.dropped:,}"
    if tally.uncertain:
        yield "uncertain: the last answer was lost", f"{tally.uncertain:,}"
    if open_messages := tally.messages - tally.ended:
        yield "still open at the end of the run", f"{open_messages:,}"
    yield "calls", _calls(SeenCalls.of(measured).calls, measured.warm_up.calls)
    for status, count in sorted(tally.by_status.items()):
        name = "without an answer" if status == NO_ANSWER else f"answered {status}"
        yield f"  {name}", f"{count:,}"
    if tally.seconds:
        yield "accepted a second", shown(tally.delivered / tally.seconds)
    yield "latency from when a call was due", _latencies(tally.latency)
    if result.journal is not None:
        yield from _journal_rows(result.journal)


def generator_rows(result: LoadResult) -> Iterator[Row]:
    """Yield how the generator itself did."""
    measured = result.measured
    yield "lateness of calls", _latencies(measured.counted.lateness)
    yield "arrivals due and never sent", f"{measured.unsent:,}"
    busiest = max(measured.processor, default=0)
    yield "most that a process took of a core in a second", f"{busiest} %"


def balance_rows(lines: Sequence[BalanceLine]) -> list[tuple[str, str, str, str]]:
    """Return each count: its name, both sides, and whether they agree."""
    holds = {True: "yes", False: "NO", None: "unknown"}
    return [
        (line.name, _side(line.left), _side(line.right), _holds(holds[line.holds], line.note))
        for line in lines
    ]


def _journal_rows(journal: JournalFacts) -> Iterator[Row]:
    yield "lost: no call was accepted", f"{journal.lost:,}"
    yield "duplicates: runs beyond a message's first", f"{journal.duplicates:,}"
    yield "runs", f"{sum(journal.runs.values()):,}"
    for name, count in journal.runs.items():
        yield f"  {name}", f"{count:,}"
    if journal.end_to_end is not None and journal.end_to_end.counts:
        yield (
            "from when a message was due to the end of its run",
            _latencies(journal.end_to_end, _SECOND_US, "s"),
        )


def _calls(calls: int, in_warm_up: int) -> str:
    return f"{calls:,}" + (f", {in_warm_up:,} of the warm-up among them" if in_warm_up else "")


def _latencies(spans: Spans, unit_us: int = _MILLISECOND_US, unit: str = "ms") -> str:
    if not spans.counts:
        return "none"
    histogram = spans.histogram()
    found = (
        f"{'max' if percentile == 100 else f'p{percentile}'} "  # noqa: PLR2004  all of them
        f"{shown(histogram.get_value_at_percentile(percentile) / unit_us)}"
        for percentile in _PERCENTILES
    )
    return f"{', '.join(found)} {unit}"


def _side(counts: Sequence[tuple[str, int]]) -> str:
    return " + ".join(f"{count:,} {of}" for of, count in counts)


def _holds(word: str, note: str) -> str:
    return f"{word}: {note}" if note else word


def lost_sentence(result: LoadResult) -> str:
    """Return how many messages were lost, in a sentence."""
    known = "" if result.journal else ", or may be"
    return f"{counted(result.lost, 'message')} lost{known}"
