"""The queue of waiting runs, without holding all of them in memory.

Each clock (the real one, and each virtual one) has a queue with its next runs in a heap. When the
heap is full, later runs stay only in the store, and are fetched when the heap runs empty.
"""

import heapq
from collections.abc import Callable

from mock_qualtrics.clock import FIRST_INSTANT
from mock_qualtrics.journal.pending_run import PendingRun
from mock_qualtrics.model import Microseconds

Moment = tuple[int, int, int]
REAL_CLOCK = 0
FIRST_MOMENT: Moment = (FIRST_INSTANT, -1, 0)  # before every run's; virtual clocks show any year
Fetch = Callable[[int, Moment, int], list[PendingRun]]


class ClockQueue:
    """The waiting runs of one clock.

    Every waiting run before ``horizon`` is in the heap; later runs may be in the store only.

    Attributes:
        horizon: the first moment whose run may be in the store only; None when all are in the heap.
    """

    __slots__ = ("_heap", "_held", "_popped", "_size", "horizon", "number")

    def __init__(self, number: int, size: int, horizon: Moment | None) -> None:
        self.number = number
        self._size = size
        self._heap: list[tuple[Moment, PendingRun]] = []
        self._held: set[int] = set()
        self._popped = FIRST_MOMENT
        self.horizon = horizon

    def add(self, run: PendingRun) -> None:
        """Add a run, which the store has too or will have; beyond the horizon do nothing."""
        moment = run.moment
        if self.horizon is not None and moment >= self.horizon:
            return
        # A run earlier than the latest one popped must be held even in a full heap: the horizon
        # would otherwise move back before runs that were popped, and they would be fetched again.
        if len(self._heap) >= self._size and moment > self._popped:
            self.horizon = moment
            return
        self._hold(moment, run)

    def next_moment(self, fetch: Fetch) -> Moment | None:
        """Return the moment of the next run; None when no run waits."""
        if self.horizon is not None and (not self._heap or self._heap[0][0] >= self.horizon):
            self._refill(fetch)
        return self._heap[0][0] if self._heap else None

    def pop_due(self, now: Microseconds, fetch: Fetch) -> PendingRun | None:
        """Remove and return the next run if it is due."""
        moment = self.next_moment(fetch)
        if moment is None or moment[0] > now:
            return None
        run = heapq.heappop(self._heap)[1]
        self._popped = max(self._popped, moment)
        self._held.discard(run.sequence)
        return run

    def forget(self, owns: Callable[[PendingRun], bool]) -> None:
        """Drop the runs for which ``owns`` returns true."""
        self._heap = [entry for entry in self._heap if not owns(entry[1])]
        heapq.heapify(self._heap)
        self._held = {run.sequence for _, run in self._heap}

    def _refill(self, fetch: Fetch) -> None:
        while self.horizon is not None:
            page = fetch(self.number, self.horizon, self._size)
            for run in page:
                if run.sequence not in self._held:
                    self._hold(run.moment, run)
            full = len(page) == self._size
            last = page[-1].moment if page else FIRST_MOMENT
            self.horizon = (last[0], last[1], last[2] + 1) if full else None
            if self._heap:
                return

    def _hold(self, moment: Moment, run: PendingRun) -> None:
        heapq.heappush(self._heap, (moment, run))
        self._held.add(run.sequence)


class RunQueue:
    """The queues of all clocks.

    Attributes:
        touched: the virtual clocks that got a run, which may be due before the clock is advanced.
    """

    def __init__(self, fetch: Fetch, size: int = 10_000) -> None:
        self._fetch = fetch
        self._size = size
        self._queues: dict[int, ClockQueue] = {}
        self.touched: set[int] = set()

    def open(self, number: int, *, is_empty: bool = False) -> None:
        """Add a queue whose runs are all in the store; do nothing if the clock has one.

        Args:
            number: the clock's number.
            is_empty: whether the store has no waiting run of the clock, and need not be asked.
        """
        if number not in self._queues:
            horizon = None if is_empty else FIRST_MOMENT
            self._queues[number] = ClockQueue(number, self._size, horizon)
        if number:
            self.touched.add(number)

    def close(self, number: int) -> None:
        """Remove the queue of a clock, with the runs in it."""
        self._queues.pop(number, None)

    def add(self, run: PendingRun) -> None:
        """Add a run to its clock's queue."""
        self._queues[run.clock_number].add(run)
        if run.clock_number:
            self.touched.add(run.clock_number)

    def next_moment(self, clock_number: int) -> Moment | None:
        """Return the moment of the clock's next run; None when no run waits."""
        queue = self._queues.get(clock_number)
        return None if queue is None else queue.next_moment(self._fetch)

    def pop_due(self, clock_number: int, now: Microseconds) -> PendingRun | None:
        """Remove and return the clock's next run if it is due."""
        queue = self._queues.get(clock_number)
        return None if queue is None else queue.pop_due(now, self._fetch)

    def forget(self, owns: Callable[[PendingRun], bool], clock_number: int | None = None) -> None:
        """Drop the runs for which ``owns`` returns true, from one queue or from all."""
        queues = self._queues.values() if clock_number is None else [self._queues[clock_number]]
        for queue in queues:
            queue.forget(owns)
