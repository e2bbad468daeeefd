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


@pytest.mark.parametrize("retry_after_seconds", [0.0, 5.0])
def test_a_late_refusal_while_the_probe_is_out_is_not_taken_for_the_probes(retry_after_seconds):
    pacer = Pacer(calls_per_minute=30_000)
    pacer.sent(0.0)
    pacer.sent(1.5)
    pacer.throttled(0.0, 1.6, 0.0)
    pacer.sent(2.7)  # the probe
    pacer.throttled(1.5, 2.8, retry_after_seconds)
    pacer.throttled(2.7, 2.9, 0.0)
    rest = pacer.wait_seconds(2.9)
    assert rest == pytest.approx(max(2.0, retry_after_seconds - 0.1))
    probe = 3.0 + rest
    pacer.sent(probe)
    pacer.ended(probe, probe + 0.1)
    assert pacer.wait_seconds(probe + 5.0) == 0.0


def test_a_late_success_while_the_probe_is_out_does_not_end_the_probing():
    pacer = Pacer(calls_per_minute=30_000)
    pacer.sent(0.0)
    pacer.sent(1.5)
    pacer.throttled(0.0, 1.6, 0.0)
    pacer.sent(2.7)  # the probe
    pacer.ended(1.5, 2.8)
    assert pacer.wait_seconds(60.0) > 0.0
    pacer.ended(2.7, 60.0)
    assert pacer.wait_seconds(62.0) == 0.0
