"""When messages arrive, in seconds or whole microseconds from the run's beginning. Pure.

Each stream is lazy, without an end, and as random as the generator that it is given.
"""

import math
from collections.abc import Iterable, Iterator
from itertools import accumulate, chain, count, repeat
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
    return accumulate(_gaps(repeat(rate), rng))


def spiking(rate: float, factor: float, messages: int, rng: Random) -> Iterator[float]:
    """Yield the seconds of a Poisson process whose second third of messages is a spike.

    Args:
        rate: messages a second before and after it.
        factor: how many times as fast the spike is.
        messages: how many there are.
        rng: all chance.
    """
    third = messages // 3
    rates = chain(repeat(rate, third), repeat(rate * factor, third), repeat(rate))
    return accumulate(_gaps(rates, rng))


def waving(rate: float, day_seconds: float, rng: Random) -> Iterator[float]:
    """Yield the seconds of a Poisson process that is silent at midnight and busiest at noon.

    At noon the rate is twice the mean.

    Args:
        rate: messages a second, on the average.
        day_seconds: how long a day is; the first one begins at 0.
        rng: all chance.
    """
    for seconds in poisson(2.0 * rate, rng):
        share = (1.0 - math.cos(2.0 * math.pi * seconds / day_seconds)) / 2.0
        if rng.random() < share:
            yield seconds


def _gaps(rates: Iterable[float], rng: Random) -> Iterator[float]:
    """Yield the seconds before each message, by the rate that is due then."""
    chance, log = rng.random, math.log
    return (-log(1.0 - chance()) / rate for rate in rates)
