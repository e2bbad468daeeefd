"""Makes a forecast of a simulation: all follows from who was admitted at which try."""

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.destination import TOO_LARGE, TOO_MANY
from loadtests.planning.engines.vectorised.exported import Exported
from loadtests.planning.engines.vectorised.simulation import Simulation
from loadtests.planning.outcome import MOST_BINS, Forecast, Timeline, bin_us
from loadtests.planning.plan import SECOND, Plan

Whole = NDArray[np.int64]


def forecast_of(plan: Plan, simulation: Simulation, tries: int) -> Forecast:
    """Return the forecast of a simulation that is over, in which a message had so many tries."""
    over, marks = simulation.over, simulation.marks
    by_try = [sum(each.admitted[at].count for each in over) for at in range(tries)]
    too_large = sum(log.count for each in over for log in each.too_large)
    dropped = {TOO_LARGE: too_large, TOO_MANY: plan.messages - sum(by_try) - too_large}
    answer_us = plan.answer_us
    return Forecast(
        plan=plan,
        messages=plan.messages,
        delivered_by_try=tuple(by_try + [0] * (plan.tries - tries)),
        dropped_by_code={str(code): dropped[code] for code in sorted(dropped) if dropped[code]},
        blocked_by_day=dict(sorted(simulation.runs.blocked.items())),
        first_dropped_at_seconds=_seconds(marks.first_dropped, answer_us),
        last_dropped_at_seconds=_seconds(marks.last_dropped, answer_us),
        finished_at_seconds=(marks.last_call + answer_us) / SECOND,
        minute_used_share=sum(by_try) / max(1, marks.windows * plan.limit_per_minute),
        people_surveyed_again=simulation.runs.surveyed_again,
        timeline=_timeline(plan, over, marks.last_call),
    )


def _seconds(instant: int | None, later_us: int) -> float | None:
    return None if instant is None else (instant + later_us) / SECOND


class _Counts:
    """Calls before each bound between two bins.

    Args:
        bounds: the bounds.
        answer_us: how long after a call its answer comes.
    """

    def __init__(self, bounds: Whole, answer_us: int) -> None:
        self._bounds = bounds
        self._answer_us = answer_us
        self.arrivals = np.zeros(len(bounds), dtype=np.int64)
        self.calls, self.accepted = self.arrivals.copy(), self.arrivals.copy()
        self.dropped = self.arrivals.copy()

    def add(self, export: Exported) -> None:
        """Count one segment's calls."""
        for at in range(len(export.admitted)):
            made = export.made_before(at, self._bounds)
            self.arrivals += made if at == 0 else 0
            self.calls += made - _gone(export, at, made)
            self.accepted += export.admitted[at].below(made)
            answered = export.made_before(at, self._bounds - self._answer_us)
            self.dropped += export.too_large[at].below(answered)
        self.dropped += answered - _gone(export, at + 1, answered)


def _gone(export: Exported, tries: int, numbers: Whole) -> Whole:
    """Return how many messages below each number ended within so many tries."""
    gone = np.zeros(len(numbers), dtype=np.int64)
    for log in export.admitted[:tries] + export.too_large[:tries]:
        gone += log.below(numbers)
    return gone


def _timeline(plan: Plan, over: list[Exported], last_call: int) -> Timeline:
    length = bin_us(plan.last_arrival_us() + plan.try_offsets_us()[-1] + plan.answer_us)
    bins = min(MOST_BINS, (last_call + plan.answer_us) // length + 1)
    counts = _Counts(np.arange(bins + 1, dtype=np.int64) * length, plan.answer_us)
    for export in over:
        counts.add(export)
    arrivals, calls, accepted, dropped = (
        np.diff(each) for each in (counts.arrivals, counts.calls, counts.accepted, counts.dropped)
    )
    used = np.flatnonzero(calls + dropped)
    last = int(used[-1]) + 1 if len(used) else 0
    refused = calls - accepted
    return Timeline(
        bin_seconds=length / SECOND,
        arrivals=arrivals[:last].tolist(),
        accepted=accepted[:last].tolist(),
        refused=refused[:last].tolist(),
        dropped=dropped[:last].tolist(),
    )
