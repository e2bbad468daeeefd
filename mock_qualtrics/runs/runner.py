"""Executes the runs that are due: takes them from the run queue and journals their outcomes.

On the real clock and on skipping ones a loop calls `step` repeatedly. A virtual clock is moved by
`advance`, which stops at every run's moment in order of (time, priority, sequence). Runs that call
a web service are executed without the journal's lock, because a call may take seconds.
"""

import contextlib
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from mock_qualtrics import ids
from mock_qualtrics.clock import (
    LAST_INSTANT,
    SECOND,
    Countdown,
    TenantClock,
    VirtualClock,
    format_instant,
)
from mock_qualtrics.errors import (
    ClockEndsError,
    ClockMustBeAdvancedError,
    NotFoundError,
    NotVirtualError,
    ServerStoppedError,
    StoreFailedError,
    TenantResetError,
)
from mock_qualtrics.journal import Journal, Outcome, PendingRun, State, TenantCounters
from mock_qualtrics.journal.run_queue import REAL_CLOCK
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.attempt import Attempt, execute
from mock_qualtrics.runs.parts import (
    SERVER_PARTS,
    RunnerParts,
    StepBudget,
    WebServiceCaller,
)
from mock_qualtrics.runs.skipping import ClockSkipper, UnderWay
from mock_qualtrics.runs.step_budget import TimedBudget
from mock_qualtrics.runs.web_service import WebService
from mock_qualtrics.runs.worker_pool import FairShare, WorkerPool
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.schema import LOCAL_BITS, tenant_of
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Task, Workflow

_log = logging.getLogger(__name__)
LARGEST_STEP = 128
LONGEST_STEP_SECONDS = 0.05
RETIRE_EVERY: Microseconds = 3_600 * SECOND
WORKFLOW_GONE = "the workflow was deleted before the run could start"
BROKEN = "an error inside the mock"
EVENT_GONE = "the journal dropped the event before the run could start"


