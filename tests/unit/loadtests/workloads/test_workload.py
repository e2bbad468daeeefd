from itertools import pairwise

import pytest

from loadtests.workloads import Arrival, Workload, WorkloadError


def test_a_backfill_is_evenly_spaced_from_the_beginning() -> None:
    workload = Workload(kind="backfill", profiles=3, arrival_rate=3.0)
    assert list(workload.arrivals()) == [Arrival(0, 0), Arrival(333_333, 1), Arrival(666_667, 2)]
    assert (workload.messages, workload.last_arrival_us) == (3, 666_667)


def test_a_steady_stream_has_its_rate_and_gaps_as_those_of_chance_are() -> None:
    workload = Workload(kind="steady", profiles=20_000, arrival_rate=1_000.0)
    instants = [each.at_us for each in workload.arrivals()]
    gaps = [later - earlier for earlier, later in pairwise(instants)]
    assert instants == sorted(instants)
    assert instants[-1] == workload.last_arrival_us == pytest.approx(20_000_000, rel=0.03)
    # Of exponential gaps the standard deviation is the mean.
    mean = sum(gaps) / len(gaps)
    assert sum((gap - mean) ** 2 for gap in gaps) / len(gaps) == pytest.approx(mean**2, rel=0.06)


def test_the_same_seed_makes_the_same_arrivals_and_another_one_others() -> None:
    def drawn(seed: int) -> list[Arrival]:
        return list(Workload(kind="steady", profiles=50, seed=seed).arrivals())

    assert drawn(1) == drawn(1) != drawn(2)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"kind": "flood"}, "workload: found 'flood', expected backfill or"),
        ({"profiles": 0}, "profiles: found 0, expected a whole number, 1 to 1,000,000,000"),
        ({"arrival_rate": float("nan")}, "arrival rate: found nan, expected 0.000001 to"),
        ({"seed": -1}, "seed: found -1, expected a whole number"),
    ],
)
def test_what_is_impossible_is_one_error(values: dict[str, object], error: str) -> None:
    with pytest.raises(WorkloadError, match=error):
        Workload(**{"kind": "steady"} | values)  # type: ignore[arg-type]
