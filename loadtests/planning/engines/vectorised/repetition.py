"""Leaves out periods that go by as one did before: proved by comparing all that decides."""

from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.evenly_spaced import repeats_after
from loadtests.planning.engines.vectorised.marks import Marks
from loadtests.planning.engines.vectorised.simulation import MINUTE_US, Simulation
from loadtests.planning.plan import DAY, SECOND, Plan

Whole = NDArray[np.int64]
State = tuple[bytes, ...]

MOST_STATES = 256
MOST_BYTES = 1 << 26
NEVER_US = 1 << 62


@dataclass(frozen=True, slots=True)
class _Start:
    """A period's begin, to which its end is compared."""

    now: int
    length_us: int
    state: State
    marks: Marks
    others_made: int
    runs: int
    begun: int
    logged: list[list[int]]


@dataclass(frozen=True, slots=True)
class _Record:
    """What happens in a period.

    Attributes:
        length_us: how long it is.
        messages: how many messages of each segment arrive in it.
        others_made: calls of other clients.
        runs: runs of the day, those of other clients too.
        windows: windows in which a call was made.
        last_call: when the last call was made, counted from its end.
        last_dropped: when the last message was dropped, counted from its end; None: none was.
        admitted: by segment and try, who was admitted, counted from the next to arrive at its end.
    """

    length_us: int
    messages: int
    others_made: int
    runs: int
    windows: int
    last_call: int
    last_dropped: int | None
    admitted: list[list[Whole]]


