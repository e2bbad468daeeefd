"""Skipping clocks: who waits for runs moves the clock to what is due next.

A skipping clock goes with real time, so that a run is executed when it is due, as on the real
clock. Who waits for outcomes of runs need not wait that long: the clock jumps from one due moment
to the next, in order, until the counts are reached. It stands still for no one: while a run calls
a web service, nobody jumps, because the call takes real time and its outcome may be a retry.
"""

import contextlib
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final
from weakref import WeakKeyDictionary

from mock_qualtrics.clock import FIRST_INSTANT, SECOND, Countdown, SkippingClock, TenantClock
from mock_qualtrics.errors import NotFoundError, ServerStoppedError, TenantResetError
from mock_qualtrics.journal import Journal, PendingRun
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.clocks.reach import Reach
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant

JUMP_SECONDS: Final = 0.25  # how long the clock jumps on before the outcomes are committed
RETIRE_EVERY: Final[Microseconds] = 3_600 * SECOND
_OUTCOMES: Final = ("succeeded", "failed")


Begin = Callable[[PendingRun, Microseconds], Callable[[], None] | None]
"""Executes a run, under the lock; returns what to call without it when the run takes long."""


def awaited_outcomes(wanted: Mapping[str, int]) -> dict[str, int]:
    """Return the counts that a jump can bring nearer; none when pending runs are awaited.

    All other counts are of calls, which no clock brings about. A blocked run has failed at once.
    """
    if wanted.get("pending"):
        return {}
    return {name: wanted[name] for name in _OUTCOMES if wanted.get(name)}


class UnderWay:
    """How many runs have left the queue and are not done, by clock; use it under the lock."""

    def __init__(self) -> None:
        self._runs: Counter[TenantClock] = Counter()

    def begin(self, clock: TenantClock) -> None:
        """Count a run."""
        self._runs[clock] += 1

    def end(self, clock: TenantClock) -> None:
        """Count a run as done."""
        self._runs[clock] -= 1
        if not self._runs[clock]:
            del self._runs[clock]  # a clock that is gone must not be kept

    def holds(self, clock: TenantClock) -> bool:
        """Return whether the clock has a run under way."""
        return clock in self._runs


