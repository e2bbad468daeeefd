"""The part of the journal that has the counters, and waits for counts."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from mock_qualtrics.clock import format_instant
from mock_qualtrics.errors import IncompleteJournalError, ServerStoppedError
from mock_qualtrics.journal.change_feed import CountsChanged, Listener
from mock_qualtrics.journal.counters import CountersByTenant, TenantCounters
from mock_qualtrics.store.schema import UNATTRIBUTED, call_sequence

if TYPE_CHECKING:
    import threading


class JournalCounts(ABC):
    """Count, tell, and wait for counts.

    Args:
        lock: guards the counters.
    """

    def __init__(self, lock: "threading.RLock") -> None:
        self.lock = lock
        self._changed = CountsChanged(lock)
        self._counters = CountersByTenant({UNATTRIBUTED: TenantCounters(UNATTRIBUTED)})
        self._written: dict[int, str] = {}

    @abstractmethod
    def commit(self) -> None:
        """Make everything durable that is counted.

        Raises:
            StoreFailedError: the store refused.
        """

    def counters(self, tenant_number: int) -> TenantCounters:
        """Return a tenant's counters; read and change them under the lock."""
        return self._counters[tenant_number]

    def written(self, tenant_number: int) -> str:
        """Return a tenant's counters as the store has them, or "" before it has any.

        It is the stored document: equal ones count the same. Call it under the lock.
        """
        return self._written.get(tenant_number, "")

    def reasons(self, tenant_number: int) -> list[str]:
        """Return all reasons for which calls of a tenant were refused."""
        with self.lock:
            counters = self.counters(tenant_number)
            return [*{**counters.refused_by, **counters.other_by}]

    def next_call(self, tenant_number: int) -> int:
        """Return the number of the tenant's next call; calls are counted from 1."""
        return self._counters[tenant_number].calls + 1

    def next_sequence(self, tenant_number: int) -> int:
        """Return the number that the row of the tenant's next call will have."""
        return call_sequence(tenant_number, self._counters[tenant_number].calls + 1)

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call a listener whenever counts may have changed; return a function that ends it."""
        return self._changed.listen(listener)

    def end_waits(self) -> None:
        """Wake everyone who waits for counts; from now on nobody waits. The server stops."""
        with self.lock:
            self._changed.end()

    @property
    def waits_ended(self) -> bool:
        """Whether nobody waits any longer, because the server stops."""
        return self._changed.ended

    def totals(self, tenant_number: int) -> dict[str, Any]:
        """Commit, and return a tenant's totals as the control API shows them.

        Raises:
            StoreFailedError: the store refused.
        """
        self.commit()
        with self.lock:
            return self.counters(tenant_number).totals()

    def unattributed_calls(self) -> int:
        """Return how many calls named no tenant since the store is there."""
        return self.counters(UNATTRIBUTED).calls

    def wake(self, tenant_number: int) -> None:
        """Have everyone look again who waits for this tenant; call it under the lock."""
        self._changed.tell({tenant_number})

    def wait_until(self, condition: Callable[[], bool]) -> None:
        """Block until a condition holds or waiting has ended; call it under the lock."""
        self._changed.wait_for(condition, None)

    def wait(
        self,
        tenant_number: int,
        wanted: Mapping[str, int],
        timeout_seconds: float,
        or_until: Callable[[], bool] = lambda: False,
    ) -> dict[str, Any] | None:
        """Return the totals once each wanted count is reached; None when not in time.

        The counted rows are committed first, so that the caller finds the runs in Run history.

        Args:
            tenant_number: the tenant.
            wanted: the counts, by their names in the totals.
            timeout_seconds: how long to wait, in real time.
            or_until: ends the waiting too; called under the lock whenever counts change.

        Raises:
            IncompleteJournalError: the bounded store dropped rows of the tenant.
            ServerStoppedError: the server stops, and the counts are not reached.
            StoreFailedError: the store refused.
        """
        with self.lock:
            self._changed.wait_for(
                lambda: self.settled(tenant_number, wanted) or or_until(), timeout_seconds
            )
        self.commit()
        with self.lock:
            self._require_complete(tenant_number)
            if self._reached(tenant_number, wanted):
                return self.counters(tenant_number).totals()
            if self.waits_ended:
                raise ServerStoppedError
            return None

    def settled(self, tenant_number: int, wanted: Mapping[str, int]) -> bool:
        """Return whether waiting for these counts is over; call it under the lock.

        They are reached, committed or not; or the tenant is gone, or its journal incomplete.
        """
        counters = self._counters.get(tenant_number)
        dropped = counters is None or counters.dropped_to is not None
        return dropped or self._reached(tenant_number, wanted)

    def _reached(self, tenant_number: int, wanted: Mapping[str, int]) -> bool:
        counters = self._counters.get(tenant_number)
        if counters is None:
            return False
        return counters.reach(wanted)

    def _require_complete(self, tenant_number: int) -> None:
        counters = self._counters.get(tenant_number)
        if counters and counters.dropped_from is not None and counters.dropped_to is not None:
            first, last = format_instant(counters.dropped_from), format_instant(counters.dropped_to)
            raise IncompleteJournalError(str(tenant_number), first, last)
