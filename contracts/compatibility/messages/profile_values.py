"""What of a profile's single values is exported (A-MAP-2, A-MAP-3), as the sender does it. Pure."""

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.documents import MOST_BITS

_HASH_LENGTHS: Final = frozenset({32, 40, 64, 128})
_HEX_DIGITS: Final = frozenset("0123456789abcdefABCDEF")
_STATUSES: Final = {"realized": "realized", "existing": "realized", "exited": "exited"}


class Found(NamedTuple):
    """What a profile has at an attribute's source.

    Attributes:
        value: the plain value that is exported; None for nothing.
        code: why nothing is exported: ``optional`` or ``wrong-type``.
        text: the same as a sentence about the profile, without its subject.
    """

    value: Any
    code: str = ""
    text: str = ""


def attribute_at(profile: Mapping[str, Any], source: str) -> Found:
    """Return what is exported of an attribute's source; arrays and maps are not (A-MAP-3)."""
    value: Any = profile
    for name in source.split("."):
        if not isinstance(value, Mapping) or name not in value:
            return Found(None, "optional", f"has no {source}")
        value = value[name]
    if value is None:
        return Found(None, "optional", f"has null at {source}")
    if isinstance(value, Mapping | list):
        kind = "a list" if isinstance(value, list) else "an object"
        return Found(None, "wrong-type", f"has {kind} at {source}: not exported (A-MAP-3)")
    if not _can_be_written(value):
        return Found(None, "wrong-type", f"has a number at {source} that JSON cannot carry")
    return Found(value)


def _can_be_written(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return not isinstance(value, int) or value.bit_length() <= MOST_BITS


def identities_of(flow: MappedDataflow, profile: Mapping[str, Any]) -> dict[str, list[str | None]]:
    """Return the ids of a profile that are exported, by their key in the message (A-MSG-1).

    An id whose digits are not known, such as ``1e3``, is None. None at all: it is not exported.
    """
    source = _mapping(profile.get("identityMap"))
    found: dict[str, list[str | None]] = {}
    for identity in flow.identities:
        ids = found.setdefault(flow.key_of(identity), [])
        for text in _ids(source.get(identity.source)):
            is_hash = identity.target == "email" and text is not None and is_hashed(text)
            if not is_hash and not (flow.by_target and text is not None and text in ids):
                ids.append(text)
    return {key: ids for key, ids in found.items() if ids}


def is_hashed(text: str) -> bool:
    """Return whether an e-mail counts as hashed (A-MAP-2)."""
    return len(text) in _HASH_LENGTHS and _HEX_DIGITS.issuperset(text)


def _ids(entries: object) -> Iterator[str | None]:
    for entry in entries if isinstance(entries, list) else ():
        value = _mapping(entry).get("id")
        if isinstance(value, float) and value.is_integer():
            yield None
        elif isinstance(value, str) and value:
            yield value
        elif isinstance(value, int) and not isinstance(value, bool) and _can_be_written(value):
            yield str(value)


def statuses_of(flow: MappedDataflow, profile: Mapping[str, Any]) -> dict[str, str]:
    """Return the exported status of each mapped audience that a profile tells of (A-MSG-2)."""
    ups = _mapping(_mapping(profile.get("segmentMembership")).get("ups"))
    found = {}
    for audience in flow.audiences:
        status = _mapping(ups.get(audience.id)).get("status")
        if isinstance(status, str) and status in _STATUSES:
            found[audience.id] = _STATUSES[status]
    return found


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def may_be_opted_out(flow: MappedDataflow, profile: Mapping[str, Any]) -> bool:
    """Return whether consent may be withdrawn (A-EXP-4); in doubt it is."""
    if any(_may_be_withdrawn(flow, profile, path.split(".")) for path in flow.consent_paths):
        return True
    consents = profile.get("consents")
    if not flow.consent_paths or not isinstance(consents, Mapping):
        return False
    return consents.get("idSpecific") is not None


def _may_be_withdrawn(flow: MappedDataflow, node: Any, path: Iterable[str]) -> bool:  # noqa: ANN401  JSON
    for name in path:
        if node is None:
            return False
        if not isinstance(node, Mapping):
            return True
        node = node.get(name)
    return node is not None and not (isinstance(node, str) and node in flow.granted)