class Repetition:
    """Watches a simulation at the ends of periods, and leaves out what is known to come.

    Args:
        plan: the plan.
        simulation: its simulation.
        last_us: when the last call is made at the latest.
    """

    def __init__(self, plan: Plan, simulation: Simulation, last_us: int) -> None:
        self._simulation = simulation
        self._window_us = plan.window_seconds * SECOND
        self._period_us, self._messages = _period(plan, last_us, plan.try_offsets_us()[-1])
        self._seen: dict[State, int] = {}
        self._bytes = 0
        self._records: dict[State, _Record] = {}
        self._start: _Start | None = None

    def next_end(self) -> int:
        """Return the next end of a period."""
        if not self._period_us:
            return NEVER_US
        return (self._simulation.now // self._period_us + 1) * self._period_us

    def watch(self) -> None:
        """Compare, if a period ends now, and leave out as many as will go by as one did before."""
        simulation = self._simulation
        if not self._period_us or simulation.now % self._period_us:
            return
        state = self._state()
        self._end_record(state)
        record = self._records.get(state)
        if record is None:
            self._note(state)
            return
        self._seen.clear()
        self._bytes = 0
        while not simulation.is_over and (times := self._times(record)) > 0:
            self._repeat(record, times)
        simulation.leave()

    def _state(self) -> State:
        """Return all that decides what comes, counted from now and from the next message."""
        simulation, now = self._simulation, self._simulation.now
        simulation.slots.reach(now)
        parts: list[bytes] = [simulation.slots.relative_to(now)]
        for export in simulation.exports:
            parts += export.relative_to(now, self._period_us)
        return tuple(parts)

    def _note(self, state: State) -> None:
        now = self._simulation.now
        if state in self._seen and self._start is None:
            self._begin_record(state, now - self._seen[state])
        self._seen[state] = now
        self._bytes += sum(map(len, state))
        if len(self._seen) > MOST_STATES or self._bytes > MOST_BYTES:
            self._period_us = 0  # it does not repeat, or not soon enough

    def _begin_record(self, state: State, length_us: int) -> None:
        simulation = self._simulation
        self._start = _Start(
            now=simulation.now,
            length_us=length_us,
            state=state,
            marks=replace(simulation.marks),
            others_made=simulation.others_made,
            runs=simulation.runs.total,
            begun=simulation.begun,
            logged=[[log.mark() for log in export.admitted] for export in simulation.exports],
        )

    def _end_record(self, state: State) -> None:
        simulation, start = self._simulation, self._start
        if start is None or simulation.now < start.now + start.length_us:
            return
        self._start = None
        as_begun = simulation.begun == start.begun
        if simulation.now > start.now + start.length_us or state != start.state or not as_begun:
            return
        marks = simulation.marks
        self._records[state] = _Record(
            length_us=start.length_us,
            messages=start.length_us // self._period_us * self._messages,
            others_made=simulation.others_made - start.others_made,
            runs=simulation.runs.total - start.runs,
            windows=marks.windows - start.marks.windows,
            last_call=marks.last_call - simulation.now,
            last_dropped=_moved(marks.last_dropped, start.marks.last_dropped, simulation.now),
            admitted=[
                [
                    log.since(mark) - export.arrived(simulation.now)
                    for log, mark in zip(export.admitted, logged, strict=True)
                ]
                for export, logged in zip(simulation.exports, start.logged, strict=True)
            ],
        )

    def _times(self, record: _Record) -> int:
        """Return how often a period can be left out: nothing begins or ends in it, nor the day."""
        simulation, now = self._simulation, self._simulation.now
        ends = (now // DAY + 1) * DAY
        if simulation.waiting:
            ends = min(ends, simulation.waiting[0].start_us)
        times = (ends - now) // record.length_us
        for export in simulation.exports:
            times = min(times, export.arriving_after(now) // max(1, record.messages))
        left = simulation.runs.left(now)
        if left and record.runs:
            times = min(times, left // record.runs)
        return times

    def _repeat(self, record: _Record, times: int) -> None:
        simulation, by_us = self._simulation, record.length_us * times
        self._repeat_runs(record, times)
        simulation.now += by_us
        simulation.slots.shift(by_us)
        simulation.others_made += record.others_made * times
        for export in simulation.exports:
            export.shift(record.messages * times, simulation.now)
        marks = simulation.marks
        if record.windows:
            marks.windows += record.windows * times
            marks.last_call = simulation.now + record.last_call
            marks.last_window = marks.last_call // self._window_us
        if record.last_dropped is not None:
            last_dropped = simulation.now + record.last_dropped
            marks.dropped(last_dropped, last_dropped)

    def _repeat_runs(self, record: _Record, times: int) -> None:
        simulation, now = self._simulation, self._simulation.now
        numbers = [np.zeros(0, dtype=np.int64)]
        for export, admitted in zip(simulation.exports, record.admitted, strict=True):
            arrived = export.arrived(now)
            for log, relative in zip(export.admitted, admitted, strict=True):
                log.repeat(relative + arrived, record.messages, times)
                numbers.append(relative + (arrived + export.segment.first))
        own = np.concatenate(numbers)
        simulation.runs.repeat(now, record.runs, own, record.messages, times)


def _moved(instant: int | None, before: int | None, now: int) -> int | None:
    """Return an instant counted from now, if it is another than before."""
    return None if instant is None or instant == before else instant - now


def _period(plan: Plan, last_us: int, longest_wait_us: int) -> tuple[int, int]:
    """Return the shortest period that may repeat, and how many messages arrive in it; 0: none."""
    if plan.oversized:
        return 0, 0
    window_us = plan.window_seconds * SECOND
    traffic = [(plan.arrival_rate, SECOND)]
    if plan.other_traffic:
        traffic.append((plan.other_traffic, MINUTE_US))
    windows = [(window_us * Fraction(rate) / scale).denominator for rate, scale in traffic]
    period_us = window_us * lcm(*windows)
    period_us *= -(-longest_wait_us // (MOST_STATES // 4 * period_us)) or 1
    if period_us > last_us:
        return 0, 0
    found = [repeats_after(rate, scale, period_us, last_us) for rate, scale in traffic]
    return (period_us, found[0]) if all(found) else (0, 0)
