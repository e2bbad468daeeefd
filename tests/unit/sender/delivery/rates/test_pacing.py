"""The calls of an earlier process count in the minute, as the outbox has counted them."""

import pytest

from sender.delivery.rates.pacing import Pacer, ended_before


def test_calls_of_an_earlier_process_fill_the_minute():
    pacer = Pacer(3, ended=[60.0, 100.0, 100.0])
    assert pacer.wait_seconds(100.0) == pytest.approx(20.02)
    assert pacer.why_waiting(100.0) == "the 3 calls of this minute are made"
    assert Pacer(4, ended=[60.0, 100.0, 100.0]).wait_seconds(100.0) == 0.0


@pytest.mark.parametrize(
    ("counts", "now", "ended"),
    [
        ([], 100.0, []),
        ([(1, 2)], 100.0, [100.0, 100.0]),
        ([(0, 1), (1, 2)], 100.0, [60.0, 100.0, 100.0]),
        ([(0, 1), (1, 2)], 120.01, [60.0, 120.0, 120.0]),
        ([(0, 1), (1, 2)], 120.03, [120.0, 120.0]),
        ([(0, 5)], 7200.0, []),
    ],
)
def test_a_call_counts_as_if_it_had_ended_with_its_minute(counts, now, ended):
    assert ended_before(counts, now) == ended
