"""A dataflow's mapping as its messages depend on it (A-MAP-1, A-MAP-2, A-EXP-6, A-MSG-1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Self

# As the sender has them, which a test holds them to (A-EXP-4).
GRANTED: Final = ("y", "dy", "LI", "CT", "CP", "VI", "PI")
CONSENT_PATHS: Final = (
    "consents.collect.val",
    "consents.share.val",
    "consents.marketing.any.val",
    "consents.marketing.email.val",
)
_FIRST_DAY, _LAST_DAY = "0000-00-00", "9999-99-99"


class Attribute(NamedTuple):
    """A mapped attribute."""

    source: str
    target: str
    always_present: bool


class Identity(NamedTuple):
    """A mapped namespace and its target identity."""

    source: str
    target: str


class Audience(NamedTuple):
    """A mapped audience, and the first and last day of its export."""

    id: str
    start: str
    end: str

    @property
    def days(self) -> str:
        """Its days, in words."""
        parts = [f"from {self.start}"] if self.start != _FIRST_DAY else []
        parts += [f"to {self.end}"] if self.end != _LAST_DAY else []
        return " ".join(parts) or "on every day"

    def covers(self, other: "Audience") -> bool:
        """Return whether it is exported on every day on which the other one is."""
        return self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class MappedDataflow:
    """What of a dataflow decides over the form of its messages.

    Attributes:
        by_target: whether the identity map names identities by their targets (A-MSG-1).
        granted: the values of a consent that grant an export (A-EXP-4).
        consent_paths: where the consents stand that count.
    """

    attributes: tuple[Attribute, ...]
    identities: tuple[Identity, ...]
    audiences: tuple[Audience, ...]
    by_target: bool = False
    granted: tuple[str, ...] = GRANTED
    consent_paths: tuple[str, ...] = CONSENT_PATHS

    @classmethod
    def from_mapping(cls, raw: Mapping[str, Any]) -> Self:
        """Return the mapping of a valid dataflow document; its dates are ISO texts."""
        consent = raw.get("consent", {})
        return cls(
            tuple(
                Attribute(a["source"], a["target"], a.get("always_present", False))
                for a in raw.get("attributes", ())
            ),
            tuple(Identity(i["source"], i["target"]) for i in raw["identities"]),
            tuple(
                Audience(a["id"], a.get("start_date", _FIRST_DAY), a.get("end_date", _LAST_DAY))
                for a in raw.get("audiences", ())
            ),
            raw.get("identity_map_keys") == "target",
            tuple(consent.get("granted", GRANTED)),
            tuple(consent.get("paths", CONSENT_PATHS)),
        )

    def key_of(self, identity: Identity) -> str:
        """Return the key of an identity in a message's identity map (A-MSG-1)."""
        return identity.target if self.by_target else identity.source

    def lasting_audiences(self) -> frozenset[str]:
        """Return the audiences that are exported on every day on which any of them is."""
        first = min((audience.start for audience in self.audiences), default=_FIRST_DAY)
        last = max((audience.end for audience in self.audiences), default=_LAST_DAY)
        return frozenset(a.id for a in self.audiences if (a.start, a.end) == (first, last))
