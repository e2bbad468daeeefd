"""Adobe's policies with chance, for many seeds at once: each call of each seed, as it is.

Spans are those of ``vectorised.simulation``; each lies in one window, too. A span is a table with a
row for each call that some seed may make, and a column for each seed.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.seeded.luck import Luck
from loadtests.planning.engines.seeded.seeded_calls import Ordered, SeededCalls
from loadtests.planning.engines.seeded.seeded_export import SeededExport, Waiting
from loadtests.planning.engines.seeded.seeded_slots import SeededSlots, found_room
from loadtests.planning.engines.seeded.settling import Answers, Settling
from loadtests.planning.engines.seeded.tallies import Tallies
from loadtests.planning.engines.vectorised.day_runs import OTHERS
from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced
from loadtests.planning.engines.vectorised.oversized import Oversized
from loadtests.planning.engines.vectorised.simulation import MINUTE_US, most_others
from loadtests.planning.engines.vectorised.span_calls import LONGEST_SPAN_US
from loadtests.planning.plan import DAY, SECOND, Plan

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
ENTRIES_AT_ONCE = 1 << 17  # of a table; what is made of it stays in the processor's cache


class SeededSimulation:
    """A destination and the exports to it, for many seeds.

    Args:
        plan: the plan; its policy has a schedule.
        offsets_us: how long after its arrival each try of a message is made.
        seeds: the seeds.

    Attributes:
        tallies: what is counted.
    """

    def __init__(self, plan: Plan, offsets_us: tuple[int, ...], seeds: range) -> None:
        self._plan = plan
        self._offsets = offsets_us
        self._gap = min(np.diff(offsets_us).tolist(), default=LONGEST_SPAN_US)
        self._seeds = len(seeds)
        self._luck = Luck(plan, seeds)
        self._slots = SeededSlots(plan, len(seeds))
        self.tallies = Tallies(plan, len(seeds))
        self._settling = Settling(plan, self.tallies)
        self._others = (
            EvenlySpaced(0, plan.other_traffic, MINUTE_US) if plan.other_traffic else None
        )
        self._others_made = 0
        self._others_have_room = most_others(plan) <= plan.limit_per_minute
        self._idle_since = 0
        self._oversized = Oversized(plan)
        self._waiting = deque(sorted(plan.segments()))
        self._exports: list[SeededExport] = []
        self._last_arrival = plan.last_arrival_us()
        self._rows_at_once = max(1, ENTRIES_AT_ONCE // len(seeds))
        self._now = 0

    def run(self) -> Tallies:
        """Make all calls, and return what was counted."""
        while self._exports or self._waiting:
            self._step()
            self._exports = [each for each in self._exports if not each.is_over]
        return self.tallies

    def _step(self) -> None:
        next_call = self._next_call()
        self._pass_idle_time(next_call)
        self._slots.reach(self._now)
        self.tallies.reach(self._now)
        end = self._ends(next_call)
        if self._slots.room.max() <= 0:
            end = min(end, self._slots.next_free())
            self._begin(end)
            self._refuse(end)
        else:
            end = min(end, max(self._now, next_call) + self._worth_a_span())
            self._begin(end)
            self._judge(end)
        self._now = end

    def _next_call(self) -> int:
        begins = [each.next_call() for each in self._exports]
        begins += [self._waiting[0].start_us] if self._waiting else []
        return max(self._now, min(begins))

    def _pass_idle_time(self, next_call: int) -> None:
        """Go on to the next call; with other clients, to where their calls may matter to it."""
        if self._others is None:
            self._now = next_call
            return
        longest_us = 2 * self._slots.window_us
        end = min(next_call - longest_us, (self._now // DAY + 1) * DAY)
        if end > self._now > self._idle_since + longest_us and self._others_have_room:
            made = self._others.before(end)
            self.tallies.reach(self._now)
            self.tallies.pass_runs(made - self._others_made)
            self._others_made = made
            self._now = end

    def _ends(self, next_call: int) -> int:
        window_us = self._slots.window_us
        return min(
            next_call + self._gap,
            self._now + LONGEST_SPAN_US,
            (self._now // window_us + 1) * window_us,
            (self._now // DAY + 1) * DAY,
        )

    def _worth_a_span(self) -> int:
        tries = sum(each.waiting_tries for each in self._exports) or 1
        rate = tries * self._plan.arrival_rate + self._plan.other_traffic / 60
        return max(1, int(self._rows_at_once * SECOND / rate))

    def _begin(self, end: int) -> None:
        while self._waiting and self._waiting[0].start_us < end:
            segment = self._waiting.popleft()
            self._exports.append(SeededExport(segment, self._plan.arrival_rate, self._offsets))

    def _refuse(self, end: int) -> None:
        """Refuse all calls before an instant."""
        for export in self._exports:
            for at in reversed(range(len(self._offsets))):
                for waiting in export.take(at, end):
                    self._idle_since = end
                    self._note_calls(export, at, waiting)
                    self._refuse_part(export, at, waiting)
        if self._others:
            self._others_made = self._others.before(end)

    def _note_calls(self, export: SeededExport, at: int, waiting: Waiting) -> None:
        called = waiting.wait
        self.tallies.call(called)
        messages = np.array([waiting.first, waiting.end - 1], dtype=np.int64)
        instants = export.instants(at, messages)
        if instants[1] < self._last_arrival:
            return
        every = np.arange(waiting.first, waiting.end, dtype=np.int64)
        table = np.ones((len(every), self._seeds), dtype=np.bool_) if called is None else called
        self._note_last(table, export.instants(at, every))

    def _note_last(self, called: Mask, instants: Whole) -> None:
        """Note when each seed made its last call."""
        last = instants[len(called) - 1 - np.argmax(called[::-1], axis=0)]
        latest = np.maximum(self.tallies.last_call, last)
        self.tallies.last_call = np.where(called.any(axis=0), latest, self.tallies.last_call)

    def _refuse_part(self, export: SeededExport, at: int, waiting: Waiting) -> None:
        is_last = at + 1 == len(self._offsets)
        if not is_last and self._settling.retries_all:
            export.retry(at, waiting)
            return
        for first in range(waiting.first, waiting.end, self._rows_at_once):
            until = min(waiting.end, first + self._rows_at_once)
            calls = SeededCalls(self._seeds)
            calls.add(export, at, [waiting.since(first).before(until)])
            ordered = calls.in_order(self._now)
            found = np.zeros(ordered.called.shape, dtype=np.bool_)
            self._settle(calls, ordered, self._lucks(ordered), found, None)

    def _judge(self, end: int) -> None:
        """Judge each call before an instant."""
        calls = SeededCalls(self._seeds)
        for export in self._exports:
            for at in reversed(range(len(self._offsets))):
                calls.add(export, at, export.take(at, end))
        if self._others:
            made = self._others.before(end)
            indices = np.arange(self._others_made, made, dtype=np.int64)
            calls.add_others(self._others.instants(indices))
            self._others_made = made
        if not calls.streams:
            return
        ordered = calls.in_order(self._now)
        self._note_judged(ordered)
        faults, lost = self._lucks(ordered)
        wants = ordered.called & ~faults
        found, takes, taken = self._found(ordered, wants)
        self._slots.take(ordered.instants, takes, taken)
        executed = self.tallies.may_run(taken)
        self._settle(calls, ordered, (faults, lost), found, executed)

    def _note_judged(self, ordered: Ordered) -> None:
        own, instants = ordered.called, ordered.instants
        if self._others:
            are_own = ordered.numbers != OTHERS
            own, instants = own[are_own], instants[are_own]
        if len(own):
            self._idle_since = int(instants[-1])
            self.tallies.call(own)
            if instants[-1] >= self._last_arrival:
                self._note_last(own, instants)

    def _lucks(self, ordered: Ordered) -> tuple[Mask, Mask]:
        faults, lost = self._luck.of(ordered.numbers, ordered.attempts)
        if self._others:
            faults &= (ordered.numbers != OTHERS)[:, None]
        return faults, lost

    def _found(self, ordered: Ordered, wants: Mask) -> tuple[Mask, Mask, NDArray[np.int32]]:
        """Return which calls find a free slot, which take it, and how many did till then."""
        too_large = self._too_large(ordered.numbers)
        takers = wants if too_large is None else wants & ~too_large[:, None]
        wanted = np.cumsum(takers, axis=0, dtype=np.int32)
        if (wanted[-1] <= self._slots.room).all() and too_large is None:
            return np.ones_like(wants), takers, wanted
        found = found_room(self._slots.room_at(ordered.instants), wanted)
        takes = takers & found
        return found, takes, np.cumsum(takes, axis=0, dtype=np.int32)

    def _too_large(self, numbers: Whole) -> Mask | None:
        return self._oversized.are(numbers) if self._oversized else None

    def _settle(
        self,
        calls: SeededCalls,
        ordered: Ordered,
        luck: tuple[Mask, Mask],
        found: Mask,
        executed: Mask | None,
    ) -> None:
        """Let messages end or wait for their next try."""
        own = slice(None) if not self._others else np.flatnonzero(ordered.numbers != OTHERS)
        again, ran = self._settling.of(
            Answers(
                called=ordered.called[own],
                ran=None if ordered.ran is None else ordered.ran[own],
                faults=luck[0][own],
                lost=luck[1][own],
                found=found[own],
                are_last=ordered.attempts[own] == len(self._offsets),
                too_large=self._too_large(ordered.numbers[own]),
                executed=None if executed is None else executed[own],
            )
        )
        stream, numbers = ordered.stream[own], ordered.numbers[own]
        for index, (export, at) in enumerate(calls.streams):
            if export is None or at + 1 == len(self._offsets):
                continue
            rows = slice(None) if len(calls.streams) == 1 else np.flatnonzero(stream == index)
            first, end = numbers[rows][0], numbers[rows][-1] + 1
            begins = export.segment.first
            waits = Waiting(
                int(first) - begins,
                int(end) - begins,
                again[rows],
                None if ran is None else ran[rows],
            )
            export.retry(at, waits)
