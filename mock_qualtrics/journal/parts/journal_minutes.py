"""The part of the journal that has the counters by the minute, for charts."""

import contextlib
from abc import ABC, abstractmethod
from collections import defaultdict, deque
from typing import TYPE_CHECKING, Final

from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.journal.batch import Batch
from mock_qualtrics.journal.minutes.hour_sums import HourSums
from mock_qualtrics.journal.minutes.minute import MINUTE, Minute
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep
from mock_qualtrics.journal.minutes.open_minutes import OpenMinutes
from mock_qualtrics.journal.minutes.read_steps import StepReader
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import tenant_of

if TYPE_CHECKING:
    import threading


NOTED_AT_ONCE: Final = 64


class JournalMinutes(ABC):
    """Count by the minute, and read what was counted.

    Args:
        store: the database.
    """

    lock: "threading.RLock"
    _staged: Batch

    def __init__(self, store: Store) -> None:
        self._store = store
        self._hours = HourSums()
        self._open_minutes = OpenMinutes(store, self._hours)
        # Another thread may count while one notes: a deque bears that without the lock.
        self._noted: deque[tuple[int, Microseconds, Microseconds]] = deque()

    @abstractmethod
    def commit(self) -> None:
        """Make everything durable that is counted.

        Raises:
            StoreFailedError: the store refused.
        """

    @abstractmethod
    def is_open(self, tenant_number: int) -> bool:
        """Return whether there is such a tenant."""

    def minutes(
        self, tenant_number: int, first: Microseconds, last: Microseconds, most_steps: int
    ) -> list[MinuteStep]:
        """Commit, and return a tenant's counters from one instant to another, summed into steps.

        Args:
            tenant_number: the tenant, or ``UNATTRIBUTED``.
            first: an instant on the tenant's clock; its whole minute counts.
            last: another one, not before it; its whole minute counts.
            most_steps: at most so many steps, each of a round number of minutes. It is quick over
                many days when it begins at a whole hour: sums of hours are kept.

        Raises:
            StoreFailedError: the store refused.
        """
        self.count_latencies()
        self.commit()
        reader = StepReader(self._store, self.lock, self._open_minutes, self._hours)
        return reader.steps(tenant_number, first, last, most_steps)

    def note_answered(
        self, call_number: int, received_at: Microseconds, latency: Microseconds
    ) -> None:
        """Note how long a call's answer took.

        It is counted, and with the next commit durable, when enough are noted, or somebody looks,
        or the engine closes: a kill loses the latest ones.

        Args:
            call_number: the call's number in the journal.
            received_at: when it was received, on the tenant's clock.
            latency: real time from the call's last byte to its answer.
        """
        self._noted.append((tenant_of(call_number), received_at, latency))
        if len(self._noted) >= NOTED_AT_ONCE:
            self.count_latencies()

    def count_latencies(self) -> None:
        """Count the latencies that were noted."""
        with self.lock:
            # Those of a minute at once: each call's is noted, and most are of the newest minute.
            noted: defaultdict[tuple[int, int], list[Microseconds]] = defaultdict(list)
            while self._noted:
                tenant_number, received_at, latency = self._noted.popleft()
                noted[tenant_number, received_at // MINUTE].append(latency)
            for (tenant_number, number), latencies in noted.items():
                if self.is_open(tenant_number):  # it may have been deleted meanwhile
                    self._count_latencies(tenant_number, number * MINUTE, latencies)

    def _count_latencies(
        self, tenant_number: int, instant: Microseconds, latencies: list[Microseconds]
    ) -> None:
        with contextlib.suppress(StoreFailedError):
            minute = self._open_minutes.at(tenant_number, instant)
            for latency in latencies:
                minute.latency.count(latency)
            self._touch_minute(minute)

    def _forget_minutes(self, tenant_number: int) -> None:
        """Drop a tenant's minutes and latencies."""
        self._open_minutes.forget(tenant_number)
        kept = [noted for noted in self._noted if noted[0] != tenant_number]
        self._noted.clear()
        self._noted.extend(kept)

    def _touch_minute(self, minute: Minute) -> None:
        """Have the next commit write a minute."""
        self._staged.minutes[minute.tenant_number, minute.number] = minute
