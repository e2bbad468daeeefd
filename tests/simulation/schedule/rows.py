"""The rows of an export: what is known of each profile on that day."""

from dataclasses import dataclass
from typing import Any

AUDIENCE = "buyers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of an export: what is known of a profile on that day.

    Attributes:
        profile: the profile's number.
        text: the value of its mapped attribute ``text``.
        filler_bytes: so many letters are added to the text, to pass the payload limit.
        realized: whether the profile is in the audience, or has left it.
        consents: whether it consents to the export (A-EXP-4).
    """

    profile: int
    text: str = "a"
    filler_bytes: int = 0
    realized: bool = True
    consents: bool = True

    def document(self) -> dict[str, Any]:
        """Return the profile as the exporter takes it."""
        status = "realized" if self.realized else "exited"
        return {
            "_id": f"profile-{self.profile}",
            "text": self.text + "x" * self.filler_bytes,
            "identityMap": {"Email": [{"id": f"p{self.profile}@example.com"}]},
            "segmentMembership": {"ups": {AUDIENCE: {"status": status}}},
            "consents": {"marketing": {"any": {"val": "y" if self.consents else "n"}}},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """One export of some profiles.

    Attributes:
        at_us: when it begins at the earliest, in microseconds after the start; the one before is
            ended first.
        restated: whether the rows count as ingested anew, and are exported unchanged (A-EXP-1).
        rows: the profiles, in this order; one profile may stand in it several times.
        rows_at_once: how many of them are there at a time, as from a live source, so that the
            sender stores them in several transactions; 0: all.
    """

    at_us: int = 0
    restated: bool = False
    rows: tuple[Row, ...] = ()
    rows_at_once: int = 0
