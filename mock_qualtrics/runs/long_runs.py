"""Runs that may take long: executed apart, without the journal's lock, and fairly by tenant."""

import contextlib
from collections.abc import Callable
from functools import partial

from mock_qualtrics.errors import NotFoundError, ServerStoppedError, StoreFailedError
from mock_qualtrics.journal import Journal
from mock_qualtrics.runs.clocks.skipping import UnderWay
from mock_qualtrics.runs.execution import DueRun, RunExecution
from mock_qualtrics.runs.parts import Workers
from mock_qualtrics.runs.worker_pool import FairShare, WorkerPool
from mock_qualtrics.tenants.tenant import Tenant


class LongRuns:
    """Executes runs that call a web service, and runs that compute for long.

    Args:
        journal: takes the outcomes.
        execution: executes single runs.
        under_way: counts the runs that are not done yet.
        workers: do the jobs; None for the server's own threads.
    """

    def __init__(
        self,
        journal: Journal,
        execution: RunExecution,
        under_way: UnderWay,
        workers: Workers | None = None,
    ) -> None:
        self._journal = journal
        self._execution = execution
        self._under_way = under_way
        self._callers = FairShare(workers or WorkerPool())
        # One thread: what computes leaves the other processors to those who answer calls.
        self._computers = self._callers if workers else FairShare(WorkerPool(1, "json-paths"))
        self._closed = False
        self._failure: StoreFailedError | None = None

    def begin(self, due: DueRun) -> Callable[[], None]:
        """Count the run as under way; return what submits it, to call without the lock."""
        self._under_way.begin(due.clock)
        return partial(self._submit, due)

    def submit_catching_up(self, tenant: Tenant, catch_up: Callable[[Tenant], None]) -> None:
        """Have a tenant's virtual clock catch up, apart."""
        self._computers.submit(tenant.number, partial(self._catch_up, tenant, catch_up))

    def raise_failure(self) -> None:
        """Report what failed apart since the last time.

        Raises:
            StoreFailedError: the store refused an outcome, or an event could not be read.
        """
        failure, self._failure = self._failure, None
        if failure is not None:
            raise failure

    def close(self) -> None:
        """Start no more runs, and wait a moment for those under way."""
        for share in {self._callers, self._computers}:
            share.close()
        with self._journal.lock:
            self._closed = True

    def _submit(self, due: DueRun) -> None:
        pool = self._callers if self._execution.calls_now(due) else self._computers
        pool.submit(due.tenant.number, partial(self._run, due))

    def _catch_up(self, tenant: Tenant, catch_up: Callable[[Tenant], None]) -> None:
        with contextlib.suppress(NotFoundError, ServerStoppedError):  # its runs are gone, or wait
            try:
                catch_up(tenant)
            except StoreFailedError as error:
                self._failure = error

    def _run(self, due: DueRun) -> None:
        try:
            self._complete(due)
            # Otherwise the next step commits what only computed, many at once.
            if self._execution.calls_now(due):
                self._journal.commit()
        except StoreFailedError as error:
            # The run is due again, or its outcome is staged. The next step reports it, so that
            # the loop waits a moment before it tries again.
            self._failure = error

    def _complete(self, due: DueRun) -> None:
        try:
            outcome = self._execution.outcome(due)
        except StoreFailedError:
            self._end(due)
            raise
        with self._journal.lock:
            try:
                if not self._closed:
                    self._journal.complete(due.run, outcome, due.counters)
            finally:
                self._end(due)

    def _end(self, due: DueRun) -> None:
        with self._journal.lock:
            self._under_way.end(due.clock)
            self._journal.wake(due.tenant.number)
