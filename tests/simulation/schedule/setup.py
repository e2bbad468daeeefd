"""What a simulation begins with: the policy, the limits, the workflows and the profiles."""

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self

from simulation.schedule.contents import contents_by_profile
from simulation.schedule.rows import AUDIENCE, Export, Row

FIELD = {"name": "email", "path": "$.identityMap.Email[0].id"}  # other clients' events have none
TASK = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of the brand; ``windowSeconds`` scales the minute."""

    calls_per_minute: int = 3000
    payload_bytes: int = 102_400
    runs_per_day: int = 300_000
    window_seconds: int = 60

    def to_mapping(self) -> dict[str, int]:
        """Return them as the control API takes them."""
        return {
            "callsPerMinute": self.calls_per_minute,
            "payloadBytes": self.payload_bytes,
            "runsPerDay": self.runs_per_day,
            "windowSeconds": self.window_seconds,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a simulation begins with.

    Attributes:
        policy: the policy's name.
        retry_after: its schedule, in seconds; None: the policy's own. With Adobe's policies only.
        calls_per_minute: the pace of the lossless policy; None: the default.
        calls_per_day: its most calls a day; None: the default.
        offered_rate: calls a second with Adobe's policies; None: as fast as the transport goes.
        slots: how many calls may be under way at a time.
        window: the mock's window, sliding or fixed (Q-LIM-5).
        limits: the brand's limits.
        latency_us: how long a call and its answer take together, in microseconds.
        workflows: their settings, camelCase; the sender exports to the first.
        exports: what is exported, in order.
        begins_us: how long after midnight, UTC, the simulation begins.
    """

    policy: Literal["lossless", "adobe-best-effort", "adobe-configurable"] = "lossless"
    retry_after: tuple[float, ...] | None = None
    calls_per_minute: int | None = None
    calls_per_day: int | None = None
    offered_rate: float | None = None
    slots: int = 4
    window: Literal["sliding", "fixed"] = "sliding"
    limits: Limits = field(default_factory=Limits)
    latency_us: int = 20_000
    workflows: tuple[Mapping[str, Any], ...] = ({"name": "Survey"},)
    exports: tuple[Export, ...] = ()
    begins_us: int = 0

    def profiles(self) -> tuple[int, ...]:
        """Return the numbers of all profiles, ascending."""
        return tuple(sorted({row.profile for row in self._rows()}))

    def messages(self) -> int:
        """Return how many messages its rows ask for."""
        return sum(map(len, contents_by_profile(self.exports).values()))

    def with_profiles(self, profiles: frozenset[int]) -> Self:
        """Return the setup with the rows of these profiles alone."""
        kept = tuple(
            dataclasses.replace(e, rows=tuple(row for row in e.rows if row.profile in profiles))
            for e in self.exports
        )
        return dataclasses.replace(self, exports=kept)

    def _rows(self) -> Iterator[Row]:
        return (row for export in self.exports for row in export.rows)


def dataflow_document(url: str, username: str) -> dict[str, Any]:
    """Return the dataflow of every simulation, to be posted to this URL."""
    return {
        "name": "Simulated survey",
        "url": url,
        "username": username,
        "attributes": [{"source": "text", "target": "text"}],
        "identities": [{"source": "Email", "target": "email"}],
        "audiences": [{"id": AUDIENCE}],
    }
