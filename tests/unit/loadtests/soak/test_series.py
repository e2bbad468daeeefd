import pytest

from loadtests.soak.series import latencies_of, processor_for_each_call, series_of
from support.soaks import FLAT, load, soak


def values(observed, name):
    return next(each.values for each in series_of(observed) if each.name == name)


def test_a_store_that_grows_with_its_calls_is_flat_for_each_call():
    grown = soak(change=lambda place, its: its._replace(store_bytes=700 * place, received=place))
    assert set(values(grown, "store for each call")[1:]) == {700.0}


def test_a_store_without_a_call_divides_by_nothing():
    assert values(soak(change=lambda _, its: its._replace(received=0)), "store for each call")


def test_of_the_log_its_longest_counts_for_it_may_begin_anew():
    lengths = [3, 19, 18, 2, 21]
    seen = soak(0.1, samples=tuple(FLAT._replace(log_bytes=n * 1_000_000) for n in lengths))
    assert values(seen, "longest write-ahead log so far, 17 MB at least") == (17, 19, 19, 19, 21)


def test_what_a_call_takes_of_the_processor_is_told_from_look_to_look():
    looks = [(0, 0.0), (10, 0.02), None, (20, 0.03), (20, 0.03), (40, 0.13)]
    samples = tuple(
        look and FLAT._replace(received=look[0], processor_seconds=look[1]) for look in looks
    )
    found = tuple(processor_for_each_call(samples))
    assert found == (None, 2.0, None, None, None, pytest.approx(5.0))


def test_a_look_that_was_left_out_is_a_gap_in_each():
    seen = soak(0.1, samples=(FLAT, None, FLAT), results={})
    assert all(each.values[1] is None for each in series_of(seen))
    assert values(seen, "memory") == (80.0, None, 80.0)


def test_retries_after_the_last_arrival_are_in_no_latency():
    over_time = {"binSeconds": 2.0, "latencyMs": {"p50": [1.0, None, 3.0, 90.0, 90.0]}}
    assert latencies_of(load(6.0, overTime=over_time), 6.0) == (2.0, {"p50": (1.0, None, 3.0)})


def test_a_load_without_a_result_has_no_latencies():
    assert latencies_of(None, 6.0).percentiles == {}
