"""Sums of whole hours in memory, so that a chart of many days does not read every minute again.

An hour is kept once it is read, and dropped when a minute of it changes. What was read before a
change is not kept after it: a reader takes a version first.
"""

from collections.abc import Container, Mapping

from mock_qualtrics.journal.minutes.minute_steps import MinuteStep

HOUR_MINUTES = 60


class HourSums:
    """Sums by tenant and hour; use it under the journal's lock.

    Attributes:
        version: how often something was dropped.
    """

    def __init__(self) -> None:
        self.version = 0
        self._kept: dict[int, dict[int, MinuteStep]] = {}

    def of(self, tenant_number: int) -> Mapping[int, MinuteStep]:
        """Return a tenant's sums by hour, as they are now."""
        return dict(self._kept.get(tenant_number, {}))

    def keep(
        self,
        tenant_number: int,
        sums: Mapping[int, MinuteStep],
        version: int,
        changing: Container[int],
    ) -> None:
        """Keep sums that were read.

        Args:
            tenant_number: the tenant.
            sums: by hour.
            version: what `version` was before they were read.
            changing: hours that are not kept, since they go on changing.
        """
        if version == self.version:
            kept = {hour: step for hour, step in sums.items() if hour not in changing}
            self._kept.setdefault(tenant_number, {}).update(kept)

    def drop(self, tenant_number: int, minute: int) -> None:
        """Drop the hour of a minute, which changes or has changed."""
        self.version += 1
        self._kept.get(tenant_number, {}).pop(minute // HOUR_MINUTES, None)

    def forget(self, tenant_number: int) -> None:
        """Drop all hours of a tenant."""
        self.version += 1
        self._kept.pop(tenant_number, None)
