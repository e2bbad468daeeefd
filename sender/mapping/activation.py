"""Whether a profile is exported, given what was exported of it before: pure.

Streaming and incremental (A-EXP-1): entry into and exit from a mapped audience, a mapped attribute
updated, an identity of a mapped namespace added or removed. Storing the state is the outbox's work.

What the facts leave open is read as follows:

- Only members are exported: without an entry or an exit, an update is exported while the profile is
  realized in at least one active mapped audience. A profile that was never exported and is in none
  is not exported; one that has left all of them is left in peace until it enters again.
- A dataflow without audiences takes every profile for a member.
- A mapped audience that vanished from the profile's memberships counts as left, now.
- An audience outside its dates is not exported, neither as entry nor as exit (A-EXP-6); what was
  exported of it is remembered. Days are days in UTC, the first and the last included.
- Consent is withdrawn by ``n`` as ``consents.marketing.any.val`` or ``consents.share.val``. It is
  exported as an exit, now, from the audiences that the profile was exported in (A-EXP-4), and from
  then on nothing is exported until consent returns.
- Identities in another order are the same identities; a new ``lastQualificationTime`` alone is no
  change.
- A membership without a ``lastQualificationTime`` was qualified now. With one that is no instant,
  the profile is excluded until it has another: no instant is made up in its place. An exit for
  want of consent needs no such time, and is exported all the same.
- A changed mapping changes what is exported of a profile, so that members are exported again.
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
_OPT_OUT = "n"
_CONSENT_PATHS = (("marketing", "any", "val"), ("share", "val"))

Memberships = dict[str, dict[str, str]]


@dataclass(frozen=True, slots=True)
class ProfileState:
    """What was last exported of a profile; all that deciding about the next export needs.

    Attributes:
        digest: stands for the exported attributes and identities; says nothing of their content.
        statuses: exported audience id to its exported status.
    """

    digest: str
    statuses: Mapping[str, str]

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
    """A profile is exported.

    Attributes:
        content: what the message says.
        state: what to remember once the message is stored.
    """

    content: MappedContent
    state: ProfileState


def decide(
    previous: ProfileState | None, profile: Profile, mapper: Mapper, now: dt.datetime
) -> Export | Excluded:
    """Decide whether a profile is exported, and with what.

    A message carries all mapped attributes that the profile has and the statuses of all active
    mapped audiences (A-EXP-2). At first everyone who is realized already is exported (A-EXP-3),
    also when an audience joins an existing dataflow.

    Args:
        previous: what was last exported; none when the profile never was.
        profile: the profile as it is now; not changed.
        mapper: the dataflow's mapping.
        now: the instant, with its time zone.

    Returns:
        What to export, or why nothing is.

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
    known = {} if previous is None else previous.statuses
    opted_out = has_opted_out(profile)
    memberships = (_without_consent if opted_out else _current)(content, known, active, now)
    if not opted_out and not active.isdisjoint(content.undated):
        return Excluded(ExclusionReason.UNREADABLE_TIME)
    digest = content_digest(content)
    if not _has_moved(memberships, known):
        if opted_out:
            return Excluded(ExclusionReason.CONSENT_WITHDRAWN)
        if previous is not None and previous.digest == digest:
            return Excluded(ExclusionReason.NOTHING_CHANGED)
        if mapper.audience_ids and not _is_member(memberships):
            return Excluded(_absence(content, active))
    statuses = {key: status for key, status in known.items() if key in mapper.audience_ids}
    statuses.update((key, membership["status"]) for key, membership in memberships.items())
    return Export(replace(content, memberships=memberships), ProfileState(digest, statuses))


def has_opted_out(profile: Profile) -> bool:
    """Tell whether the profile's consent to marketing or to sharing is withdrawn (A-EXP-4)."""
    consents = profile.get("consents")
    return isinstance(consents, Mapping) and any(
        _value_at(consents, path) == _OPT_OUT for path in _CONSENT_PATHS
    )


def content_digest(content: MappedContent) -> str:
    """Return what stands for the attributes and identities, so that a change of them shows."""
    identities = {
        namespace: sorted({entry["id"] for entry in entries})
        for namespace, entries in content.identity_map.items()
    }
    text = _ENCODE((content.attributes, identities))
    return hashlib.blake2b(text.encode(), digest_size=_DIGEST_BYTES).hexdigest()


def _current(
    content: MappedContent, known: Mapping[str, str], active: frozenset[str], now: dt.datetime
) -> Memberships:
    """Return the active audiences' memberships, those included that vanished since."""
    memberships = {
        key: _timed(membership, now)
        for key, membership in content.memberships.items()
        if key in active
    }
    for key, status in known.items():
        if status == REALIZED and key in active and key not in memberships:
            memberships[key] = _exit(now)
    return memberships


def _without_consent(
    content: MappedContent, known: Mapping[str, str], active: frozenset[str], now: dt.datetime
) -> Memberships:
    """Return an exit from each active audience that the profile was exported in."""
    memberships = {}
    for key, status in known.items():
        if key in active:
            own = content.memberships.get(key)
            has_left_before = status != REALIZED and own is not None and own["status"] == EXITED
            memberships[key] = _timed(own, now) if own and has_left_before else _exit(now)
    return memberships


def _exit(now: dt.datetime) -> dict[str, str]:
    return {"lastQualificationTime": instant_text(now), "status": EXITED}


def _timed(membership: dict[str, str], now: dt.datetime) -> dict[str, str]:
    if membership["lastQualificationTime"] != UNKNOWN_TIME:
        return membership
    return {**membership, "lastQualificationTime": instant_text(now)}


def _has_moved(memberships: Memberships, known: Mapping[str, str]) -> bool:
    """Tell whether the profile entered an audience, or left one that it was exported in."""
    return any(
        (membership["status"] == REALIZED) != (known.get(key) == REALIZED)
        for key, membership in memberships.items()
    )


def _is_member(memberships: Memberships) -> bool:
    return any(membership["status"] == REALIZED for membership in memberships.values())


def _absence(content: MappedContent, active: frozenset[str]) -> ExclusionReason:
    """Return why a profile with an identity is no member."""
    asleep = {key: value for key, value in content.memberships.items() if key not in active}
    if _is_member(asleep):
        return ExclusionReason.AUDIENCE_NOT_ACTIVE
    return ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE


def _value_at(mapping: Mapping[str, object], path: tuple[str, ...]) -> object:
    value: object = mapping
    for name in path:
        if not isinstance(value, Mapping):
            return None
        value = value.get(name)
    return value
