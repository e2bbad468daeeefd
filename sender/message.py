"""The values that pass from mapping to delivery: a message to send, or why there is none."""

import enum
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """One profile, mapped and ready to post (A-MSG-1).

    Attributes:
        profile_key: what the profile is known by: ``_id`` or first mapped identity; never logged.
        body: the exported JSON object, UTF-8.
        trace_id: goes out as ``X-Trace-Id``, the same on every retry.
    """

    profile_key: str
    body: bytes
    trace_id: str

    def __repr__(self) -> str:
        return f"Message(trace_id={self.trace_id!r}, body_bytes={len(self.body)})"


class ExclusionReason(enum.StrEnum):
    """Why a profile was received and nothing was sent for it (A-RPT-1)."""

    NO_MAPPED_IDENTITY = "no mapped identity"
    HASHED_EMAIL = "hashed e-mail"
    NOT_IN_A_MAPPED_AUDIENCE = "not in a mapped audience"
    NOTHING_CHANGED = "nothing changed since the last export"
    AUDIENCE_NOT_ACTIVE = "outside the audience's start and end date"
    CONSENT_WITHDRAWN = "consent withdrawn"


@dataclass(frozen=True, slots=True)
class Excluded:
    """A profile that is not exported, and why."""

    reason: ExclusionReason
