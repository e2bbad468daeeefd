"""The engine: one call in, one receipt out; runs what is due. It ties the parts together.

Gate, faults, journal, tenants and execution each do their own; here is only the order in which they
are asked. One lock guards all state and is held for microseconds; writing happens outside it.
"""

import dataclasses
import threading
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self

from mock_qualtrics import ids
from mock_qualtrics.clock import RealClock, TenantClock, to_microseconds
from mock_qualtrics.engine.call_handler import CallHandler, Receipt
from mock_qualtrics.errors import NotVirtualError, StoreFailedError
from mock_qualtrics.gate.attribution import TriggerTarget
from mock_qualtrics.journal import Journal, JournalQueries, Store
from mock_qualtrics.journal.page_cursors import PageCursors
from mock_qualtrics.journal.queries import WorkflowIds
from mock_qualtrics.journal.tenant_documents import TenantDocuments
from mock_qualtrics.model import Answer, Call, Microseconds
from mock_qualtrics.runs.runner import Runner
from mock_qualtrics.runs.web_service import WebService
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

__all__ = ["Engine", "Receipt"]


class Engine:
    """All state of one server, and what can be done with it.

    Attributes:
        settings: as given, but with the seed that the store was made with.
        lock: guards all state.
        tenants: who there is.
        journal: what was received and run.
    """

    def __init__(self, settings: Settings | None = None, clock: TenantClock | None = None) -> None:
        wanted = settings or Settings()
        self._closed = False
        self._store = Store(wanted.store, wanted.durability)
        documents = TenantDocuments(self._store)
        # All ids come from the seed: a store keeps its own, or what it shows would be named anew.
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
        self._handler = CallHandler(self.settings, self.tenants, self.journal, self.clock)
        self._runner = Runner(self.settings, self.tenants, self.journal, self.clock)

    @property
    def web_service(self) -> WebService:
        """Make the calls of web_service tasks; a server adds the ports that it listens on."""
        return self._runner.web_service

    def stage(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Receipt:
        """Judge a call and stage it for the journal; it may be answered after `commit`.

        Args:
            call: the call.
            target: what its URL names, when that was looked up before.

        Raises:
            StoreFailedError: the store has refused so much that no more is kept for it.
        """
        with self.lock:
            self.journal.backlog.take_call()
            return self._handler.take(call, target)

    def commit(self) -> None:
        """Make all that was staged durable, for callers whose calls this thread staged.

        Raises:
            StoreFailedError: the store refused; the callers are to be answered 503.
        """
        try:
            self.journal.commit()
        except StoreFailedError:
            self.journal.answered(durable=False)
            raise
        self.journal.answered(durable=True)

    def receive(self, call: Call, target: TriggerTarget[Tenant, Workflow] | None = None) -> Answer:
        """Judge and journal one call; return its answer once it is durable.

        Args:
            call: the call.
            target: what its URL names, when that was looked up before.

        Raises:
            StoreFailedError: the store refused.
        """
        receipt = self.stage(call, target)
        self.commit()
        return receipt.answer

    def step(self) -> float | None:
        """Run what is due by now; return the seconds until more is, or None when nothing waits."""
        return self._runner.step()

    def advance(self, tenant_id: str, seconds: float) -> Microseconds:
        """Move a virtual clock; return its instant when everything due has happened.

        Raises:
            NotFoundError: there is no such tenant.
            NotVirtualError: its clock is real.
        """
        tenant = self.tenants.get(tenant_id)
        if not tenant.virtual:
            raise NotVirtualError(tenant_id)
        return self._runner.advance(tenant, to_microseconds(seconds))

    def wait(
        self, tenant_id: str, wanted: Mapping[str, int], timeout_seconds: float
    ) -> dict[str, Any] | None:
        """Return a tenant's totals once each wanted count is reached, None when not in time.

        Raises:
            NotFoundError: there is no such tenant.
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            ClockMustBeAdvancedError: the clock is virtual and nothing is due before it is moved.
        """
        tenant = self.tenants.get(tenant_id)
        return self._runner.wait(tenant, wanted, timeout_seconds)

    def close(self) -> None:
        """Commit everything and close the store; a second call does nothing."""
        if self._closed:
            return
        self._closed = True
        try:
            self._runner.close()
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
