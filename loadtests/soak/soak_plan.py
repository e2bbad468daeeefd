"""What a soak does: its tenants, their faults and their load. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LEAST_MINUTES: Final = 0.1
MOST_MINUTES: Final = 120.0
CALLS_A_SECOND: Final = 20.0
"""Of one tenant: three together take a fraction of a core, so that the mock can stay flat."""

RETRY_AFTER: Final = (5.0, 10.0)
SETTLE_SECONDS: Final = 30.0
LOOK_EVERY_SECONDS: Final = 2.0
LEAST_LOOKS: Final = 12
JUDGED_FROM_SECONDS: Final = 120.0
"""Below it the first third is shorter than what fills in it: the gate's minute, most of all."""

_SECONDS_A_MINUTE: Final = 60
_AMPLE: Final = 1_000_000_000
# So rare that all three tries of one of 100,000 messages hardly ever meet it: none is lost by it.
_RARELY: Final = {"probability": 0.004}
_AT_TIMES: Final = {"probability": 0.01}


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakTenant:
    """A tenant, and what goes wrong there.

    Attributes:
        name: what the report calls it.
        purpose: what it is there for.
        limits: as in the schema ``tenant-settings``.
        faults: each as in the schema ``fault``.
    """

    name: str
    purpose: str
    limits: Mapping[str, int]
    faults: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoakPlan:
    """A soak as it is planned.

    Attributes:
        seconds: how long messages arrive.
        seed: of the arrivals, and of all chance in the mock.
        tenants: each has a load of its own.
    """

    seconds: float
    seed: int
    tenants: tuple[SoakTenant, ...]

    @property
    def messages(self) -> int:
        """How many messages arrive at each tenant."""
        return round(self.seconds * CALLS_A_SECOND)

    @property
    def interval_seconds(self) -> float:
        """How far two looks at the mock are apart."""
        return min(LOOK_EVERY_SECONDS, self.seconds / LEAST_LOOKS)

    @property
    def looks(self) -> int:
        """How often the mock is looked at while messages arrive."""
        return int(self.seconds / self.interval_seconds)

    @property
    def is_long_enough(self) -> bool:
        """Whether it can tell what grows from what fills."""
        return self.seconds >= JUDGED_FROM_SECONDS


def soak_plan(minutes: float, seed: int = 0) -> SoakPlan:
    """Return the plan of a soak of so many minutes."""
    seconds = minutes * _SECONDS_A_MINUTE
    messages = round(seconds * CALLS_A_SECOND)
    return SoakPlan(seconds=seconds, seed=seed, tenants=_tenants(messages))


def _tenants(messages: int) -> tuple[SoakTenant, ...]:
    """Return the tenants; the last one's day is over after a third of its messages."""
    return (
        SoakTenant(
            name="slow and failing",
            purpose="no limit that is met; late answers, 500 and failed runs",
            limits={"callsPerMinute": _AMPLE, "runsPerDay": _AMPLE},
            faults=(
                {"kind": "latency", "when": _AT_TIMES, "seconds": 0.2},
                {"kind": "status", "when": _RARELY, "status": 500},
                {"kind": "run-failed", "when": _AT_TIMES},
            ),
        ),
        SoakTenant(
            name="refusing and doubling",
            purpose="3,000 calls a minute (Q-LIM-1); 503 and runs that happen twice",
            limits={"callsPerMinute": 3_000},
            faults=(
                {"kind": "status", "when": _RARELY, "status": 503},
                {"kind": "run-twice", "when": _AT_TIMES},
            ),
        ),
        SoakTenant(
            name="used up and breaking",
            purpose="a day's runs used up after a third (Q-LIM-4); answers lost on their way",
            limits={"callsPerMinute": _AMPLE, "runsPerDay": messages // 3},
            faults=(
                {"kind": "reset-after-journal", "when": _RARELY},
                {"kind": "truncate", "when": _RARELY},
            ),
        ),
    )
