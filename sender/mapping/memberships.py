"""A profile's memberships as they are exported: those of active audiences, and exits. Pure."""

import datetime as dt
from collections.abc import Mapping

from sender.mapping import MappedContent
from sender.mapping.profile_state import EXITED, REALIZED
from sender.mapping.scalars import UNKNOWN_TIME
from sender.text import instant_text

Memberships = dict[str, dict[str, str]]


def current_memberships(
    content: MappedContent,
    exported: Mapping[str, str],
    active: frozenset[str],
    told: frozenset[str],
    now: dt.datetime,
) -> Memberships:
    """Return the memberships of active audiences, with an exit for each that has disappeared.

    An audience that the profile's source cannot tell of has not disappeared.
    """
    memberships = {
        key: _timed(membership, now)
        for key, membership in content.memberships.items()
        if key in active
    }
    for key, status in exported.items():
        if status == REALIZED and key in told and key not in memberships:
            memberships[key] = _exit(now)
    return memberships


def memberships_without_consent(
    content: MappedContent, exported: Mapping[str, str], active: frozenset[str], now: dt.datetime
) -> Memberships:
    """Return an exit from each active audience in which the profile was exported."""
    memberships = {}
    for key, status in exported.items():
        if key in active:
            # An exit that was already exported keeps its own time.
            membership = content.memberships.get(key)
            has_left_before = (
                status != REALIZED and membership is not None and membership["status"] == EXITED
            )
            memberships[key] = (
                _timed(membership, now) if membership and has_left_before else _exit(now)
            )
    return memberships


def _exit(now: dt.datetime) -> dict[str, str]:
    return {"lastQualificationTime": instant_text(now), "status": EXITED}


def _timed(membership: dict[str, str], now: dt.datetime) -> dict[str, str]:
    if membership["lastQualificationTime"] != UNKNOWN_TIME:
        return membership
    return {**membership, "lastQualificationTime": instant_text(now)}


def has_realized(memberships: Memberships) -> bool:
    """Return whether one of them is of a member."""
    return any(membership["status"] == REALIZED for membership in memberships.values())
