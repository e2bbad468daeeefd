"""The engine: takes calls, executes runs that are due, and ties the parts together.

Gate, faults, journal, tenants and runs each decide their own matter; the engine only fixes the
order. One lock guards all state. It is held for microseconds, and never while the store writes.
"""

import dataclasses
import threading
from collections.abc import Mapping, Set
from types import TracebackType
from typing import Any, NamedTuple, Self

from contracts.violations import describe
from mock_qualtrics import ids
from mock_qualtrics.clock import LONGEST_SECONDS, RealClock, TenantClock, to_microseconds
from mock_qualtrics.engine.call_handler import SET_ASIDE, CallHandler, Receipt
from mock_qualtrics.engine.run_now import stage_run_now
from mock_qualtrics.errors import (
    InvalidSettingsError,
    NotVirtualError,
    RowRefusedError,
    StoreFailedError,
)
from mock_qualtrics.gate.attribution import TriggerTarget
from mock_qualtrics.journal import STORE_PARTS, Journal, JournalQueries, Store, StoreParts
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from mock_qualtrics.journal.page_cursors import PageCursors
from mock_qualtrics.journal.tenant_documents import TenantDocuments
from mock_qualtrics.model import Answer, Call, Microseconds
from mock_qualtrics.runs.parts import SERVER_PARTS, RunnerParts, WebServiceCaller
from mock_qualtrics.runs.runner import Runner
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

__all__ = ["Engine", "Receipt"]


class Idle(NamedTuple):
    """What became of runs while a clock was moved until nothing waited.

    Attributes:
        now: the clock's new instant.
        succeeded: how many runs ended so.
        failed: how many runs ended so.
        pending: how many still wait.
    """

    now: Microseconds
    succeeded: int
    failed: int
    pending: int


