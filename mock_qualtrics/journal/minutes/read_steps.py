"""Read a tenant's steps: from the sums of whole hours where there are any, else from minutes."""

import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from mock_qualtrics.journal.minutes.hour_sums import HOUR_MINUTES, HourSums
from mock_qualtrics.journal.minutes.minute import MINUTE
from mock_qualtrics.journal.minutes.minute_steps import MinuteStep, step_minutes, sums_of, together
from mock_qualtrics.journal.minutes.open_minutes import OpenMinutes
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store

_MOST_HOURS: Final = 10_000  # more than a year; beyond that the database sums all that there is


@dataclass(frozen=True, slots=True)
class StepReader:
    """Reads steps.

    Attributes:
        store: has the minutes.
        lock: the journal's.
        open_minutes: those that may still change.
        hours: where sums of hours are kept.
    """

    store: Store
    lock: threading.RLock
    open_minutes: OpenMinutes
    hours: HourSums

    def steps(
        self, tenant_number: int, first: Microseconds, last: Microseconds, most: int
    ) -> list[MinuteStep]:
        """Return the steps from the minute of one instant to that of another, both included.

        Args:
            tenant_number: the tenant, or ``UNATTRIBUTED``.
            first: an instant on the tenant's clock.
            last: another one, not before it.
            most: at most so many steps; each is a round number of minutes. In the last one only
                the minutes until ``last`` are counted.

        Raises:
            StoreFailedError: the database refused.
        """
        begin, end = first // MINUTE, last // MINUTE
        length = step_minutes(begin, end, most)
        parts = defaultdict(list)
        for part in self._parts(tenant_number, begin, end, length):
            parts[(part.first // MINUTE - begin) // length].append(part)
        return [
            together(number * MINUTE, length, parts.get(place, ()))
            for place, number in enumerate(range(begin, end + 1, length))
        ]

    def _parts(self, tenant_number: int, begin: int, end: int, length: int) -> list[MinuteStep]:
        """Return sums of which each lies within one step."""
        hours = range(begin // HOUR_MINUTES, (end + 1) // HOUR_MINUTES)
        if begin % HOUR_MINUTES or length % HOUR_MINUTES or len(hours) > _MOST_HOURS:
            return list(sums_of(self.store, tenant_number, begin, end, length).values())
        rest = sums_of(self.store, tenant_number, hours.stop * HOUR_MINUTES, end, length)
        return [*self._hours(tenant_number, hours), *rest.values()]

    def _hours(self, tenant_number: int, hours: range) -> list[MinuteStep]:
        with self.lock:
            version, known = self.hours.version, self.hours.of(tenant_number)
        missing = [hour for hour in hours if hour not in known]
        read = self._read_hours(tenant_number, missing) if missing else {}
        with self.lock:
            changing = self.open_minutes.hours_of(tenant_number)
            self.hours.keep(tenant_number, read, version, changing)
        sums = {**known, **read}
        return [sums[hour] for hour in hours]

    def _read_hours(self, tenant_number: int, missing: list[int]) -> dict[int, MinuteStep]:
        begin, end = missing[0] * HOUR_MINUTES, (missing[-1] + 1) * HOUR_MINUTES - 1
        found = sums_of(self.store, tenant_number, begin, end, HOUR_MINUTES)
        return {
            hour: found.get(hour - missing[0])
            or MinuteStep(hour * HOUR_MINUTES * MINUTE, HOUR_MINUTES)
            for hour in missing
        }
