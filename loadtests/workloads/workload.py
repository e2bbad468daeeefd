"""A workload: one judged, frozen value that says who arrives when.

Instants are whole microseconds from the run's beginning.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from random import Random
from typing import Final, Literal, NamedTuple

from loadtests.planning import judging
from loadtests.planning.plan import SECOND, arrival_us
from loadtests.workloads.arrival_processes import evenly_spaced, poisson

Kind = Literal["backfill", "steady"]


class WorkloadError(ValueError):
    """A workload cannot be as it was given; the text says what, where, and what was expected."""


class Arrival(NamedTuple):
    """One message.

    Attributes:
        at_us: when it arrives.
        person: whose message it is, from 0.
    """

    at_us: int
    person: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """Who arrives when.

    The same values make the same arrivals, on every machine.

    Attributes:
        kind: ``backfill``: all at once, evenly spaced, as Adobe activates an audience (A-EXP-3);
            ``steady``: a Poisson process.
        profiles: how many people there are, each with a message.
        arrival_rate: messages a second (A-LIM-1 names none).
        seed: of all chance.

    Raises:
        WorkloadError: a value is impossible, or contradicts another.

    Example:
        >>> Workload(kind="backfill", profiles=1_001).last_arrival_us
        1000000
    """

    kind: Kind
    profiles: int = 5_000
    arrival_rate: float = 1_000.0
    seed: int = 0

    def __post_init__(self) -> None:
        try:
            _check(self)
        except judging.PlanError as error:
            raise WorkloadError(str(error)) from None

    @property
    def messages(self) -> int:
        """How many messages arrive."""
        return self.profiles

    @property
    def last_arrival_us(self) -> int:
        """When the last message arrives. Where chance decides, found by drawing all, once."""
        if self.kind == "backfill":
            return arrival_us(self.messages - 1, self.arrival_rate)
        return _last(self)

    def instants(self) -> Iterator[int]:
        """Yield when each message arrives, ascending, in microseconds."""
        return islice(_INSTANTS[self.kind](self), self.messages)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield each message, in order; one after the other, so that many need no memory."""
        return map(Arrival._make, zip(self.instants(), self._people(), strict=False))

    def described(self) -> list[tuple[str, str]]:
        """Return what it is, in words: rows of a name and a value with its unit."""
        return [
            ("Workload", _SAID[self.kind]),
            ("Messages", f"{self.messages:,}"),
            ("Arrival rate", f"{judging.plain(self.arrival_rate)} a second"),
        ]

    def _people(self) -> Iterator[int]:
        return count()


@lru_cache(maxsize=16)
def _last(workload: Workload) -> int:
    return deque(workload.instants(), maxlen=1)[0]


def _steady(workload: Workload) -> Iterator[int]:
    return _microseconds(poisson(workload.arrival_rate, _chance(workload)))


def _microseconds(seconds: Iterator[float]) -> Iterator[int]:
    return (round(each * SECOND) for each in seconds)


def _chance(workload: Workload) -> Random:
    return Random(f"arrivals/{workload.seed}")  # noqa: S311  chance from a seed


_INSTANTS: Final[dict[Kind, Callable[[Workload], Iterator[int]]]] = {
    "backfill": lambda workload: evenly_spaced(workload.arrival_rate),
    "steady": _steady,
}
KINDS: Final[tuple[Kind, ...]] = tuple(_INSTANTS)
"""All kinds of workloads."""
_SAID: Final[dict[Kind, str]] = {
    "backfill": "backfill: all at once, evenly spaced",
    "steady": "steady: a Poisson process",
}


def _check(workload: Workload) -> None:
    judging.check_choice("workload", workload.kind, KINDS)
    judging.check_whole("profiles", workload.profiles, 1, judging.MOST_MESSAGES)
    lowest, highest = judging.LOWEST_RATE, judging.HIGHEST_RATE
    judging.check_number("arrival rate", workload.arrival_rate, lowest, highest, "a second")
    judging.check_whole("seed", workload.seed, 0, judging.HIGHEST_SEED)
