"""Executes the runs that are due: takes them from the run queue and journals their outcomes.

On the real clock and on skipping ones a loop calls `step` repeatedly. A virtual clock is moved by
`advance`, which stops at every run's moment in order of (time, priority, sequence). Runs that call
a web service are executed without the journal's lock, because a call may take seconds.
"""

import contextlib
from collections.abc import Callable, Mapping
from typing import Any

from mock_qualtrics import ids
from mock_qualtrics.clock import LAST_INSTANT, SECOND, Countdown, TenantClock, format_instant
from mock_qualtrics.errors import ClockEndsError, NotFoundError
from mock_qualtrics.journal import Journal, PendingRun
from mock_qualtrics.journal.run_queue import REAL_CLOCK
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.clocks.reach import Reach, until_idle
from mock_qualtrics.runs.clocks.skipping import ClockSkipper, UnderWay
from mock_qualtrics.runs.clocks.virtual_clocks import VirtualClocks
from mock_qualtrics.runs.execution import RunExecution
from mock_qualtrics.runs.long_runs import LongRuns
from mock_qualtrics.runs.parts import (
    SERVER_PARTS,
    RunnerParts,
    StepBudget,
    WebServiceCaller,
)
from mock_qualtrics.runs.step_budget import TimedBudget
from mock_qualtrics.runs.web_services.web_service import WebService
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant

LARGEST_STEP = 128
LONGEST_STEP_SECONDS = 0.05
RETIRE_EVERY: Microseconds = 3_600 * SECOND


