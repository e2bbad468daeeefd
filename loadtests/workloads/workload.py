"""A workload: one judged, frozen value that says who arrives when.

Instants are whole microseconds from the run's beginning.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice
from random import Random
from typing import Final, Literal, NamedTuple

from loadtests.planning import judging
from loadtests.planning.plan import DAY_SECONDS, SECOND, arrival_us
from loadtests.workloads.arrival_processes import evenly_spaced, poisson, spiking, waving

Kind = Literal["backfill", "steady", "spike", "daily-wave", "nightly", "recorded"]
MOST_DAYS: Final = 1_000


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
            ``steady``: a Poisson process; ``spike``: one whose second third of messages comes
            faster; ``daily-wave``: one that is silent at midnight and busiest at noon; ``nightly``:
            a backfill, and its people restated at each further midnight (A-EXP-1); ``recorded``:
            as somebody has seen it.
        profiles: how many people there are, each with a message.
        arrival_rate: messages a second (A-LIM-1 names none); of a spike before and after it, of a
            wave on the average, of a recorded workload nothing.
        seed: of all chance.
        spike_factor: how many times as fast a spike is.
        day_seconds: how long a day is in this workload.
        days: how many days a nightly workload has, the first included.
        restated_daily: the share of its people that each further day restates.
        recorded_us: when each message of a recorded workload arrives.

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
    spike_factor: float = 10.0
    day_seconds: float = 60.0
    days: int = 3
    restated_daily: float = 1.0
    recorded_us: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        try:
            _check(self)
        except judging.PlanError as error:
            raise WorkloadError(str(error)) from None

    @property
    def restated(self) -> int:
        """How many messages each further day of a nightly workload has."""
        return round(self.restated_daily * self.profiles) if self.kind == "nightly" else 0

    @property
    def messages(self) -> int:
        """How many messages arrive."""
        return self.profiles + (self.days - 1) * self.restated

    @property
    def last_arrival_us(self) -> int:
        """When the last message arrives. Where chance decides, found by drawing all, once."""
        return _last(self)

    def instants(self) -> Iterator[int]:
        """Yield when each message arrives, ascending, in microseconds."""
        return islice(_INSTANTS[self.kind](self), self.messages)

    def arrivals(self) -> Iterator[Arrival]:
        """Yield each message, in order; one after the other, so that many need no memory."""
        return map(Arrival._make, zip(self.instants(), self._people(), strict=False))

    def described(self) -> list[tuple[str, str]]:
        """Return what it is, in words: rows of a name and a value with its unit."""
        rows = [("Workload", f"{self.kind}: {_SAID[self.kind]}")]
        rows.append(("Messages", f"{self.messages:,}"))
        if self.kind != "recorded":
            rows.append(("Arrival rate", f"{judging.plain(self.arrival_rate)} a second"))
        if self.kind == "spike":
            rows.append(("Spike", f"{judging.plain(self.spike_factor)} times as fast"))
        if self.kind in {"daily-wave", "nightly"}:
            rows.append(("A day", f"{judging.plain(self.day_seconds)} s"))
        if self.kind == "nightly":
            restated = f"{self.restated:,} on each of {self.days - 1:,} further days"
            rows.append(("Restated", restated))
        return rows

    def _people(self) -> Iterator[int]:
        """Yield whose each message is: a restated one is of somebody who has had one."""
        nights = (range(self.restated) for _ in range(self.days - 1))
        return chain(range(self.profiles), chain.from_iterable(nights))


@lru_cache(maxsize=16)
def _last(workload: Workload) -> int:
    return deque(workload.instants(), maxlen=1)[0]


def _steady(workload: Workload) -> Iterator[int]:
    return _microseconds(poisson(workload.arrival_rate, _chance(workload)))


def _spike(workload: Workload) -> Iterator[int]:
    rate, factor = workload.arrival_rate, workload.spike_factor
    return _microseconds(spiking(rate, factor, workload.messages, _chance(workload)))


def _daily_wave(workload: Workload) -> Iterator[int]:
    rate, day_seconds = workload.arrival_rate, workload.day_seconds
    return _microseconds(waving(rate, day_seconds, _chance(workload)))


def _nightly(workload: Workload) -> Iterator[int]:
    day_us, rate = round(workload.day_seconds * SECOND), workload.arrival_rate
    for day in range(workload.days):
        messages = workload.restated if day else workload.profiles
        for at_us in islice(evenly_spaced(rate), messages):
            yield day * day_us + at_us


def _microseconds(seconds: Iterator[float]) -> Iterator[int]:
    return (round(each * SECOND) for each in seconds)


def _chance(workload: Workload) -> Random:
    return Random(f"arrivals/{workload.seed}")  # noqa: S311  chance from a seed


_INSTANTS: Final[dict[Kind, Callable[[Workload], Iterator[int]]]] = {
    "backfill": lambda workload: evenly_spaced(workload.arrival_rate),
    "steady": _steady,
    "spike": _spike,
    "daily-wave": _daily_wave,
    "nightly": _nightly,
    "recorded": lambda workload: iter(workload.recorded_us),
}
KINDS: Final[tuple[Kind, ...]] = tuple(_INSTANTS)
"""All kinds of workloads."""
_SAID: Final[dict[Kind, str]] = {
    "backfill": "a whole audience, evenly spaced",
    "steady": "a Poisson process",
    "spike": "a Poisson process, faster for the second third of its messages",
    "daily-wave": "a Poisson process, silent at midnight and busiest at noon",
    "nightly": "a backfill, and its people restated at each further midnight",
    "recorded": "as it was recorded",
}


def _check(workload: Workload) -> None:
    judging.check_choice("workload", workload.kind, KINDS)
    judging.check_whole("profiles", workload.profiles, 1, judging.MOST_MESSAGES)
    lowest, highest = judging.LOWEST_RATE, judging.HIGHEST_RATE
    judging.check_number("arrival rate", workload.arrival_rate, lowest, highest, "a second")
    judging.check_whole("seed", workload.seed, 0, judging.HIGHEST_SEED)
    judging.check_number("spike factor", workload.spike_factor, 1.0, 1_000.0, "times as fast")
    judging.check_number("day seconds", workload.day_seconds, 1.0, DAY_SECONDS, "seconds")
    judging.check_whole("days", workload.days, 1, MOST_DAYS)
    judging.check_share("restated daily", workload.restated_daily)
    if workload.kind == "nightly":
        _check_nights(workload)
    if workload.kind == "recorded" and len(workload.recorded_us) != workload.profiles:
        raise WorkloadError(
            f"recorded: found {len(workload.recorded_us):,} times, expected one for each of "
            f"{workload.profiles:,} profiles"
        )


def _check_nights(workload: Workload) -> None:
    """Refuse a night that is not over when the next one begins: arrivals would not ascend."""
    lasts = arrival_us(workload.profiles, workload.arrival_rate) / SECOND
    if workload.days > 1 and lasts > workload.day_seconds:
        raise WorkloadError(
            f"nightly: found {workload.profiles:,} messages at "
            f"{judging.plain(workload.arrival_rate)} a second, which take "
            f"{judging.plain(lasts)} s; expected at most a day of "
            f"{judging.plain(workload.day_seconds)} s: take a higher arrival rate, or longer days"
        )