class Engine:
    """All state of one server.

    Args:
        settings: the server's; by default all defaults.
        clock: the real clock; a simulation hands in a virtual one.
        runner_parts: worker pool, budgets and web service, when they are not the server's own.
        store_parts: how SQLite is opened and its log checkpointed, when not as a server does.

    Attributes:
        settings: as given, except for the seed, which is the store's.
        lock: guards all state.
        clock: the clock of calls without a tenant, and of all tenants without a virtual clock.
        tenants: all tenants and their workflows.
        journal: every call and run.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        clock: TenantClock | None = None,
        *,
        runner_parts: RunnerParts = SERVER_PARTS,
        store_parts: StoreParts = STORE_PARTS,
    ) -> None:
        wanted = settings or Settings()
        self._closed = False
        self._store = Store(wanted.store, wanted.durability, store_parts)
        try:
            self._load(wanted, clock, runner_parts)
        except BaseException:
            self._store.close()  # or nobody could open it until the garbage is collected
            raise

    def _load(self, wanted: Settings, clock: TenantClock | None, runner_parts: RunnerParts) -> None:
        documents = TenantDocuments(self._store)
        # All ids come from the seed: with another seed, a store's rows would change their ids.
        seed = int(documents.keep("seed", str(wanted.seed)))
        self.settings = dataclasses.replace(wanted, seed=seed)
        key = ids.seed_key(seed)
        self.lock = threading.RLock()
        workflow_ids = WorkflowIds()
        reader = JournalQueries(self._store, PageCursors(key), key, workflow_ids)
        self.journal = Journal(self._store, self.lock, reader, self.settings)
        self.clock: TenantClock = clock or RealClock(documents.latest_instant())
        self.tenants = TenantRegistry(
            self.settings, self.journal, documents, workflow_ids, self.clock
        )
        parts = self.settings, self.tenants, self.journal, self.clock
        self._handler: CallHandler = _handler_of(self.settings)(*parts)
        self._runner = Runner(self.settings, self.tenants, self.journal, self.clock, runner_parts)

    @property
    def web_service(self) -> WebServiceCaller:
        """What makes the calls of web_service tasks; a server adds the ports it listens on."""
        return self._runner.web_service

    def stage(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Receipt:
        """Judge a call and stage it for the journal; answer it only after `commit`.

        Args:
            call: the call.
            target: the tenant and workflow of its URL, if already looked up.

        Raises:
            StoreFailedError: the store refused earlier calls, and the backlog is full.
        """
        with self.lock:
            self.journal.backlog.take_call()
            return self._handler.take(call, target)

    def commit(self) -> Set[int]:
        """Make everything staged durable, and note that this thread's calls are answered.

        Returns:
            The numbers of this thread's calls that the store refused because of their data; answer
            these with 503.

        Raises:
            StoreFailedError: the store refused; answer this thread's calls with 503.
        """
        try:
            self.journal.commit()
        except StoreFailedError:
            self.journal.answered(durable=False)
            self._handler.committed(durable=False)
            raise
        set_aside = self.journal.answered(durable=True)
        self._handler.committed(durable=True, set_aside=set_aside)
        return set_aside

    def receive(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Answer:
        """Judge and journal one call; return its answer once it is durable.

        Args:
            call: the call.
            target: the tenant and workflow of its URL, if already looked up.

        Raises:
            StoreFailedError: the store refused.
        """
        return self.deliver(call, target).answer

    def deliver(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Receipt:
        """Judge and journal one call; return its answer and its number once it is durable.

        Args:
            call: the call.
            target: the tenant and workflow of its URL, if already looked up.

        Raises:
            StoreFailedError: the store refused.
        """
        receipt = self.stage(call, target)
        if receipt.call_number in self.commit():
            raise RowRefusedError(SET_ASIDE)
        return receipt

    def run_now(self, workflow_id: str, event: bytes) -> dict[str, Any]:
        """Start a run without a call, as a workflow's test button does; return it (Q-WF-7).

        Args:
            workflow_id: the workflow; it may be a draft or disabled.
            event: a JSON object, as a call would have it in its body.

        Raises:
            NotFoundError: there is no such workflow.
            InvalidEventError: the event is no JSON object.
            StoreFailedError: the store refused.
        """
        with self.lock:
            self.journal.backlog.take_call()
            call_number = stage_run_now(self.tenants, self.journal, workflow_id, event)
        if call_number in self.commit():
            raise RowRefusedError(SET_ASIDE)
        return self.journal.run(ids.run_id(ids.seed_key(self.settings.seed), call_number))

    def step(self) -> float | None:
        """Execute runs that are due; return the seconds until the next, None when none waits."""
        return self._runner.step()

    def advance(self, tenant_id: str, seconds: float) -> Microseconds:
        """Move a tenant's own clock and execute what becomes due; return its new instant.

        Raises:
            NotFoundError: there is no such tenant.
            NotVirtualError: its clock is real.
            InvalidSettingsError: the seconds are no number of a clock's step.
            ServerStoppedError: the server stops; the clock stands at the last run's instant.
        """
        tenant = self._with_own_clock(tenant_id)
        if not 0 <= seconds <= LONGEST_SECONDS:
            expected = f"expected a number from 0 to {LONGEST_SECONDS}"
            raise InvalidSettingsError([f"seconds: found {describe(seconds)}, {expected}"])
        return self._runner.advance(tenant, to_microseconds(seconds))

    def advance_until_idle(self, tenant_id: str) -> Idle:
        """Move a tenant's own clock from one due moment to the next until nothing waits.

        It ends before that after 30 days of the clock or 10,000 tries of runs; what is left is
        pending.

        Raises:
            NotFoundError: there is no such tenant.
            NotVirtualError: its clock is real.
            ServerStoppedError: the server stops; the clock stands at the last run's instant.
            TenantResetError: the tenant was reset meanwhile.
        """
        tenant = self._with_own_clock(tenant_id)
        counters = self.journal.counters(tenant.number)
        succeeded, failed = counters.succeeded, counters.failed
        now = self._runner.advance(tenant, None)
        ended = counters.succeeded - succeeded, counters.failed - failed
        return Idle(now, *ended, counters.pending)

    def _with_own_clock(self, tenant_id: str) -> Tenant:
        tenant = self.tenants.get(tenant_id)
        if tenant.real:
            raise NotVirtualError(tenant_id)
        return tenant

    def wait(
        self, tenant_id: str, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        """Return a tenant's totals once each wanted count is reached, None after the timeout.

        A skipping clock jumps to what is due next, as long as outcomes of runs are awaited.

        Raises:
            NotFoundError: there is no such tenant.
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            ClockMustBeAdvancedError: the clock is virtual and nothing is due before it is moved.
            ServerStoppedError: the server stops.
        """
        tenant = self.tenants.get(tenant_id)
        return self._runner.wait(tenant, wanted, timeout_seconds)

    def has_jump(self, tenant_number: int) -> bool:
        """Return whether a tenant's clock skips and has a moment to jump to; under the lock."""
        tenant = self.tenants.by_number(tenant_number)
        return tenant is not None and self._runner.skipper.has_next(tenant)

    def close(self) -> None:
        """Commit everything and close the store; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        self.journal.end_waits()
        try:
            self._runner.close()
            self.journal.count_latencies()
            self.journal.commit()
        finally:
            self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()


def _handler_of(settings: Settings) -> type[CallHandler]:
    if not settings.log_calls:
        return CallHandler
    from mock_qualtrics.engine.call_log import LoggingCallHandler  # noqa: PLC0415  few want it

    return LoggingCallHandler
