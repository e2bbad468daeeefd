from itertools import islice
from random import Random

import pytest

from loadtests.workloads.arrival_processes import evenly_spaced, poisson


def test_evenly_spaced_arrivals_are_the_planners() -> None:
    assert list(islice(evenly_spaced(3.0), 4)) == [0, 333_333, 666_667, 1_000_000]


def test_a_poisson_process_has_its_rate() -> None:
    last = list(islice(poisson(40.0, Random(1)), 10_000))[-1]
    assert last == pytest.approx(250.0, rel=0.03)
