"""Whether a profile's consent to its export is withdrawn (A-EXP-4). Pure.

In doubt it is: by an unknown value, another case, another type, or another structure than XDM's
field group "Consents and Preferences" has. A consent that is missing or null changes nothing. An
opt-out is not outweighed by another consent that is granted.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sender.dataflow import ConsentRules
from sender.dataflow.consent_rules import CONSENTS

IdentityMap = Mapping[str, Iterable[Mapping[str, str]]]

_ID_SPECIFIC = "idSpecific"


class Consent:
    """Judges profiles by the rules of one dataflow.

    Args:
        rules: which consents count.

    Example:
        >>> judge = Consent(ConsentRules())
        >>> judge.is_withdrawn({"consents": {"marketing": {"any": {"val": "dn"}}}})
        True
        >>> judge.is_withdrawn({"consents": {"marketing": {"any": {"val": "y"}}}})
        False
    """

    def __init__(self, rules: ConsentRules) -> None:
        self._granted = frozenset(rules.granted)
        self._paths = tuple(tuple(path.split(".")) for path in rules.paths)
        below = tuple(path[1:] for path in self._paths if path[0] == CONSENTS and path[1:])
        self._id_paths = below if rules.id_specific else ()

    def is_withdrawn(
        self, profile: Mapping[str, Any], identities: IdentityMap | None = None
    ) -> bool:
        """Return whether the profile must not be exported.

        Args:
            profile: the profile.
            identities: the exported identities by namespace, each ``{"id": …}``.
        """
        for path in self._paths:
            if path[0] in profile and self._is_withdrawn_at(profile, path):
                return True
        return any(
            self._is_withdrawn_at(entry, path)
            for entry in self._entries(profile, identities or {})
            for path in self._id_paths
        )

    def _is_withdrawn_at(self, node: object, path: tuple[str, ...]) -> bool:
        for name in path:
            if node is None:
                return False
            # Every profile passes here, and to ask whether it is a mapping is slow.
            if node.__class__ is not dict and not isinstance(node, Mapping):
                return True
            node = node.get(name)
        return node is not None and not (isinstance(node, str) and node in self._granted)

    def _entries(self, profile: Mapping[str, Any], identities: IdentityMap) -> Iterator[object]:
        """Yield what is said of each exported identity, and whatever stands in the way of it."""
        consents = profile.get(CONSENTS)
        told = consents.get(_ID_SPECIFIC) if isinstance(consents, Mapping) else None
        if told is None or not self._id_paths:
            return
        if not isinstance(told, Mapping):
            yield told
            return
        # "email" and "Email" are both in use, and so is either case of an address.
        exported = {_folded(name): entries for name, entries in identities.items()}
        for namespace, by_id in told.items():
            if _folded(namespace) in exported:
                yield from _of_ids(by_id, exported[_folded(namespace)])


def _of_ids(by_id: object, entries: Iterable[Mapping[str, str]]) -> Iterator[object]:
    if not isinstance(by_id, Mapping):
        yield by_id
        return
    ids = {_folded(entry["id"]) for entry in entries}
    yield from (told for id_, told in by_id.items() if _folded(id_) in ids)


def _folded(name: object) -> str:
    return str(name).strip().casefold()
