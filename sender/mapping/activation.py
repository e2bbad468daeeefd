"""Whether a profile is exported, given its last export. Pure.

Exports are streaming and incremental (A-EXP-1): a profile is exported when it enters or leaves a
mapped audience, a mapped attribute changes, or an identity of a mapped namespace is added or
removed. The outbox stores the state.

Where the facts leave a question open, these rules apply:

- Only members are exported: an update is exported while the profile is realized in at least one
  active mapped audience. A profile that was never exported and is in none of them is not exported;
  a profile that has left all of them is not exported until it enters one again.
- In a dataflow without audiences every profile is a member.
- A mapped audience that is missing from the profile's memberships counts as left at this instant,
  if the profile's source can tell: a table needs a column for it, any other source a profile with
  ``segmentMembership.ups``. Otherwise its last exported status stays.
- An audience outside its dates is not exported, neither its entries nor its exits (A-EXP-6); its
  last exported status is kept. Dates are days in UTC, both inclusive.
- Withdrawn consent (:mod:`sender.mapping.consent`) is exported as an exit, at this instant, from
  the audiences in which the profile was exported (A-EXP-4). Nothing more is exported until consent
  is given again.
- Identities in another order are the same identities. A new ``lastQualificationTime`` alone is not
  a change.
- A membership without a ``lastQualificationTime`` counts as qualified at this instant. If the value
  is not an instant, the profile is excluded until it has a valid one: no time is invented. An exit
  because of withdrawn consent does not need that time and is exported anyway.
- A changed mapping changes what is exported of a profile, so members are exported again.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from sender.mapping import MappedContent, Mapper, Profile
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.scalars import UNKNOWN_TIME
from sender.text import instant_text

REALIZED = "realized"
EXITED = "exited"

_DIGEST_BYTES = 12
_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode

Memberships = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ProfileState:
    """What was last exported of a profile; enough to decide on the next export.

    Attributes:
        digest: a digest of the exported attributes and identities; does not reveal their content.
        statuses: the exported status by audience id.
    """

    digest: str
    statuses: Mapping[str, str]

    @property
    def has_left(self) -> bool:
        """Whether the last export was the exit from all audiences."""
        return bool(self.statuses) and REALIZED not in self.statuses.values()

    def to_json(self) -> str:
        """Return the state as compact text: digest, audiences realized, audiences exited."""
        realized = [key for key, status in self.statuses.items() if status == REALIZED]
        exited = [key for key, status in self.statuses.items() if status != REALIZED]
        return _ENCODE((self.digest, realized, exited))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Return the state that :meth:`to_json` wrote."""
        digest, realized, exited = json.loads(text)
        return cls(digest, dict.fromkeys(realized, REALIZED) | dict.fromkeys(exited, EXITED))


@dataclass(frozen=True, slots=True)
class Export:
    """The decision to export a profile.

    Attributes:
        content: the message's content.
        state: the state to store together with the message.
        is_opt_out: whether it is the exit of a profile whose consent was withdrawn.
    """

    content: MappedContent
    state: ProfileState
    is_opt_out: bool = False


def decide(
    previous: ProfileState | None,
    profile: Profile,
    mapper: Mapper,
    now: dt.datetime,
    known_audiences: frozenset[str] | None = None,
) -> Export | Excluded:
    """Decide whether a profile is exported, and with which content.

    A message carries all mapped attributes that the profile has and the statuses of all active
    mapped audiences (A-EXP-2). The first export of an audience includes all profiles that are
    already realized in it (A-EXP-3), also when the audience is added to an existing dataflow.

    Args:
        previous: what was last exported; None if the profile was never exported.
        profile: the profile as it is now; not changed.
        mapper: the dataflow's mapping.
        now: the current instant, with its time zone.
        known_audiences: the audiences that the profile's source can tell of; None: all, if the
            profile has ``segmentMembership.ups``.

    Returns:
        What to export, or why nothing is exported.

    Example:
        >>> from sender.dataflow.model import Dataflow
        >>> flow = Dataflow.from_mapping({
        ...     "name": "Survey",
        ...     "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
        ...     "username": "dave#brand",
        ...     "identities": [{"source": "Email", "target": "email"}],
        ... })
        >>> mapper, now = Mapper(flow), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
        >>> profile = {"identityMap": {"Email": [{"id": "Email-2Sf6C"}]}}
        >>> first = decide(None, profile, mapper, now)
        >>> decide(first.state, profile, mapper, now).reason.value
        'nothing changed since the last export'
    """
    content = mapper.content(profile)
    if isinstance(content, Excluded):
        return content
    active = mapper.active_audiences(now)
    exported = {} if previous is None else previous.statuses
    opted_out = mapper.consent.is_withdrawn(profile, content.identity_map)
    told = active & mapper.told_audiences(profile, known_audiences) if exported else active
    if opted_out:
        memberships = _without_consent(content, exported, active, now)
    else:
        memberships = _current(content, exported, active, told, now)
    if not opted_out and not active.isdisjoint(content.undated):
        return Excluded(ExclusionReason.UNREADABLE_TIME)
    digest = content_digest(content)
    if not _has_moved(memberships, exported):
        if opted_out:
            return Excluded(ExclusionReason.CONSENT_WITHDRAWN)
        if previous is not None and previous.digest == digest:
            return Excluded(ExclusionReason.NOTHING_CHANGED)
        if mapper.audience_ids and not _is_member(memberships, exported, active - told):
            return Excluded(_absence(content, active))
    # Inactive audiences keep their last exported status; those no longer mapped are forgotten.
    statuses = {key: status for key, status in exported.items() if key in mapper.audience_ids}
    statuses.update((key, membership["status"]) for key, membership in memberships.items())
    state = ProfileState(digest, statuses)
    return Export(replace(content, memberships=memberships), state, opted_out)


def content_digest(content: MappedContent) -> str:
    """Return a digest that changes when the attributes or the identities change."""
    identities = {
        namespace: sorted({entry["id"] for entry in entries})
        for namespace, entries in content.identity_map.items()
    }
    text = _ENCODE((content.attributes, identities))
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _current(
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


def _without_consent(
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


def _has_moved(memberships: Memberships, exported: Mapping[str, str]) -> bool:
    """Return whether the profile entered an audience, or left one in which it was exported."""
    return any(
        (membership["status"] == REALIZED) != (exported.get(key) == REALIZED)
        for key, membership in memberships.items()
    )


def _is_member(
    memberships: Memberships,
    exported: Mapping[str, str] | None = None,
    untold: frozenset[str] = frozenset(),
) -> bool:
    """Return whether one is realized, now or, where the source cannot tell, at the last export."""
    return any(membership["status"] == REALIZED for membership in memberships.values()) or any(
        status == REALIZED and key in untold for key, status in (exported or {}).items()
    )


def _absence(content: MappedContent, active: frozenset[str]) -> ExclusionReason:
    """Return why a profile with an identity is not a member."""
    inactive = {key: value for key, value in content.memberships.items() if key not in active}
    if _is_member(inactive):
        return ExclusionReason.AUDIENCE_NOT_ACTIVE
    return ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE
