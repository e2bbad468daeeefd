"""How long after its call a run starts (Q-WF-2). Pure: chance is a number handed in.

Kinds: ``fixed``, ``uniform``, ``lognormal`` (told by median and 95th percentile), ``queue`` (so
many workers, each busy for a while with every run, so that the delay grows with load) and
``measured`` (drawn from a list of delays that someone took elsewhere).
"""

import heapq
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Protocol

from mock_qualtrics.clock import LONGEST_SECONDS

_STANDARD_NORMAL = NormalDist()
_P95 = _STANDARD_NORMAL.inv_cdf(0.95)
_SMALLEST_CHANCE = 2.0**-53


class Delay(Protocol):
    """A distribution of delays."""

    @property
    def workers(self) -> int:
        """How many runs go on at once; 0 when any number may."""
        ...

    @property
    def random(self) -> bool:
        """Whether anything is left to chance."""
        ...

    def seconds(self, chance: float) -> float:
        """Return the delay that belongs to a chance from 0 up to 1."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same delay."""

    delay_seconds: float
    workers = 0
    random = False

    def seconds(self, chance: float) -> float:  # noqa: ARG002  nothing is left to chance
        """Return the delay."""
        return self.delay_seconds

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {"kind": "fixed", "seconds": self.delay_seconds}


@dataclass(frozen=True, slots=True)
class Uniform:
    """Every delay between two bounds is equally likely."""

    low_seconds: float
    high_seconds: float
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return the delay that belongs to the chance."""
        return self.low_seconds + (self.high_seconds - self.low_seconds) * chance

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        bounds = {"lowSeconds": self.low_seconds, "highSeconds": self.high_seconds}
        return {"kind": "uniform", **bounds}


@dataclass(frozen=True, slots=True)
class Lognormal:
    """Log-normal, told by its median and its 95th percentile."""

    median_seconds: float
    p95_seconds: float
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return the delay that belongs to the chance, ten years at most."""
        middle = math.log(self.median_seconds)
        sigma = (math.log(self.p95_seconds) - middle) / _P95
        deviation = _STANDARD_NORMAL.inv_cdf(max(chance, _SMALLEST_CHANCE))
        return math.exp(min(middle + sigma * deviation, math.log(LONGEST_SECONDS)))

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        shape = {"medianSeconds": self.median_seconds, "p95Seconds": self.p95_seconds}
        return {"kind": "lognormal", **shape}


@dataclass(frozen=True, slots=True)
class Queue:
    """A run waits for one of the workers, each of which is busy with a run for a while."""

    workers: int
    service_seconds: float
    random = False

    def seconds(self, chance: float) -> float:  # noqa: ARG002  nothing is left to chance
        """Return how long a worker is busy with one run."""
        return self.service_seconds

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {"kind": "queue", "workers": self.workers, "serviceSeconds": self.service_seconds}


@dataclass(frozen=True, slots=True)
class Measured:
    """Drawn from delays that someone measured."""

    measured_seconds: tuple[float, ...]
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return one of the measured delays."""
        return self.measured_seconds[int(chance * len(self.measured_seconds))]

    def to_mapping(self) -> dict[str, Any]:
        """Return it as it was given, camelCase."""
        return {"kind": "measured", "seconds": list(self.measured_seconds)}


class Workers:
    """The workers of one queue: when each is free again.

    Args:
        busy_until: instants until which workers are known to be busy; the latest ones count.
    """

    def __init__(self, count: int, busy_until: Sequence[int] = ()) -> None:
        latest = sorted(busy_until)[-count:]
        self._free_at = [0] * (count - len(latest)) + latest

    def finish_at(self, now: int, service: int) -> int:
        """Occupy the worker that is free first, from now on at the earliest; return until when."""
        finish = max(now, self._free_at[0]) + service
        heapq.heapreplace(self._free_at, finish)
        return finish


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Delay]] = {
    "fixed": lambda given: Fixed(given["seconds"]),
    "uniform": lambda given: Uniform(given["lowSeconds"], given["highSeconds"]),
    "lognormal": lambda given: Lognormal(given["medianSeconds"], given["p95Seconds"]),
    "queue": lambda given: Queue(int(given["workers"]), given["serviceSeconds"]),
    "measured": lambda given: Measured(tuple(given["seconds"])),
}


def delay_from(mapping: Mapping[str, Any]) -> Delay:
    """Return the delay that a valid camelCase mapping describes."""
    return _MAKERS[mapping["kind"]](mapping)
