"""The minutes in memory: those that wait to be written, and each tenant's newest one.

A row holds whole counts and no differences, so that it may be written twice. A minute that is not
in memory is read before it is counted on: after a restart, or when something ends late.
"""

from collections.abc import Container, Iterable

from mock_qualtrics.journal.minutes.hour_sums import HOUR_MINUTES, HourSums
from mock_qualtrics.journal.minutes.minute import MINUTE, Minute
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store

Key = tuple[int, int]  # the tenant's number, and the minute's


class OpenMinutes:
    """The minutes of all tenants; use it under the journal's lock.

    Args:
        store: has the others.
        hours: sums of hours, which change with their minutes.
    """

    def __init__(self, store: Store, hours: HourSums) -> None:
        self._store = store
        self._hours = hours
        self._open: dict[Key, Minute] = {}
        self._newest: dict[int, int] = {}
        self._former: set[Key] = set()

    def open(self, tenant_number: int, now: Microseconds | None) -> None:
        """Register a tenant.

        Args:
            tenant_number: the tenant.
            now: the latest instant that was journalled of it; None when it is new.
        """
        if now is not None:
            self._newest[tenant_number] = now // MINUTE

    def forget(self, tenant_number: int) -> None:
        """Drop a tenant's minutes."""
        self._hours.forget(tenant_number)
        self._newest.pop(tenant_number, None)
        for key in [key for key in self._open if key[0] == tenant_number]:
            del self._open[key]

    def at(self, tenant_number: int, instant: Microseconds) -> Minute:
        """Return the minute of an instant on the tenant's clock.

        Raises:
            StoreFailedError: it has to be read, and the store refused.
        """
        key = tenant_number, instant // MINUTE
        return self._open.get(key) or self._open_one(key)

    def written(self, keys: Iterable[Key], staged: Container[Key]) -> None:
        """Drop minutes that are written, but not those that wait again, nor the newest ones.

        Args:
            keys: what was written last.
            staged: what waits again.
        """
        done = [key for key in self._former.union(keys) if key not in staged]
        self._former.difference_update(done)
        for key in done:
            if key[1] != self._newest.get(key[0]):
                self._open.pop(key, None)
                self._hours.drop(*key)  # who reads now may have begun before it was written

    def get(self, key: Key) -> Minute | None:
        """Return a minute if it is in memory."""
        return self._open.get(key)

    def hours_of(self, tenant_number: int) -> set[int]:
        """Return the hours that have a minute in memory, which may still change."""
        return {key[1] // HOUR_MINUTES for key in self._open if key[0] == tenant_number}

    def _open_one(self, key: Key) -> Minute:
        tenant_number, number = key
        newest = self._newest.get(tenant_number)
        # The store has none that is newer: most minutes need no look.
        is_known = newest is not None and number <= newest
        row = self._store.get_row(self._store.hot.get_minute, key) if is_known else None
        self._hours.drop(*key)
        minute = self._open[key] = Minute(*key) if row is None else Minute.from_row(row)
        if newest is None or number > newest:
            self._newest[tenant_number] = number
            if newest is not None:
                self._former.add((tenant_number, newest))
        return minute
