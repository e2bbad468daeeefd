"""Why a profile that was received is not exported."""

import enum
from dataclasses import dataclass, field


class ExclusionReason(enum.StrEnum):
    """Why a received profile is not exported (A-RPT-1)."""

    NO_MAPPED_IDENTITY = "no mapped identity"
    HASHED_EMAIL = "hashed e-mail"
    UNREADABLE_TIME = "lastQualificationTime is no instant"
    NOT_IN_A_MAPPED_AUDIENCE = "not in a mapped audience"
    NOTHING_CHANGED = "nothing changed since the last export"
    AUDIENCE_NOT_ACTIVE = "outside the audience's start and end date"
    CONSENT_WITHDRAWN = "consent withdrawn"
    ATTRIBUTE_CHANGES_OFF = "attribute changes are switched off"
    AUDIENCE_CHANGES_OFF = "audience changes are switched off"
    IDENTITY_CHANGES_OFF = "identity changes are switched off"
    ACTIVATED_AGAIN = "changed while the audience was not mapped"


EXPORTS_NOTHING = frozenset(
    {
        ExclusionReason.ATTRIBUTE_CHANGES_OFF,
        ExclusionReason.AUDIENCE_CHANGES_OFF,
        ExclusionReason.IDENTITY_CHANGES_OFF,
        ExclusionReason.ACTIVATED_AGAIN,
    }
)
"""The reasons of a profile that did change."""


@dataclass(frozen=True, slots=True)
class Excluded:
    """A profile that is not exported, and why.

    Attributes:
        reason: why.
        hint: what was found where an identity or a status was expected; without personal data.
    """

    reason: ExclusionReason
    hint: str = field(default="", compare=False)
