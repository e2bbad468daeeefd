"""The audiences that a dataflow maps: which are exported, and who is in them. Pure."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sender.dataflow import Dataflow
from sender.mapping.scalars import UNKNOWN_TIME, is_mapping, utc_text

_STATUSES = {"realized": "realized", "existing": "realized", "exited": "exited"}


class MappedAudiences:
    """A dataflow's audiences, and what a profile tells of them.

    Args:
        dataflow: the dataflow.

    Attributes:
        ids: the mapped audiences, active or not.
    """

    def __init__(self, dataflow: Dataflow) -> None:
        self.ids = frozenset(audience.id for audience in dataflow.audiences)
        self._in_order = dataflow.audiences
        self._ids_in_order = tuple(audience.id for audience in dataflow.audiences)
        self._has_dates = any(a.start_date or a.end_date for a in dataflow.audiences)

    def active(self, now: dt.datetime) -> frozenset[str]:
        """Return the audiences that are exported at an instant with a time zone (A-EXP-6)."""
        if not self._has_dates:
            return self.ids
        day = now.astimezone(dt.UTC).date()
        return frozenset(a.id for a in self._in_order if a.is_active(day))

    def told(
        self,
        profile: Mapping[str, Any],
        readable: Collection[str],
        known: frozenset[str] | None = None,
    ) -> frozenset[str]:
        """Return the mapped audiences that a profile tells of, by a status or by leaving them out.

        Args:
            profile: the profile.
            readable: the audiences of the profile whose status could be read.
            known: the audiences that its source can tell of; None: all, if the profile has
                ``segmentMembership.ups``.
        """
        ups = _people_audiences(profile)
        if known is None:
            known = self.ids if ups is not None else frozenset()
        told = self.ids & known
        return told.difference(key for key in ups or () if key not in readable)

    def memberships(
        self, profile: Mapping[str, Any]
    ) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
        """Return the memberships, and the audiences whose time is present but not an instant."""
        memberships: dict[str, dict[str, str]] = {}
        undated: tuple[str, ...] = ()
        ups = (_people_audiences(profile) if self.ids else None) or {}
        for audience_id in self._ids_in_order if ups else ():
            entry = ups.get(audience_id)
            if is_mapping(entry) and (status := _status(entry.get("status"))) is not None:
                raw_time = entry.get("lastQualificationTime")
                time = utc_text(raw_time)
                if time is None:
                    time = UNKNOWN_TIME
                    undated += () if raw_time is None else (audience_id,)
                memberships[audience_id] = {"lastQualificationTime": time, "status": status}
        return memberships, undated


def _people_audiences(profile: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        ups = profile["segmentMembership"]["ups"]
    except (KeyError, TypeError):
        return None
    return ups if is_mapping(ups) else None


def _status(value: object) -> str | None:
    return _STATUSES.get(value) if isinstance(value, str) else None
