"""A message: its content in three parts, its body and its trace id. Pure."""

import json
import random
import uuid
from dataclasses import dataclass
from typing import Any

from sender.mapping.profile_identities import IdentityMap

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


def message_body(content: MappedContent) -> bytes:
    """Return the message as compact JSON in UTF-8.

    UTF-8 cannot encode lone surrogates, so they are written as JSON escapes.
    """
    message = content.to_message()
    try:
        return _ENCODER.encode(message).encode()
    except UnicodeEncodeError:
        return _ESCAPING_ENCODER.encode(message).encode()


def trace_id(rng: random.Random) -> str:
    """Return a new trace id: a version 4 UUID, reproducible with a seeded ``rng``."""
    return str(uuid.UUID(int=rng.getrandbits(128), version=4))
