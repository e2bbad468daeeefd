"""What tells the kinds of workloads apart."""

from collections import Counter

import pytest

from loadtests.workloads import KINDS, Workload, WorkloadError

SECOND = 1_000_000
RECORDED = (0, 5, 5, 7 * SECOND)


def workload(kind: str, **values: object) -> Workload:
    recorded = {"recorded_us": RECORDED, "profiles": len(RECORDED)} if kind == "recorded" else {}
    return Workload(**{"kind": kind, "profiles": 300, "arrival_rate": 100.0} | recorded | values)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_ascending_arrivals_and_says_what_it_is(kind) -> None:
    made = workload(kind)
    instants = [each.at_us for each in made.arrivals()]
    assert instants == sorted(instants)
    assert (len(instants), instants[-1]) == (made.messages, made.last_arrival_us)
    assert made.described()[0][1].startswith(f"{kind}: ")


def test_the_second_third_of_a_spike_comes_so_many_times_as_fast() -> None:
    instants = [each.at_us for each in workload("spike", profiles=9_000).arrivals()]
    before, spike = instants[2_999], instants[5_999] - instants[2_999]
    assert before / spike == pytest.approx(10.0, rel=0.1)


def test_a_wave_is_silent_at_midnight_and_busiest_at_noon() -> None:
    made = workload("daily-wave", profiles=6_000, day_seconds=10.0)
    hours = Counter(each.at_us % (10 * SECOND) * 10 // (10 * SECOND) for each in made.arrivals())
    assert hours[0] + hours[9] < hours[4] / 4
    assert made.last_arrival_us == pytest.approx(60 * SECOND, rel=0.1)


def test_a_night_restates_people_who_have_had_a_message() -> None:
    made = workload("nightly", profiles=10, days=3, restated_daily=0.5, day_seconds=5.0)
    arrivals = list(made.arrivals())
    assert [each.person for each in arrivals] == [*range(10), *range(5), *range(5)]
    assert [arrivals[10].at_us, arrivals[15].at_us] == [5 * SECOND, 10 * SECOND]


def test_a_night_that_is_not_over_by_the_next_one_is_refused() -> None:
    with pytest.raises(WorkloadError, match="which take 30 s; expected at most a day of 10 s"):
        workload("nightly", profiles=3_000, day_seconds=10.0)
