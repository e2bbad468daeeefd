"""Adobe's policies without chance, many calls at once.

Time goes by in spans. In a span no slot that is taken in it is free again, and no retry is made of
a try in it: so all its calls are known when it begins. While no slot is free all calls are refused,
as runs of messages, however many they are; else the calls are put in their order, and one formula
says which are admitted.
"""

from collections import deque

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.day_runs import OTHERS, DayRuns
from loadtests.planning.engines.vectorised.evenly_spaced import EvenlySpaced
from loadtests.planning.engines.vectorised.exported import Exported
from loadtests.planning.engines.vectorised.marks import Marks
from loadtests.planning.engines.vectorised.oversized import Oversized
from loadtests.planning.engines.vectorised.pending import numbers_of, runs_of
from loadtests.planning.engines.vectorised.slots import admitted, slots_of
from loadtests.planning.engines.vectorised.span_calls import LONGEST_SPAN_US, SpanCalls
from loadtests.planning.plan import DAY, SECOND, Plan
from mock_qualtrics.gate.rate_window import COARSE_MICROSECONDS

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
MINUTE_US = 60 * SECOND

FEWEST_CALLS, MOST_CALLS = 2_048, 1 << 20


class Simulation:
    """A destination and the exports to it, from the plan's beginning on.

    Args:
        plan: the plan; without chance, and of a policy with a schedule.
        offsets_us: how long after its arrival each try of a message is made.

    Attributes:
        now: all calls before this instant were made.
        slots: the rate limit.
        exports: the segments that have begun and are not over.
        waiting: those that have not begun.
        over: those that are over.
        begun: how many have begun.
        others_made: calls of other clients.
        runs: the runs of each day.
        marks: what is counted beside.
    """

    def __init__(self, plan: Plan, offsets_us: tuple[int, ...]) -> None:
        self._plan = plan
        self._offsets = offsets_us
        self._gap = min(np.diff(offsets_us).tolist(), default=LONGEST_SPAN_US)
        self._window_us = plan.window_seconds * SECOND
        self._oversized = Oversized(plan)
        self._calls_at_once = FEWEST_CALLS
        self._others = (
            EvenlySpaced(0, plan.other_traffic, MINUTE_US) if plan.other_traffic else None
        )
        self._others_have_room = most_others(plan) <= plan.limit_per_minute
        self.now = 0
        self.slots = slots_of(plan)
        self.exports: list[Exported] = []
        self.waiting = deque(sorted(plan.segments()))
        self.over: list[Exported] = []
        self.begun = 0
        self.others_made = 0
        self.runs = DayRuns(plan)
        self.marks = Marks()

    @property
    def is_over(self) -> bool:
        """Whether all calls were made."""
        return not (self.exports or self.waiting)

    def step(self, until: int) -> None:
        """Make the calls of one span, which ends at the latest then."""
        next_call = self._next_call()
        if self._pass_idle_time(next_call):
            return
        self.slots.reach(self.now)
        end = min(self._ends(next_call), max(until, self.now + 1))
        free = self.slots.next_free()
        if not self.slots.room and free is not None:
            end = min(end, free)
            self._begin(end)
            self._refuse(end)
        else:
            end = min(end, next_call + self._worth_a_span())
            self._begin(end)
            self._judge(end)
        self.now = end
        self.leave()

    def _next_call(self) -> int:
        begins = [each.next_call() for each in self.exports]
        begins += [self.waiting[0].start_us] if self.waiting else []
        return max(self.now, min(begins))

    def _pass_idle_time(self, next_call: int) -> bool:
        """Go on to the export's next call if nothing is refused till then; return whether so."""
        if next_call == self.now:
            return False
        if self._others is None:
            self.now = next_call
            return True
        has_none_of_the_export = self.now - self.marks.last_call > 2 * self._window_us
        if not (self._others_have_room and has_none_of_the_export):
            return False
        end = min(next_call, self._day_ends(), self.now + self._for_others(MOST_CALLS))
        indices = self._others_before(end)
        self.slots.take(self._others.instants(indices))
        self.runs.count(self.now, np.full(len(indices), OTHERS))
        self.now = end
        self.slots.reach(end)
        return True

    def _day_ends(self) -> int:
        return (self.now // DAY + 1) * DAY

    def _for_others(self, calls: int) -> int:
        """Return how long other clients take for so many calls, about."""
        return 1 + int(calls * MINUTE_US / self._plan.other_traffic)

    def _others_before(self, end: int) -> Whole:
        """Return which calls other clients make before an instant, as made."""
        made = self._others.before(end) if self._others else 0
        indices = np.arange(self.others_made, made, dtype=np.int64)
        self.others_made = made
        return indices

    def _ends(self, next_call: int) -> int:
        """Return until when calls are known, and the slots too, and it is the same day."""
        slots_end, longest = self.slots.ends(self.now), self.now + LONGEST_SPAN_US
        return min(next_call + self._gap, longest, slots_end, self._day_ends())

    def _worth_a_span(self) -> int:
        """Return how long it takes until enough calls are made to be judged at once."""
        tries = sum(each.waiting_tries for each in self.exports) or 1
        rate = tries * self._plan.arrival_rate + self._plan.other_traffic / 60
        return max(1, int(self._calls_at_once * SECOND / rate))

    def _begin(self, end: int) -> None:
        while self.waiting and self.waiting[0].start_us < end:
            segment = self.waiting.popleft()
            self.exports.append(Exported(segment, self._plan.arrival_rate, self._offsets))
            self.begun += 1

    def leave(self) -> None:
        """Let exports that are over leave."""
        for each in [each for each in self.exports if each.is_over]:
            self.exports.remove(each)
            self.over.append(each)

    def _refuse(self, end: int) -> None:
        """Refuse all calls before an instant."""
        first, last = end, -1
        for export in self.exports:
            for at, runs in export.take(end):
                starts = export.instant(at, int(runs[0][0]))
                ends = export.instant(at, int(runs[1][-1]))
                first, last = min(first, starts), max(last, ends)
                if not export.retry(at, runs):
                    self.marks.dropped(starts, ends)
        if last >= 0:
            self.marks.called(first, last, self._window_us)
        self._others_before(end)

    def _judge(self, end: int) -> None:
        """Judge each call before an instant."""
        calls = self._calls_before(end)
        if not calls.parts:
            return
        order, numbers, instants = calls.in_order(self.now)
        found, takes = self._found(numbers, instants)
        self._note_calls(numbers, instants)
        taken = numbers[takes]
        self.slots.take(instants[takes])
        self.runs.count(self.now, taken)
        self._choose_size(len(taken), len(numbers))
        by_part = np.empty(len(order), dtype=np.bool_)
        by_part[order] = found
        begins = 0
        for export, at, messages in calls.parts:
            if export:
                self._answer(export, at, messages, by_part[begins : begins + len(messages)])
            begins += len(messages)

    def _calls_before(self, end: int) -> SpanCalls:
        calls = SpanCalls()
        for export in self.exports:
            for at, runs in export.take(end):
                messages = numbers_of(runs)
                calls.add(export, at, messages, export.instants(at, messages))
        indices = self._others_before(end)
        if self._others and len(indices):
            calls.add(None, 0, indices, self._others.instants(indices))
        return calls

    def _found(self, numbers: Whole, instants: Whole) -> tuple[Mask, Mask]:
        """Return which calls find a free slot, and which of them take it."""
        small = ~self._oversized.are(numbers)
        if len(numbers) <= self.slots.room:
            return np.ones(len(numbers), dtype=np.bool_), small
        found = admitted(self.slots.room_at(instants), small.astype(np.int64))
        return found, found & small

    def _note_calls(self, numbers: Whole, instants: Whole) -> None:
        own = instants[numbers != OTHERS] if self._others else instants
        if len(own):
            self.marks.called(int(own[0]), int(own[-1]), self._window_us)

    def _choose_size(self, taken: int, made: int) -> None:
        """Judge more calls at once where many are admitted; else they are refused as runs."""
        more = taken * 8 > made
        self._calls_at_once = self._calls_at_once * 2 if more else self._calls_at_once // 2
        self._calls_at_once = min(max(self._calls_at_once, FEWEST_CALLS), MOST_CALLS)

    def _answer(self, export: Exported, at: int, messages: Whole, found: Mask) -> None:
        """Let one try's messages be admitted, wait for the next try, or be dropped."""
        answered = messages[found]
        if self._oversized and len(answered):
            too_large = self._oversized.are(answered + export.segment.first)
            if too_large.any():
                export.too_large[at].add(answered[too_large])
                self._drop(export, at, answered[too_large])
                answered = answered[~too_large]
        export.admitted[at].add(answered)
        refused = messages[~found]
        if len(refused) and not export.retry(at, runs_of(refused)):
            self._drop(export, at, refused)

    def _drop(self, export: Exported, at: int, messages: Whole) -> None:
        first, last = export.instant(at, int(messages[0])), export.instant(at, int(messages[-1]))
        self.marks.dropped(first, last)


def most_others(plan: Plan) -> int:
    """Return how many calls of other clients a window has at most, when they are rounded."""
    longest_us = plan.window_seconds * SECOND + COARSE_MICROSECONDS + 2
    return 1 + int(plan.other_traffic * longest_us / MINUTE_US)
