"""When messages arrive, in seconds or whole microseconds from the run's beginning. Pure.

Each stream is lazy, without an end, and as random as the generator that it is given.
"""

import math
from collections.abc import Iterator
from itertools import accumulate, count
from random import Random

from loadtests.planning.plan import arrival_us


def evenly_spaced(rate: float) -> Iterator[int]:
    """Yield the microseconds of the planner's own arrivals: a backfill (A-LIM-1).

    Args:
        rate: messages a second.
    """
    return (arrival_us(index, rate) for index in count())


def poisson(rate: float, rng: Random) -> Iterator[float]:
    """Yield the seconds of a Poisson process: each message by itself, whatever the others do.

    Args:
        rate: messages a second, on the average.
        rng: all chance.
    """
    return accumulate(_gaps(rate, rng))


def _gaps(rate: float, rng: Random) -> Iterator[float]:
    """Yield the seconds between two messages."""
    chance, log = rng.random, math.log
    while True:
        yield -log(1.0 - chance()) / rate