class ClockSkipper:
    """Moves the skipping clocks of tenants.

    Args:
        tenants: all tenants.
        journal: holds the queues of due runs, and counts their outcomes.
        begin: executes a run that became due.
        under_way: which runs are not done yet.
    """

    def __init__(
        self, tenants: TenantRegistry, journal: Journal, begin: Begin, under_way: UnderWay
    ) -> None:
        self._tenants = tenants
        self._journal = journal
        self._begin = begin
        self._under_way = under_way
        self._retired_at: WeakKeyDictionary[TenantClock, Microseconds] = WeakKeyDictionary()

    def wait(
        self, tenant: Tenant, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        """Return the totals once each wanted count is reached, None after the timeout.

        The timeout is of real time; jumps that take longer than it are made all the same, for a
        quarter of a second. Rows past retention are deleted before the first jump, so that a wait
        never deletes the runs that it was for.

        Raises:
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            ServerStoppedError: the server stops, and the counts are not reached.
            StoreFailedError: the store refused.
        """
        outcomes = awaited_outcomes(wanted)
        countdown = Countdown(timeout_seconds)
        self._retire(tenant, tenant.clock, tenant.clock.now())
        while True:
            self._jump(tenant, tenant.clock, tenant.clock.now(), outcomes)
            left_seconds = max(0.0, countdown.left_seconds())
            totals = self._journal.wait(
                tenant.number, wanted, left_seconds, lambda: self.can_jump(tenant, outcomes)
            )
            if totals is not None or not left_seconds or self._is_gone(tenant):
                return totals

    def can_jump(self, tenant: Tenant, outcomes: Mapping[str, int]) -> bool:
        """Return whether a jump brings outcomes nearer now; under the lock.

        Args:
            tenant: the tenant.
            outcomes: those of `awaited_outcomes`.
        """
        if not outcomes or not self.has_next(tenant):
            return False
        return not self._journal.settled(tenant.number, outcomes)

    def has_next(self, tenant: Tenant) -> bool:
        """Return whether the tenant's clock skips and may jump now; under the lock."""
        if not isinstance(tenant.clock, SkippingClock) or self._under_way.holds(tenant.clock):
            return False
        return self._journal.run_queue.next_moment(tenant.clock_number) is not None

    def advance(self, tenant: Tenant, reach: Reach) -> Microseconds:
        """Move the clock as far as that, by way of every due moment; return its new instant.

        Raises:
            NotFoundError: the tenant was deleted meanwhile.
            ServerStoppedError: the server stops.
            TenantResetError: the tenant was reset meanwhile.
        """
        clock, entered = tenant.clock, tenant.clock.now()
        while self._advance_once(tenant, clock, entered, reach):
            pass
        self._journal.commit()
        self._retire(tenant, clock, entered)
        return clock.now()

    def _jump(
        self,
        tenant: Tenant,
        clock: TenantClock,
        entered: Microseconds,
        outcomes: Mapping[str, int],
    ) -> None:
        """Jump from one due moment to the next, until the outcomes are reached or none is left."""
        countdown, reached = Countdown(JUMP_SECONDS), FIRST_INSTANT
        while countdown.left_seconds() > 0:
            with self._journal.lock:
                is_next = tenant.clock is clock and self._is_next(tenant, reached, outcomes)
                if not is_next:
                    return
                reached, finish = self._execute_next(tenant, entered)
            if finish is not None:
                finish()

    def _is_next(self, tenant: Tenant, reached: Microseconds, outcomes: Mapping[str, int]) -> bool:
        """Return whether to execute another run: of the moment reached all, even when it is done.

        Otherwise who looks after the wait would find runs pending that are due.
        """
        if self.can_jump(tenant, outcomes):
            return True
        moment = self._journal.run_queue.next_moment(tenant.clock_number)
        return moment is not None and moment[0] <= reached and self.has_next(tenant)

    def _advance_once(
        self, tenant: Tenant, clock: TenantClock, entered: Microseconds, reach: Reach
    ) -> bool:
        """Execute the next run that is due until then; return whether one was."""
        with self._journal.lock:
            self._journal.wait_until(
                lambda: tenant.clock is not clock or not self._under_way.holds(clock)
            )
            if self._journal.waits_ended:
                raise ServerStoppedError
            if self._is_gone(tenant):
                raise NotFoundError("tenant", tenant.id)
            if tenant.clock is not clock:
                raise TenantResetError(tenant.id)
            moment = self._journal.run_queue.next_moment(tenant.clock_number)
            if moment is None or not reach.takes(moment[0]):
                self._skip_to(tenant, reach.stops_at(clock.now()))
                return False
            _, finish = self._execute_next(tenant, entered)
        if finish is not None:
            finish()
        return True

    def _execute_next(
        self, tenant: Tenant, entered: Microseconds
    ) -> tuple[Microseconds, Callable[[], None] | None]:
        """Move the clock to the next run's moment and execute it; return its instant; locked.

        The instant is exact, as on a virtual clock, whatever real time the runs before it took.
        """
        run_queue = self._journal.run_queue
        moment = run_queue.next_moment(tenant.clock_number)
        instant = entered if moment is None else max(entered, moment[0])
        self._skip_to(tenant, instant)
        run = run_queue.pop_due(tenant.clock_number, instant)
        return instant, None if run is None else self._begin(run, instant)

    def _skip_to(self, tenant: Tenant, instant: Microseconds) -> None:
        clock = tenant.clock
        if isinstance(clock, SkippingClock):
            clock.skip_to(instant)
            self._journal.set_clock(tenant.number, clock.now(), clock.skipped)

    def _retire(self, tenant: Tenant, clock: TenantClock, entered: Microseconds) -> None:
        """Delete rows past retention whenever the clock has moved by an hour (Q-RUN-3)."""
        now = clock.now()
        if now - self._retired_at.setdefault(clock, entered) < RETIRE_EVERY:
            return
        self._retired_at[clock] = now
        with contextlib.suppress(NotFoundError):  # deleted meanwhile
            self._journal.prune(tenant.number, now)

    def _is_gone(self, tenant: Tenant) -> bool:
        return self._tenants.by_number(tenant.number) is not tenant
