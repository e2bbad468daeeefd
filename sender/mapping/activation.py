"""Whether a profile is exported, given its last export. Pure.

Exports are streaming and incremental (A-EXP-1): a profile is exported when it enters or leaves a
mapped audience, a mapped attribute changes, or an identity of a mapped namespace is added or
removed. Each of these can be switched off. The outbox stores the state.

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
- The status of an audience that is no longer mapped is kept, and no exit is exported (A-EXP-7).
  When it is mapped again, who entered or left it meanwhile is not exported (A-EXP-3).
- A change that is switched off is known from then on: it is not exported later by itself, and the
  next message carries it. Nothing switches off the first activation of an audience (A-EXP-3).
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
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from sender.mapping import MappedContent, Mapper, Profile
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.hints.status_hints import status_hint
from sender.mapping.memberships import (
    Memberships,
    current_memberships,
    has_realized,
    memberships_without_consent,
)
from sender.mapping.profile_state import REALIZED, ProfileState, digest_of
from sender.mapping.triggers import EVERY_CHANGE, Triggers


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


@dataclass(frozen=True, slots=True)
class Known(Excluded):
    """A profile that changed and is not exported, because that change exports nothing.

    Attributes:
        state: the state to store: the change is known from now on.
    """

    state: ProfileState = field(kw_only=True)


class _Case(NamedTuple):
    """All that a decision rests on: the profile as it is now, and what was last exported of it."""

    mapper: Mapper
    profile: Profile
    content: MappedContent
    previous: ProfileState | None
    exported: Mapping[str, str]
    active: frozenset[str]
    told: frozenset[str]
    memberships: Memberships
    is_opt_out: bool

    def moved(self) -> list[str]:
        """Return the audiences that it entered, and those that it was exported in and has left."""
        return [
            key
            for key, membership in self.memberships.items()
            if (membership["status"] == REALIZED) != (self.exported.get(key) == REALIZED)
        ]

    def is_member(self) -> bool:
        """Return whether it is in an active audience, or was and its source cannot tell."""
        if not self.mapper.audiences.ids:
            return True
        untold = self.active - self.told
        return has_realized(self.memberships) or any(
            status == REALIZED and key in untold for key, status in self.exported.items()
        )

    def state(self, digest: str) -> ProfileState:
        """Return the state to store; audiences that are not active keep their last status."""
        now = {key: membership["status"] for key, membership in self.memberships.items()}
        return ProfileState(digest, {**self.exported, **now})


def decide(
    previous: ProfileState | None,
    profile: Profile,
    mapper: Mapper,
    now: dt.datetime,
    known_audiences: frozenset[str] | None = None,
    triggers: Triggers = EVERY_CHANGE,
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
        triggers: what exports a profile.

    Returns:
        What to export, or why nothing is exported; :class:`Known` if its state is to be stored.

    Example:
        >>> from sender.dataflow import Dataflow
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
    case = _case(previous, profile, mapper, content, now, known_audiences)
    if not case.is_opt_out and not case.active.isdisjoint(content.undated):
        return Excluded(ExclusionReason.UNREADABLE_TIME)
    digest, moved = digest_of(content), case.moved()
    if any(triggers.exports_move(key) for key in moved):
        return _export(case, digest)
    if case.is_opt_out:
        withdrawn = ExclusionReason.CONSENT_WITHDRAWN
        return Known(withdrawn, state=case.state(digest)) if moved else Excluded(withdrawn)
    return _update(case, digest, moved, triggers)


def _case(
    previous: ProfileState | None,
    profile: Profile,
    mapper: Mapper,
    content: MappedContent,
    now: dt.datetime,
    known_audiences: frozenset[str] | None,
) -> _Case:
    active = mapper.audiences.active(now)
    exported = {} if previous is None else previous.statuses
    is_opt_out = mapper.consent.is_withdrawn(profile, content.by_namespace)
    told = (
        active & mapper.audiences.told(profile, content.memberships, known_audiences)
        if exported
        else active
    )
    if is_opt_out:
        memberships = memberships_without_consent(content, exported, active, now)
    else:
        memberships = current_memberships(content, exported, active, told, now)
    return _Case(
        mapper, profile, content, previous, exported, active, told, memberships, is_opt_out
    )


def _update(case: _Case, digest: str, moved: list[str], triggers: Triggers) -> Export | Excluded:
    """Decide on a profile that no change of its audiences exports."""
    if case.previous is None:
        return _first(case, digest, moved, triggers)
    changed = case.previous.changes(digest, case.content)
    is_restated = triggers.restated and bool(case.content.attributes)
    if not (changed or moved or is_restated):
        return _unchanged(case)
    if not (case.is_member() or moved):
        return _absent(case)
    if case.is_member() and triggers.exports_update(changed, is_restated=is_restated):
        return _export(case, digest)
    return Known(triggers.why_not(moved, changed), state=case.state(digest))


def _first(case: _Case, digest: str, moved: list[str], triggers: Triggers) -> Export | Excluded:
    """Decide on a profile that was never exported and entered no audience that exports it."""
    if not case.mapper.audiences.ids:
        return _export(case, digest)
    if not moved:
        return _absent(case)
    return Known(triggers.why_not(moved), state=case.state(digest))


def _export(case: _Case, digest: str) -> Export:
    content = case.content.with_memberships(case.memberships)
    return Export(content, case.state(digest), case.is_opt_out)


def _absent(case: _Case) -> Excluded:
    """Return why a profile with an identity is not a member."""
    memberships = case.content.memberships
    inactive = {key: value for key, value in memberships.items() if key not in case.active}
    if has_realized(inactive):
        return Excluded(ExclusionReason.AUDIENCE_NOT_ACTIVE)
    return Excluded(ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE, _status_hint(case))


def _unchanged(case: _Case) -> Excluded:
    # Most profiles of a second export come here, and nearly all tell of every audience.
    hint = "" if case.told == case.active else _status_hint(case)
    return Excluded(ExclusionReason.NOTHING_CHANGED, hint)


def _status_hint(case: _Case) -> str:
    unread = case.mapper.audiences.ids.difference(case.content.memberships)
    return status_hint(case.profile, unread)
