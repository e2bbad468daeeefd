"""Virtual clocks: only `advance` moves one, by way of every due run's moment, in order.

A run that is due at the clock's present instant is executed by the engine's steps, without moving
the clock; when it computes for long, it is done apart.
"""

import contextlib

from mock_qualtrics.clock import TenantClock, VirtualClock, format_instant
from mock_qualtrics.errors import (
    ClockMustBeAdvancedError,
    NotVirtualError,
    ServerStoppedError,
    TenantResetError,
)
from mock_qualtrics.journal import Journal
from mock_qualtrics.runs.clocks.reach import Reach
from mock_qualtrics.runs.execution import RunExecution
from mock_qualtrics.runs.parts import StepBudget
from mock_qualtrics.tenants.tenant import Tenant


class VirtualClocks:
    """Moves virtual clocks, and executes what is due on them.

    Args:
        journal: holds the queues of due runs.
        execution: executes them.

    Attributes:
        overdue: the clocks whose next run computes for long; by their numbers.
    """

    def __init__(self, journal: Journal, execution: RunExecution) -> None:
        self._journal = journal
        self._execution = execution
        self.overdue: set[int] = set()

    def step(
        self, clock_number: int, tenant: Tenant | None, budget: StepBudget, overdue: list[Tenant]
    ) -> None:
        """Finish runs that are due on a virtual clock at its present instant; move no clock.

        Add the tenant to the list if its next run computes for long. Call it under the lock.
        """
        run_queue, now = self._journal.run_queue, tenant.clock.now() if tenant else 0
        while budget.has_more() and (run := run_queue.pop_due(clock_number, now)) is not None:
            due = self._execution.due(run, now)
            if due is not None and self._execution.takes_long(due):
                run_queue.add(run)  # `advance` makes its calls, without the lock
                if not self._execution.calls_now(due):
                    self.overdue.add(clock_number)
                    overdue.append(due.tenant)
                break
            budget.take()
            if due is not None:
                self._execution.finish(due)
        if budget.has_more():
            run_queue.touched.discard(clock_number)

    def move(self, tenant: Tenant, clock: TenantClock, reach: Reach) -> None:
        """Move the clock as far as that, and execute what is due until then.

        Raises:
            NotVirtualError: the clock is none.
            ServerStoppedError: the server stops.
            TenantResetError: the tenant was reset meanwhile, which replaces its clock.
        """
        if not isinstance(clock, VirtualClock):
            raise NotVirtualError(tenant.id)
        while True:
            if self._journal.waits_ended:
                raise ServerStoppedError
            with self._journal.lock:
                if tenant.clock is not clock:
                    raise TenantResetError(tenant.id)
                moment = self._journal.run_queue.next_moment(tenant.clock_number)
                if moment is None or not reach.takes(moment[0]):
                    clock.advance_to(reach.stops_at(clock.now()))
                    self._journal.set_clock(tenant.number, clock.now())
                    return
                clock.advance_to(max(moment[0], clock.now()))
                run = self._journal.run_queue.pop_due(tenant.clock_number, clock.now())
                due = None if run is None else self._execution.due(run, clock.now())
                if due is not None and not self._execution.takes_long(due):
                    self._execution.finish(due)
                    continue
            if due is not None:  # it takes long, so it must not hold the lock
                self._execution.finish(due)

    def catch_up(self, tenant: Tenant) -> None:
        """Execute what is due at the clock's present instant.

        Raises:
            ServerStoppedError: the server stops.
        """
        with tenant.advancing, contextlib.suppress(TenantResetError):  # its runs are gone
            try:
                self.move(tenant, clock := tenant.clock, Reach(clock.now()))
            finally:
                self.overdue.discard(tenant.clock_number)

    def must_be_advanced(self, tenant: Tenant) -> ClockMustBeAdvancedError:
        """Return the error that says when the next run is due."""
        with self._journal.lock:
            moment = self._journal.run_queue.next_moment(tenant.clock_number)
        next_at = None if moment is None else format_instant(moment[0])
        return ClockMustBeAdvancedError(tenant.id, format_instant(tenant.clock.now()), next_at)
