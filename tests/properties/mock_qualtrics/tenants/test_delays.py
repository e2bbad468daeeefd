"""Delays for any chance and any arrivals."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.tenants.delays import Workers, delay_from
from support.delays import DELAYS


@given(DELAYS, st.floats(0, 1, exclude_max=True))
def test_a_delay_is_never_negative(delay: dict[str, Any], chance: float):
    assert delay_from(delay).seconds(chance) >= 0


CHANCES = st.floats(0, 1, exclude_max=True)
WAITS = st.floats(1e-6, LONGEST_SECONDS)
CHANCEFUL = st.tuples(WAITS, WAITS).flatmap(
    lambda pair: st.sampled_from(
        [
            {"kind": "uniform", "lowSeconds": min(pair), "highSeconds": max(pair)},
            {"kind": "lognormal", "medianSeconds": min(pair), "p95Seconds": max(pair)},
            {"kind": "measured", "seconds": sorted(pair)},
        ]
    )
)


@given(CHANCEFUL, CHANCES, CHANCES)
def test_a_greater_chance_never_means_a_shorter_delay(delay, one, other):
    low, high = (delay_from(delay).seconds(chance) for chance in sorted((one, other)))
    assert 0 <= low <= high * (1 + 1e-9)
    assert high <= LONGEST_SECONDS * (1 + 1e-9)


@given(st.integers(1, 4), st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=20))
def test_a_queue_serves_whom_a_row_of_counters_would(count, arrivals):
    workers, counters, now = Workers(count), [0] * count, 0
    for pause, service in arrivals:
        now += pause
        free = counters.index(min(counters))
        counters[free] = max(now, counters[free]) + service
        assert workers.finish_at(now, service) == counters[free]