class DueRun(NamedTuple):
    """A run that is due, with its tenant and workflow; None when the workflow was deleted."""

    run: PendingRun
    tenant: Tenant
    counters: TenantCounters
    workflow: Workflow | None
    now: Microseconds
    clock: TenantClock

    @property
    def costly(self) -> bool:
        """Whether the run may compute for as long as its work budget allows."""
        return self.workflow is not None and self.workflow.settings.costly

    @property
    def calls_outside(self) -> bool:
        """Whether a task of the run may call a web service."""
        tasks = self.workflow.settings.tasks if self.workflow else ()
        return any(task.type == "web_service" for task in tasks)


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
        self._callers = FairShare(parts.workers or WorkerPool())
        # One thread: what computes leaves the other processors to those who answer calls.
        self._computers = self._callers if parts.workers else FairShare(WorkerPool(1, "json-paths"))
        self._new_step_budget = parts.new_step_budget or _timed_budget
        self._new_work_budget = parts.new_work_budget
        self._tenants = tenants
        self._journal = journal
        self._clock = clock
        self._key = ids.seed_key(settings.seed)
        self._retire_at = clock.now()
        self._moving: set[int] = set()
        self._overdue: set[int] = set()  # virtual clocks whose next run computes for long
        self._closed = False
        self._failure: StoreFailedError | None = None
        self._under_way = UnderWay()
        self.skipper = ClockSkipper(tenants, journal, self._begin, self._under_way)

    def step(self) -> float | None:
        """Execute runs that are due; return the seconds until the next, None when none waits.

        Raises:
            StoreFailedError: the store refused, now or for a call since the last step. Every run
                whose outcome is not stored is still due, or its outcome is staged.
        """
        self._raise_failure()
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
                self._computers.submit(tenant.number, partial(self._catch_up_apart, tenant))
        if budget.taken or self._journal.waits_for_commit:
            self._journal.commit()
        return self._until_due() if budget.has_more() else 0.0

    def advance(self, tenant: Tenant, duration: Microseconds) -> Microseconds:
        """Move a tenant's own clock, stopping at every due run; return its new instant.

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
                end = _end(clock.now(), duration)
                if not tenant.virtual:
                    return self.skipper.advance(tenant, end)
                self._move(tenant, clock, end)
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
        if tenant.clock_number in self._overdue:
            self._catch_up(tenant)
        totals = self._journal.wait(tenant.number, wanted, 0.0)
        if totals is None:
            with self._journal.lock:
                moment = self._journal.run_queue.next_moment(tenant.clock_number)
            next_at = None if moment is None else format_instant(moment[0])
            raise ClockMustBeAdvancedError(tenant.id, format_instant(tenant.clock.now()), next_at)
        return totals

    def close(self) -> None:
        """Start no more calls, and wait a moment for those under way.

        All other runs stay pending. The next start executes them, and repeats a call with the
        same attempt id.
        """
        for share in {self._callers, self._computers}:
            share.close()
        with self._journal.lock:
            self._closed = True

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
        for clock_number in sorted(run_queue.touched - self._moving - self._overdue):
            tenant = self._tenants.by_number(clock_number)
            if tenant is None or tenant.virtual:
                self._step_virtual(clock_number, tenant, budget, overdue)
                continue
            self._step_clock(clock_number, tenant.clock.now(), budget, long_runs)
            if run_queue.next_moment(clock_number) is None:
                run_queue.touched.discard(clock_number)

    def _step_virtual(
        self, clock_number: int, tenant: Tenant | None, budget: StepBudget, overdue: list[Tenant]
    ) -> None:
        """Finish runs that are due on a virtual clock at its present instant; move no clock.

        Add the tenant to the list if its next run computes for long.
        """
        run_queue, now = self._journal.run_queue, tenant.clock.now() if tenant else 0
        while budget.has_more() and (run := run_queue.pop_due(clock_number, now)) is not None:
            due = self._due(run, now)
            if due is not None and self._takes_long(due):
                run_queue.add(run)  # `advance` makes its calls, without the lock
                if not self._calls_now(due):
                    self._overdue.add(clock_number)
                    overdue.append(due.tenant)
                break
            budget.take()
            if due is not None:
                self._finish(due)
        if budget.has_more():
            run_queue.touched.discard(clock_number)

    def _move(self, tenant: Tenant, clock: TenantClock, end: Microseconds) -> None:
        """Move the clock, and execute what is due; a reset of the tenant replaces its clock."""
        if not isinstance(clock, VirtualClock):
            raise NotVirtualError(tenant.id)
        while True:
            if self._journal.waits_ended:
                raise ServerStoppedError
            with self._journal.lock:
                if tenant.clock is not clock:
                    raise TenantResetError(tenant.id)
                moment = self._journal.run_queue.next_moment(tenant.clock_number)
                if moment is None or moment[0] > end:
                    self._journal.set_clock(tenant.number, end)
                    clock.advance_to(max(end, clock.now()))
                    return
                clock.advance_to(max(moment[0], clock.now()))
                run = self._journal.run_queue.pop_due(tenant.clock_number, clock.now())
                due = None if run is None else self._due(run, clock.now())
                if due is not None and not self._takes_long(due):
                    self._finish(due)
                    continue
            if due is not None:  # it takes long, so it must not hold the lock
                self._finish(due)

    def _begin(self, run: PendingRun, now: Microseconds) -> Callable[[], None] | None:
        """Finish a run; if it may take long, return what submits it, to call without the lock."""
        due = self._due(run, now)
        if due is None:
            return None
        if not self._takes_long(due):
            self._finish(due)
            return None
        self._under_way.begin(due.clock)
        return partial(self._submit, due)

    def _submit(self, due: DueRun) -> None:
        pool = self._callers if self._calls_now(due) else self._computers
        pool.submit(due.tenant.number, partial(self._run_apart, due))

    def _catch_up(self, tenant: Tenant) -> None:
        """Execute what is due on a virtual clock at its present instant."""
        with tenant.advancing, contextlib.suppress(TenantResetError):  # its runs are gone
            try:
                self._move(tenant, clock := tenant.clock, clock.now())
            finally:
                self._overdue.discard(tenant.clock_number)

    def _catch_up_apart(self, tenant: Tenant) -> None:
        with contextlib.suppress(NotFoundError, ServerStoppedError):  # its runs are gone, or wait
            try:
                self._catch_up(tenant)
            except StoreFailedError as error:
                self._failure = error

    def _takes_long(self, due: DueRun) -> bool:
        return due.costly or self._calls_now(due)

    def _calls_now(self, due: DueRun) -> bool:
        return due.calls_outside and self.web_service.enabled

    def _due(self, run: PendingRun, now: Microseconds) -> DueRun | None:
        number = tenant_of(run.sequence)
        tenant = self._tenants.by_number(number)
        if tenant is None:
            return None
        workflow = self._tenants.workflow_by_number(run.workflow_number)
        return DueRun(run, tenant, self._journal.counters(number), workflow, now, tenant.clock)

    def _finish(self, due: DueRun) -> None:
        self._journal.complete(due.run, self._outcome(due), due.counters)

    def _outcome(self, due: DueRun) -> Outcome:
        """Execute a run; return how it ended.

        Raises:
            StoreFailedError: its event could not be read; the run is back in the queue.
        """
        try:
            return self._execute(due)
        except StoreFailedError:
            self._journal.put_back(due.run, due.counters)
            raise
        except Exception as error:  # noqa: BLE001  one bad run must not keep the others from ending
            _log.exception("a run broke, and ends Failed")
            return Outcome(State.FAILED, due.now, due.now, f"{BROKEN}: {type(error).__name__}")

    def _execute(self, due: DueRun) -> Outcome:
        if due.workflow is None:
            return not_started(due.now, WORKFLOW_GONE)
        settings = due.workflow.settings
        if settings.immediate and due.run.scripted_failure is None:
            return Outcome(State.SUCCEEDED, due.now, due.now)
        body = due.run.body
        if body is None:
            body = self._journal.event(due.run.sequence)
        if body is None:
            return not_started(due.now, EVENT_GONE)
        environment = _TaskEnvironment(due, self._journal, self.web_service)
        run_id = ids.run_id(self._key, due.run.sequence)
        return execute(
            Attempt(settings, due.run, run_id, body, due.now, environment, self._new_work_budget)
        )

    def _run_apart(self, due: DueRun) -> None:
        try:
            self._complete_apart(due)
            if self._calls_now(due):  # the next step commits what only computed, many at once
                self._journal.commit()
        except StoreFailedError as error:
            # The run is due again, or its outcome is staged. The next step reports it, so that
            # the loop waits a moment before it tries again.
            self._failure = error

    def _complete_apart(self, due: DueRun) -> None:
        try:
            outcome = self._outcome(due)
        except StoreFailedError:
            self._end_apart(due)
            raise
        with self._journal.lock:
            if not self._closed:
                self._journal.complete(due.run, outcome, due.counters)
            self._end_apart(due)

    def _end_apart(self, due: DueRun) -> None:
        with self._journal.lock:
            self._under_way.end(due.clock)
            self._journal.wake(due.tenant.number)

    def _raise_failure(self) -> None:
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

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
        return max(0.0, min(waits) / SECOND) if waits else None


def _web_service(settings: Settings) -> WebService:
    return WebService(enabled=settings.web_service_calls, allowed_hosts=settings.web_service_hosts)


def _timed_budget() -> StepBudget:
    return TimedBudget(LARGEST_STEP, Countdown(LONGEST_STEP_SECONDS))


def _end(now: Microseconds, duration: Microseconds) -> Microseconds:
    end = now + duration
    if end > LAST_INSTANT:
        raise ClockEndsError(format_instant(now), format_instant(LAST_INSTANT))
    return end


def not_started(now: Microseconds, reason: str) -> Outcome:
    """Return the outcome of a run that could not start; Run history's second view (Q-RUN-2)."""
    return Outcome(State.NOT_STARTED, None, now, reason, None)


class _TaskEnvironment:
    """Scripted failures and web service calls, for one try of a run."""

    def __init__(self, due: DueRun, journal: Journal, web_service: WebServiceCaller) -> None:
        self._due = due
        self._journal = journal
        self._web_service = web_service

    def scripted_failure(self, place: int, task: Task) -> str | None:
        if not (task.fail_first or task.fail_probability):
            return None
        run, tenant = self._due.run, self._due.tenant
        task_key = f"{run.workflow_number}/{place}"
        with self._journal.lock:
            number = self._due.counters.attempts.get(task_key, 0) + 1
            self._due.counters.attempts[task_key] = number
        if number <= task.fail_first:
            return f"scripted failure {number} of {task.fail_first}"
        kind = f"task {place} of {run.sequence & LOCAL_BITS} at {run.priority}"
        if ids.fraction(tenant.key, kind, run.since_first_try) < task.fail_probability:
            return f"scripted failure, with probability {task.fail_probability}"
        return None

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes) -> str | None:
        return self._web_service.call(attempt_id, settings, event)