class Runner:
    """Executes runs when they are due.

    Args:
        settings: the server's.
        tenants: whose runs are executed.
        journal: holds the queue of due runs, and takes their outcomes.
        clock: the real clock, shared by all tenants without a virtual one.
        parts: worker pool, budgets and web service, when they are not the server's own.

    Attributes:
        web_service: makes the tasks' calls.
        skipper: moves the skipping clocks.
    """

    def __init__(
        self,
        settings: Settings,
        tenants: TenantRegistry,
        journal: Journal,
        clock: TenantClock,
        parts: RunnerParts = SERVER_PARTS,
    ) -> None:
        self.web_service: WebServiceCaller = (
            _web_service(settings) if parts.web_service is None else parts.web_service
        )
        self._new_step_budget = parts.new_step_budget or _timed_budget
        self._tenants = tenants
        self._journal = journal
        self._clock = clock
        self._execution = RunExecution(
            tenants, journal, self.web_service, ids.seed_key(settings.seed), parts.new_work_budget
        )
        self._virtual = VirtualClocks(journal, self._execution)
        self._retire_at = clock.now()
        self._moving: set[int] = set()
        under_way = UnderWay()
        self._long_runs = LongRuns(journal, self._execution, under_way, parts.workers)
        self.skipper = ClockSkipper(tenants, journal, self._begin, under_way)

    def step(self) -> float | None:
        """Execute runs that are due; return the seconds until the next, None when none waits.

        Returns:
            0.0 only when the step was full: what has become due meanwhile waits for the next one.

        Raises:
            StoreFailedError: the store refused, now or for a call since the last step. Every run
                whose outcome is not stored is still due, or its outcome is staged.
        """
        self._long_runs.raise_failure()
        self._journal.require_files()
        self._retire()
        budget = self._new_step_budget()
        long_runs: list[Callable[[], None]] = []
        overdue: list[Tenant] = []
        try:
            with self._journal.lock:
                self._step_real(budget, long_runs)
                self._step_own_clocks(budget, long_runs, overdue)
        finally:
            # Without the lock: a pool may do a job at once, and a job commits. In `finally`: these
            # runs have left the queue, and are lost until a restart unless they are submitted.
            for submit in long_runs:
                submit()
            for tenant in overdue:
                self._long_runs.submit_catching_up(tenant, self._virtual.catch_up)
        if budget.taken or self._journal.waits_for_commit:
            self._journal.commit()
        return self._until_due() if budget.has_more() else 0.0

    def advance(self, tenant: Tenant, duration: Microseconds | None) -> Microseconds:
        """Move a tenant's own clock, stopping at every due run; return its new instant.

        Args:
            tenant: the tenant.
            duration: how far; None until nothing waits, within the bounds of `until_idle`.

        Raises:
            ClockEndsError: the end is after the last instant; the clock was not moved.
            NotFoundError: the tenant was deleted meanwhile.
            ServerStoppedError: the server stops.
            TenantResetError: the tenant was reset meanwhile.
        """
        with tenant.advancing:
            self._moving.add(tenant.clock_number)
            try:
                self._journal.commit()
                clock = tenant.clock
                reach = _reach(clock.now(), duration)
                if not tenant.virtual:
                    return self.skipper.advance(tenant, reach)
                self._virtual.move(tenant, clock, reach)
                end = reach.end if duration is not None else clock.now()
            finally:
                self._moving.discard(tenant.clock_number)
        self._journal.commit()  # first: `prune` deletes only rows that are written
        if tenant.clock is clock:
            self._journal.prune(tenant.number, end)
        return end

    def wait(
        self, tenant: Tenant, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        """Return the totals once each wanted count is reached, None after the timeout.

        Raises:
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            ClockMustBeAdvancedError: the clock is virtual and nothing is due before it is moved.
        """
        if tenant.real:
            return self._journal.wait(tenant.number, wanted, timeout_seconds)
        if not tenant.virtual:
            return self.skipper.wait(tenant, wanted, timeout_seconds)
        while self.step() == 0.0:
            pass
        if tenant.clock_number in self._virtual.overdue:
            self._virtual.catch_up(tenant)
        totals = self._journal.wait(tenant.number, wanted, 0.0)
        if totals is None:
            raise self._virtual.must_be_advanced(tenant)
        return totals

    def close(self) -> None:
        """Start no more calls, and wait a moment for those under way.

        All other runs stay pending. The next start executes them, and repeats a call with the
        same attempt id.
        """
        self._long_runs.close()

    def _retire(self) -> None:
        """Once an hour, delete rows past retention, but on virtual clocks (Q-RUN-3)."""
        now = self._clock.now()
        if now < self._retire_at:
            return
        self._retire_at = now + RETIRE_EVERY
        for tenant in self._tenants.all():
            if not tenant.virtual:
                with contextlib.suppress(NotFoundError):  # deleted meanwhile
                    self._journal.prune(tenant.number, tenant.clock.now())

    def _step_real(self, budget: StepBudget, long_runs: list[Callable[[], None]]) -> None:
        self._step_clock(REAL_CLOCK, self._clock.now(), budget, long_runs)

    def _step_clock(
        self,
        clock_number: int,
        now: Microseconds,
        budget: StepBudget,
        long_runs: list[Callable[[], None]],
    ) -> None:
        """Finish runs that are due on a clock; add those that may take long to the list."""
        run_queue = self._journal.run_queue
        while budget.has_more() and (run := run_queue.pop_due(clock_number, now)) is not None:
            budget.take()
            submit = self._begin(run, now)
            if submit is not None:
                long_runs.append(submit)

    def _step_own_clocks(
        self, budget: StepBudget, long_runs: list[Callable[[], None]], overdue: list[Tenant]
    ) -> None:
        """Finish runs that are due at the present instant of skipping and virtual clocks."""
        run_queue = self._journal.run_queue
        for clock_number in sorted(run_queue.touched - self._moving - self._virtual.overdue):
            tenant = self._tenants.by_number(clock_number)
            if tenant is None or tenant.virtual:
                self._virtual.step(clock_number, tenant, budget, overdue)
                continue
            self._step_clock(clock_number, tenant.clock.now(), budget, long_runs)
            if run_queue.next_moment(clock_number) is None:
                run_queue.touched.discard(clock_number)

    def _begin(self, run: PendingRun, now: Microseconds) -> Callable[[], None] | None:
        """Finish a run; if it may take long, return what submits it, to call without the lock."""
        due = self._execution.due(run, now)
        if due is None:
            return None
        if not self._execution.takes_long(due):
            self._execution.finish(due)
            return None
        return self._long_runs.begin(due)

    def _until_due(self) -> float | None:
        run_queue = self._journal.run_queue
        clocks = {REAL_CLOCK: self._clock}
        with self._journal.lock:
            for number in run_queue.touched - self._moving:
                tenant = self._tenants.by_number(number)
                if tenant is not None and not tenant.virtual:
                    clocks[number] = tenant.clock
            moments = [(run_queue.next_moment(number), clock) for number, clock in clocks.items()]
            waits = [moment[0] - clock.now() for moment, clock in moments if moment is not None]
        return max(1, min(waits)) / SECOND if waits else None


def _web_service(settings: Settings) -> WebService:
    return WebService(enabled=settings.web_service_calls, allowed_hosts=settings.web_service_hosts)


def _timed_budget() -> StepBudget:
    return TimedBudget(LARGEST_STEP, Countdown(LONGEST_STEP_SECONDS))


def _reach(now: Microseconds, duration: Microseconds | None) -> Reach:
    if duration is None:
        return until_idle(now)
    end = now + duration
    if end > LAST_INSTANT:
        raise ClockEndsError(format_instant(now), format_instant(LAST_INSTANT))
    return Reach(end)
