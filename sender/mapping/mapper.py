"""Maps a profile to a message. Pure, and fast, because every profile passes through here.

Implements the mapping and the message's structure (A-MSG-1). Whether a profile is exported is
decided in :mod:`sender.mapping.activation`. Profiles are never changed.
"""

import datetime as dt
import json
import random
import uuid
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from sender.dataflow import Dataflow
from sender.mapping.consent import Consent
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.identity_hints import identity_hint
from sender.mapping.scalars import UNKNOWN_TIME, id_text, is_hashed, scalar, utc_text

Profile = Mapping[str, Any]
IdentityMap = dict[str, list[dict[str, str]]]

_STATUSES = {"realized": "realized", "existing": "realized", "exited": "exited"}
_MISSING = (KeyError, TypeError)
# Mapped content is made here and has no cycles, so the encoder need not look for them.
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False)
_ESCAPING_ENCODER = json.JSONEncoder(separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class MappedContent:
    """The content of one message in its three parts (A-MSG-1).

    Attributes:
        attributes: the mapped attributes that the profile has, nested as in the message.
        identity_map: namespace, or target identity, to its identities, each ``{"id": …}``; never
            empty.
        memberships: mapped audience id to ``{"lastQualificationTime": …, "status": …}``.
        undated: the audiences in ``memberships`` whose time is present but not an instant.
        namespaces: the identities by namespace; None: as ``identity_map`` has them.
    """

    attributes: dict[str, Any]
    identity_map: IdentityMap
    memberships: dict[str, dict[str, str]]
    undated: tuple[str, ...] = ()
    namespaces: IdentityMap | None = None

    def __repr__(self) -> str:
        return f"MappedContent(identity_map={list(self.identity_map)})"

    @property
    def by_namespace(self) -> IdentityMap:
        """The identities by their namespace in the profile."""
        return self.identity_map if self.namespaces is None else self.namespaces

    def with_memberships(self, memberships: dict[str, dict[str, str]]) -> "MappedContent":
        """Return the same content with other memberships."""
        # Spelled out, because dataclasses.replace takes several times as long for each message.
        return MappedContent(
            self.attributes, self.identity_map, memberships, self.undated, self.namespaces
        )

    def to_message(self) -> dict[str, Any]:
        """Return the message as one JSON object; without audiences it has no segmentMembership."""
        message = {**self.attributes, "identityMap": self.identity_map}
        if self.memberships:
            message["segmentMembership"] = {"ups": self.memberships}
        return message


@dataclass(frozen=True, slots=True)
class _AttributeStep:
    """One attribute's paths, split once per dataflow instead of once per profile."""

    source_path: tuple[str, ...]
    target_parents: tuple[str, ...]
    target_leaf: str


class Mapper:
    """Maps profiles as one dataflow defines; safe to share between threads.

    Attributes:
        dataflow: the dataflow.
        audience_ids: the mapped audiences, active or not.
        consent: judges profiles by the dataflow's consent rules.

    Example:
        >>> flow = Dataflow.from_mapping({
        ...     "name": "Survey",
        ...     "url": "http://127.0.0.1:8084/inbound-event/v1/events/json/triggers?urlTokenId=x",
        ...     "username": "dave#brand",
        ...     "attributes": [{"source": "person.name.firstName", "target": "firstName"}],
        ...     "identities": [{"source": "Email", "target": "email"}],
        ... })
        >>> profile = {
        ...     "person": {"name": {"firstName": "Dave"}},
        ...     "identityMap": {"Email": [{"id": "Email-2Sf6C"}]},
        ... }
        >>> Mapper(flow).content(profile).to_message()
        {'firstName': 'Dave', 'identityMap': {'Email': [{'id': 'Email-2Sf6C'}]}}
    """

    def __init__(self, dataflow: Dataflow) -> None:
        self.dataflow = dataflow
        self._steps = tuple(
            _AttributeStep(a.source_path, a.target_path[:-1], a.target_path[-1])
            for a in dataflow.attributes
        )
        self.consent = Consent(dataflow.consent)
        self._namespaces = tuple((i.source, i.target == "email") for i in dataflow.identities)
        self._targets = {i.source: i.target for i in dataflow.identities}
        self._has_target_keys = dataflow.identity_map_keys == "target"
        self.audience_ids = frozenset(audience.id for audience in dataflow.audiences)
        self._audiences_in_order = tuple(audience.id for audience in dataflow.audiences)
        self._has_dates = any(a.start_date or a.end_date for a in dataflow.audiences)

    def content(self, profile: Profile) -> MappedContent | Excluded:
        """Map one profile.

        Includes all mapped attributes that the profile has and all identities of the mapped
        namespaces (A-EXP-2), and mapped audiences of the ``ups`` origin only (A-EXP-5). Null counts
        as missing. Arrays and objects at a mapped attribute's path are not exported (A-MAP-3), nor
        are NaN and infinities, which JSON lacks. Hashed e-mails are left out (A-MAP-2). XDM's
        status ``existing`` counts as ``realized``; other statuses are not exported (A-MSG-2).

        Returns:
            The content, or the reason for the exclusion when no identity can be exported.
        """
        identity_map = self._identity_map(profile)
        if not identity_map:
            return self._without_identity(profile)
        memberships, undated = self._memberships(profile)
        attributes = self._attributes(profile)
        if not self._has_target_keys:
            return MappedContent(attributes, identity_map, memberships, undated)
        by_target = self._by_target(identity_map)
        return MappedContent(attributes, by_target, memberships, undated, identity_map)

    def active_audiences(self, now: dt.datetime) -> frozenset[str]:
        """Return the audiences that are exported at an instant with a time zone (A-EXP-6)."""
        if not self._has_dates:
            return self.audience_ids
        day = now.astimezone(dt.UTC).date()
        return frozenset(a.id for a in self.dataflow.audiences if a.is_active(day))

    def told_audiences(
        self, profile: Profile, readable: Collection[str], known: frozenset[str] | None = None
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
            known = self.audience_ids if ups is not None else frozenset()
        told = self.audience_ids & known
        return told.difference(key for key in ups or () if key not in readable)

    def _attributes(self, profile: Profile) -> dict[str, Any]:
        attributes: dict[str, Any] = {}
        for step in self._steps:
            value: Any = profile
            try:
                for name in step.source_path:
                    value = value[name]
            except _MISSING:
                continue
            # Most values are texts, which are exported as they are: spare them the call.
            if value.__class__ is not str:
                value = scalar(value)
                if value is None:
                    continue
            node = attributes
            for name in step.target_parents:
                node = node.setdefault(name, {})
            node[step.target_leaf] = value
        return attributes

    def _identity_map(self, profile: Profile) -> IdentityMap:
        source = profile.get("identityMap")
        if not _is_mapping(source):
            return {}
        identity_map = {}
        for namespace, is_email in self._namespaces:
            ids = [
                {"id": text}
                for text in _ids(source.get(namespace))
                if not (is_email and is_hashed(text))
            ]
            if ids:
                identity_map[namespace] = ids
        return identity_map

    def _by_target(self, identity_map: IdentityMap) -> IdentityMap:
        """Return the identities by their targets, in mapping order, each once (A-MSG-1)."""
        ids: dict[str, dict[str, None]] = {}
        for namespace, entries in identity_map.items():
            target = ids.setdefault(self._targets[namespace], {})
            target.update((entry["id"], None) for entry in entries)
        return {target: [{"id": text} for text in texts] for target, texts in ids.items()}

    def _without_identity(self, profile: Profile) -> Excluded:
        source = profile.get("identityMap")
        if isinstance(source, Mapping):
            for namespace, _ in self._namespaces:
                if any(_ids(source.get(namespace))):
                    return Excluded(ExclusionReason.HASHED_EMAIL)
        hint = identity_hint(profile, [namespace for namespace, _ in self._namespaces])
        return Excluded(ExclusionReason.NO_MAPPED_IDENTITY, hint)

    def _memberships(self, profile: Profile) -> tuple[dict[str, dict[str, str]], tuple[str, ...]]:
        """Return the memberships, and the audiences whose time is present but not an instant."""
        memberships: dict[str, dict[str, str]] = {}
        undated: tuple[str, ...] = ()
        ups = (_people_audiences(profile) if self.audience_ids else None) or {}
        for audience_id in self._audiences_in_order if ups else ():
            entry = ups.get(audience_id)
            if _is_mapping(entry) and (status := _status(entry.get("status"))) is not None:
                raw_time = entry.get("lastQualificationTime")
                time = utc_text(raw_time)
                if time is None:
                    time = UNKNOWN_TIME
                    undated += () if raw_time is None else (audience_id,)
                memberships[audience_id] = {"lastQualificationTime": time, "status": status}
        return memberships, undated


def message_body(content: MappedContent) -> bytes:
    """Return the message as compact JSON in UTF-8.

    UTF-8 cannot encode lone surrogates, so they are written as JSON escapes.
    """
    message = content.to_message()
    try:
        return _ENCODER.encode(message).encode()
    except UnicodeEncodeError:
        return _ESCAPING_ENCODER.encode(message).encode()


def profile_key(profile: Profile, dataflow: Dataflow) -> str | None:
    """Return the key that identifies a profile: its ``_id``, or else its first mapped identity.

    The key starts with ``_id`` or the namespace, so that equal ids of different kinds are different
    profiles. Identities are tried in mapping order; hashed e-mails are skipped.

    Returns:
        The key, as text that UTF-8 can encode; None for a profile that has neither.
    """
    profile_id = id_text(profile.get("_id"))
    if profile_id:
        return _storable(f"_id:{profile_id}")
    source = profile.get("identityMap")
    if _is_mapping(source):
        for mapping in dataflow.identities:
            for text in _ids(source.get(mapping.source)):
                if mapping.target != "email" or not is_hashed(text):
                    return _storable(f"{mapping.source}:{text}")
    return None


def trace_id(rng: random.Random) -> str:
    """Return a new trace id: a version 4 UUID, reproducible with a seeded ``rng``."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))


def _people_audiences(profile: Profile) -> Mapping[str, Any] | None:
    try:
        ups = profile["segmentMembership"]["ups"]
    except _MISSING:
        return None
    return ups if _is_mapping(ups) else None


def _is_mapping(value: object) -> TypeGuard[Mapping[str, Any]]:
    # Nearly every mapping is a dict, and to ask an abstract class takes several times as long.
    return value.__class__ is dict or isinstance(value, Mapping)


def _status(value: object) -> str | None:
    return _STATUSES.get(value) if isinstance(value, str) else None


def _ids(entries: object) -> Iterator[str]:
    """Yield the ids of one namespace, skipping entries that are not an identity."""
    if isinstance(entries, list | tuple):
        for entry in entries:
            if _is_mapping(entry):
                text = id_text(entry.get("id"))
                if text:
                    yield text


def _storable(key: str) -> str:
    return key if key.isascii() else key.encode("utf-8", "backslashreplace").decode()
