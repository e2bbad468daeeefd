"""A profile's identities: those that are exported, and the key by which it is known. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from sender.dataflow import Dataflow
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.hints.identity_hints import identity_hint
from sender.mapping.scalars import id_text, is_hashed, is_mapping

Profile = Mapping[str, Any]
IdentityMap = dict[str, list[dict[str, str]]]


class MappedIdentities:
    """The identities of the namespaces that a dataflow maps (A-MAP-2).

    Args:
        dataflow: the dataflow.
    """

    def __init__(self, dataflow: Dataflow) -> None:
        self._namespaces = tuple((i.source, i.target == "email") for i in dataflow.identities)
        self._targets = {i.source: i.target for i in dataflow.identities}

    def by_namespace(self, profile: Profile) -> IdentityMap:
        """Return the identities that are exported, by namespace, in mapping order."""
        source = profile.get("identityMap")
        if not is_mapping(source):
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

    def by_target(self, identity_map: IdentityMap) -> IdentityMap:
        """Return the identities by their targets, in mapping order, each once (A-MSG-1)."""
        ids: dict[str, dict[str, None]] = {}
        for namespace, entries in identity_map.items():
            target = ids.setdefault(self._targets[namespace], {})
            target.update((entry["id"], None) for entry in entries)
        return {target: [{"id": text} for text in texts] for target, texts in ids.items()}

    def why_none(self, profile: Profile) -> Excluded:
        """Return why a profile has no identity that can be exported."""
        source = profile.get("identityMap")
        if isinstance(source, Mapping):
            for namespace, _ in self._namespaces:
                if any(_ids(source.get(namespace))):
                    return Excluded(ExclusionReason.HASHED_EMAIL)
        hint = identity_hint(profile, [namespace for namespace, _ in self._namespaces])
        return Excluded(ExclusionReason.NO_MAPPED_IDENTITY, hint)


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
    if is_mapping(source):
        for mapping in dataflow.identities:
            for text in _ids(source.get(mapping.source)):
                if mapping.target != "email" or not is_hashed(text):
                    return _storable(f"{mapping.source}:{text}")
    return None


def _ids(entries: object) -> Iterator[str]:
    """Yield the ids of one namespace, skipping entries that are not an identity."""
    if isinstance(entries, list | tuple):
        for entry in entries:
            if is_mapping(entry):
                text = id_text(entry.get("id"))
                if text:
                    yield text


def _storable(key: str) -> str:
    return key if key.isascii() else key.encode("utf-8", "backslashreplace").decode()
