"""Maps a profile to a message. Pure, and fast, because every profile passes through here.

Implements the mapping and the message's structure (A-MSG-1). Whether a profile is exported is
decided in :mod:`sender.mapping.activation`. Profiles are never changed.
"""

from dataclasses import dataclass
from typing import Any

from sender.dataflow import Dataflow
from sender.mapping.audiences import MappedAudiences
from sender.mapping.consent import Consent
from sender.mapping.exclusions import Excluded
from sender.mapping.message import MappedContent
from sender.mapping.profile_identities import MappedIdentities, Profile
from sender.mapping.scalars import scalar


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
        audiences: the mapped audiences.
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
        self.audiences = MappedAudiences(dataflow)
        self._memberships = self.audiences.memberships
        self._identities = MappedIdentities(dataflow)
        self._identity_map = self._identities.by_namespace
        self._has_target_keys = dataflow.identity_map_keys == "target"

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
            return self._identities.why_none(profile)
        memberships, undated = self._memberships(profile)
        attributes = self._attributes(profile)
        if not self._has_target_keys:
            return MappedContent(attributes, identity_map, memberships, undated)
        by_target = self._identities.by_target(identity_map)
        return MappedContent(attributes, by_target, memberships, undated, identity_map)

    def _attributes(self, profile: Profile) -> dict[str, Any]:
        attributes: dict[str, Any] = {}
        for step in self._steps:
            value: Any = profile
            try:
                for name in step.source_path:
                    value = value[name]
            except (KeyError, TypeError):
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
