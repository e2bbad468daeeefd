"""What each minute counted is what the rows of its calls and runs say; so all are the totals."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping

from simulation.invariants.limits import MINUTE_US
from simulation.invariants.stored import (
    RUN_NOT_STARTED,
    RUN_PENDING,
    RUN_SUCCEEDED,
    MockState,
    StoredCall,
    StoredRun,
)


def minutes_agree(mock: MockState, first: int | None = None) -> Iterator[str]:
    """Yield each minute that counted other calls and runs than the journal has of it.

    Args:
        mock: what its store holds; all runs that ended were started, or blocked (Q-LIM-4).
        first: the first minute that is judged; None: all are.
    """
    rows = _counted(mock)
    for number in sorted(rows.keys() | mock.minutes.keys()):
        said, has = mock.minutes.get(number, Counter()), rows.get(number, Counter())
        if said != has and (first is None or number >= first):
            yield f"minute {number} counted {dict(+said)}, the journal has {dict(+has)}"


def _counted(mock: MockState) -> Mapping[int, Counter[str]]:
    minutes: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for call in mock.calls:
        minutes[call.at_us // MINUTE_US].update(_names_of_call(call))
    for run in mock.runs:
        if run.state != RUN_PENDING and run.finished_us is not None:
            minutes[run.finished_us // MINUTE_US].update(_names_of_end(run))
    return minutes


def _names_of_call(call: StoredCall) -> list[str]:
    """Return what it counts as, once for each time."""
    if not call.accepted:
        return ["received", "refused"]
    ignored = ["ignored"] * (call.runs == 0)
    return ["received", "accepted", *ignored, *["extra_runs"] * (call.runs - 1)]


def _names_of_end(run: StoredRun) -> list[str]:
    if run.state == RUN_NOT_STARTED:
        return ["blocked"]
    return ["succeeded" if run.state == RUN_SUCCEEDED else "failed", "delay", "duration"]
