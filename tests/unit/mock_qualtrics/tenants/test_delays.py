"""How long after its call a run starts (Q-WF-2)."""

import statistics

import pytest

from mock_qualtrics.tenants.delays import Workers, delay_from


@pytest.mark.parametrize(
    "given",
    [
        {"kind": "fixed", "seconds": 1.5},
        {"kind": "uniform", "lowSeconds": 1, "highSeconds": 3},
        {"kind": "lognormal", "medianSeconds": 2, "p95Seconds": 6},
        {"kind": "queue", "workers": 2, "serviceSeconds": 4},
        {"kind": "measured", "seconds": [0.1, 0.2]},
    ],
)
def test_a_delay_reads_back_as_it_was_given(given):
    assert delay_from(given).to_mapping() == given
    assert delay_from(given).seconds(0.5) >= 0


def test_a_uniform_delay_lies_between_its_bounds():
    delay = delay_from({"kind": "uniform", "lowSeconds": 1, "highSeconds": 3})
    assert [delay.seconds(chance) for chance in (0.0, 0.5)] == [1, 2]


def test_a_lognormal_delay_has_the_stated_median_and_95th_percentile():
    delay = delay_from({"kind": "lognormal", "medianSeconds": 2, "p95Seconds": 6})
    drawn = [delay.seconds((place + 0.5) / 10_000) for place in range(10_000)]
    assert statistics.median(drawn) == pytest.approx(2, rel=0.01)
    assert statistics.quantiles(drawn, n=20)[-1] == pytest.approx(6, rel=0.01)
    assert delay.seconds(0.0) > 0


def test_a_measured_delay_is_one_of_the_list():
    delay = delay_from({"kind": "measured", "seconds": [1, 5, 9]})
    assert [delay.seconds(chance) for chance in (0.0, 0.34, 0.999)] == [1, 5, 9]


def test_a_queue_makes_the_delay_grow_with_load():
    workers = Workers(2)
    assert [workers.finish_at(0, 10) for _ in range(5)] == [10, 10, 20, 20, 30]
    assert workers.finish_at(100, 10) == 110


def test_workers_that_are_known_to_be_busy_stay_so():
    workers = Workers(2, [50, 10, 30])
    assert [workers.finish_at(0, 10), workers.finish_at(0, 10)] == [40, 50]


@pytest.mark.parametrize(
    ("given", "random", "workers"),
    [
        ({"kind": "fixed", "seconds": 1}, False, 0),
        ({"kind": "uniform", "lowSeconds": 1, "highSeconds": 1}, True, 0),
        ({"kind": "lognormal", "medianSeconds": 1, "p95Seconds": 1}, True, 0),
        ({"kind": "queue", "workers": 3, "serviceSeconds": 1}, False, 3),
        ({"kind": "measured", "seconds": [1]}, True, 0),
    ],
)
def test_a_delay_says_whether_it_needs_chance_and_workers(given, random, workers):
    delay = delay_from(given)
    assert (delay.random, delay.workers) == (random, workers)
    assert delay.seconds(0.3) == pytest.approx(1)
