"""What is kept of a profile's last export: enough to decide on the next one. Pure."""

import enum
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self

from sender.mapping import MappedContent

REALIZED: Final = "realized"
EXITED: Final = "exited"

_DIGEST_BYTES: Final = 9
_OLDER_DIGEST_BYTES: Final = 12
_BETWEEN: Final = "."
_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False).encode


class Change(enum.Flag):
    """What of a profile is another than at its last export."""

    ATTRIBUTES = enum.auto()
    IDENTITIES = enum.auto()


NO_CHANGE: Final = Change(0)


@dataclass(frozen=True, slots=True)
class ProfileState:
    """What was last exported of a profile.

    Attributes:
        digest: digests of the exported attributes and identities; they do not reveal their content.
        statuses: the exported status by audience id, of audiences no longer mapped too.
    """

    digest: str
    statuses: Mapping[str, str]

    def changes(self, digest: str, content: MappedContent) -> Change:
        """Return what has changed since.

        Args:
            digest: :func:`digest_of` the content.
            content: the content as it is now.
        """
        if digest == self.digest:
            return NO_CHANGE
        attributes, _, identities = self.digest.partition(_BETWEEN)
        if not identities:  # by an older version, which did not tell the two apart
            is_same = attributes == _older_digest(content)
            return NO_CHANGE if is_same else Change.ATTRIBUTES | Change.IDENTITIES
        attributes_now, _, identities_now = digest.partition(_BETWEEN)
        changed = NO_CHANGE if attributes == attributes_now else Change.ATTRIBUTES
        return changed if identities == identities_now else changed | Change.IDENTITIES

    def has_left(self, audiences: frozenset[str]) -> bool:
        """Return whether the last export was the exit from all of these that it was in."""
        statuses = [status for key, status in self.statuses.items() if key in audiences]
        return bool(statuses) and REALIZED not in statuses

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


def digest_of(content: MappedContent) -> str:
    """Return two digests in one text: of the attributes, and of the identities with their keys."""
    attributes = _ENCODE(content.attributes)
    return _digest(attributes) + _BETWEEN + _digest(_ENCODE(_identities(content)))


def _digest(text: str, length: int = _DIGEST_BYTES) -> str:
    return hashlib.blake2b(text.encode(), digest_size=length).hexdigest()


def _older_digest(content: MappedContent) -> str:
    return _digest(_ENCODE((content.attributes, _identities(content))), _OLDER_DIGEST_BYTES)


def _identities(content: MappedContent) -> dict[str, list[str]]:
    """Return the identities in an order that does not depend on the profile's."""
    return {
        key: sorted({entry["id"] for entry in entries}) if len(entries) > 1 else [entries[0]["id"]]
        for key, entries in content.identity_map.items()
    }
