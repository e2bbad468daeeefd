"""The delay from a call to the start of its run (Q-WF-2). Pure: random numbers are arguments.

Kinds: ``fixed``, ``uniform``, ``lognormal`` (defined by median and 95th percentile), ``queue`` (a
number of workers, each busy for a fixed time per run, so that the delay grows with load) and
``measured`` (drawn from a list of measured delays).
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
        """How many runs are executed at once; 0 for any number."""
        ...

    @property
    def random(self) -> bool:
        """Whether the delay depends on ``chance``."""
        ...

    def seconds(self, chance: float) -> float:
        """Return the delay for a random number from 0 up to but excluding 1."""
        ...

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        ...


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same delay."""

    delay_seconds: float
    workers = 0
    random = False

    def seconds(self, chance: float) -> float:  # noqa: ARG002  the protocol's signature
        """Return the delay."""
        return self.delay_seconds

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        return {"kind": "fixed", "seconds": self.delay_seconds}


@dataclass(frozen=True, slots=True)
class Uniform:
    """A uniform distribution between two bounds."""

    low_seconds: float
    high_seconds: float
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return the delay at that fraction of the range."""
        return self.low_seconds + (self.high_seconds - self.low_seconds) * chance

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        bounds = {"lowSeconds": self.low_seconds, "highSeconds": self.high_seconds}
        return {"kind": "uniform", **bounds}


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A log-normal distribution, defined by its median and its 95th percentile."""

    median_seconds: float
    p95_seconds: float
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return the delay at that quantile, at most ten years."""
        middle = math.log(self.median_seconds)
        sigma = (math.log(self.p95_seconds) - middle) / _P95
        # The quantile of 0 is minus infinity.
        deviation = _STANDARD_NORMAL.inv_cdf(max(chance, _SMALLEST_CHANCE))
        return math.exp(min(middle + sigma * deviation, math.log(LONGEST_SECONDS)))

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        shape = {"medianSeconds": self.median_seconds, "p95Seconds": self.p95_seconds}
        return {"kind": "lognormal", **shape}


@dataclass(frozen=True, slots=True)
class Queue:
    """A run waits for a free worker, which is then busy with it for ``service_seconds``."""

    workers: int
    service_seconds: float
    random = False

    def seconds(self, chance: float) -> float:  # noqa: ARG002  the protocol's signature
        """Return how long a worker is busy with one run."""
        return self.service_seconds

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        return {"kind": "queue", "workers": self.workers, "serviceSeconds": self.service_seconds}


@dataclass(frozen=True, slots=True)
class Measured:
    """A delay drawn from a list of measured ones."""

    measured_seconds: tuple[float, ...]
    workers = 0
    random = True

    def seconds(self, chance: float) -> float:
        """Return one of the measured delays."""
        return self.measured_seconds[int(chance * len(self.measured_seconds))]

    def to_mapping(self) -> dict[str, Any]:
        """Return the delay's mapping, camelCase."""
        return {"kind": "measured", "seconds": list(self.measured_seconds)}


class Workers:
    """The workers of one queue, and the instants from which each is free.

    Args:
        count: the number of workers.
        busy_until: instants until which workers are busy; only the latest ``count`` of them matter.
    """

    def __init__(self, count: int, busy_until: Sequence[int] = ()) -> None:
        latest = sorted(busy_until)[-count:]
        self._free_at = [0] * (count - len(latest)) + latest

    def finish_at(self, now: int, service: int) -> int:
        """Give the worker that is free first a run, not before ``now``; return when it finishes."""
        finish = max(now, self._free_at[0]) + service
        heapq.heapreplace(self._free_at, finish)
        return finish


_MAKERS: dict[str, Callable[[Mapping[str, Any]], Delay]] = {
    "fixed": lambda mapping: Fixed(mapping["seconds"]),
    "uniform": lambda mapping: Uniform(mapping["lowSeconds"], mapping["highSeconds"]),
    "lognormal": lambda mapping: Lognormal(mapping["medianSeconds"], mapping["p95Seconds"]),
    "queue": lambda mapping: Queue(int(mapping["workers"]), mapping["serviceSeconds"]),
    "measured": lambda mapping: Measured(tuple(mapping["seconds"])),
}


def delay_from(mapping: Mapping[str, Any]) -> Delay:
    """Return the delay that a valid camelCase mapping describes."""
    return _MAKERS[mapping["kind"]](mapping)
