"""An offered rate is fixed: it looks neither at answers nor at how busy the machine is."""

import pytest

from sender.delivery.rates.offered_rate import CATCH_UP_SECONDS, FirstTries, OfferedRate

START = 1_700_000_000.0


def sent_at(rate: OfferedRate, count: int, busy: dict[int, float] | None = None) -> list[float]:
    """Send each message when it is due, or later where the machine was busy; return when."""
    now, instants = START, []
    for number in range(count):
        now += rate.wait_seconds(now) + (busy or {}).get(number, 0.0)
        rate.sent(now)
        instants.append(now - START)
    return instants


@pytest.mark.parametrize("per_second", [0.1, 3.0, 50.0, 2_000.0])
def test_first_try_number_i_goes_at_i_over_the_rate(per_second):
    instants = sent_at(OfferedRate(per_second), 500)
    assert instants == pytest.approx([number / per_second for number in range(500)], abs=1e-5)


def test_the_first_goes_at_once():
    assert OfferedRate(0.001).wait_seconds(START) == 0.0


def test_what_is_answered_changes_nothing():
    rate = OfferedRate(10.0)
    rate.sent(START)
    before = rate.wait_seconds(START)
    rate.throttled(START, START, retry_after_seconds=60.0)
    rate.ended(START, START)
    assert rate.wait_seconds(START) == before == pytest.approx(0.1)
    assert rate.why_waiting(START) == ""
    assert not rate.paces_retries


def test_a_machine_that_was_late_for_a_moment_makes_it_up():
    instants = sent_at(OfferedRate(10.0), 30, busy={5: 1.0})
    assert instants[5:15] == pytest.approx([1.5] * 10, abs=1e-5)
    assert instants[29] == pytest.approx(2.9, abs=1e-5)


def test_a_pause_is_not_made_up_by_a_burst():
    instants = sent_at(OfferedRate(10.0), 60, busy={5: 100.0})
    at_once = [instant for instant in instants if instant == instants[5]]
    assert len(at_once) == 1 + 10 * CATCH_UP_SECONDS
    assert instants[-1] == pytest.approx(instants[5] + (59 - 25) / 10.0, abs=1e-5)


def test_the_reached_rate_is_counted_from_one_first_try_to_the_next():
    tries = FirstTries()
    tries.sent(10.0)
    assert tries.taken() == (0, 0.0)
    tries.sent(10.5)
    tries.sent(11.0)
    assert tries.taken() == (2, 1.0)
    tries.sent(12.0)
    assert tries.taken() == (1, 1.0)
