"""Which pace fits which policy."""

import pytest

from sender import ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE, LOSSLESS, ConfigurationError
from sender.delivery.rates.offered_rate import OfferedRate
from sender.delivery.rates.pace import Pace, kept_limit
from sender.delivery.rates.pacing import Pacer, Unpaced

ADOBES = pytest.mark.parametrize("policy", [ADOBE_BEST_EFFORT, ADOBE_CONFIGURABLE])


def test_a_lossless_export_has_the_destination_s_limits_until_told_otherwise():
    assert Pace.of(LOSSLESS) == Pace(calls_per_minute=3_000, calls_per_day=300_000)
    assert isinstance(Pace.of(LOSSLESS).pacing(), Pacer)
    unlimited = Pace.of(LOSSLESS, calls_per_minute=None, calls_per_day=float("inf"))
    assert unlimited == Pace()
    assert isinstance(unlimited.pacing(), Unpaced)
    assert Pace.of(LOSSLESS, 60.5, 10) == Pace(60.5, 10)


@ADOBES
def test_adobe_goes_at_an_offered_rate_or_as_fast_as_the_machine(policy):
    assert Pace.of(policy) == Pace()
    assert isinstance(Pace.of(policy, offered_rate=20.0).pacing(), OfferedRate)
    assert Pace.of(policy, calls_per_minute=float("inf"), offered_rate=float("inf")) == Pace()


@ADOBES
@pytest.mark.parametrize(
    ("limits", "says"),
    [
        ({"calls_per_minute": 3_000}, "adapts to 429, which Adobe never does"),
        ({"calls_per_minute": 3_000}, "--offered-rate PER_SECOND"),
        ({"calls_per_day": 300_000}, "Adobe does not stop"),
    ],
)
def test_adobe_takes_no_limit(policy, limits, says):
    with pytest.raises(ConfigurationError, match=says):
        Pace.of(policy, **limits)


def test_a_lossless_export_takes_no_offered_rate():
    with pytest.raises(ConfigurationError, match="so that nothing is lost"):
        Pace.of(LOSSLESS, offered_rate=20.0)


@pytest.mark.parametrize(
    "number", [0, -2, -1, -1.0, 1e-320, 10**400, True, "5", float("nan"), float("-inf")]
)
@pytest.mark.parametrize("name", ["calls_per_minute", "calls_per_day", "offered_rate"])
def test_a_pace_that_is_none_is_refused(name, number):
    policy = ADOBE_BEST_EFFORT if name == "offered_rate" else LOSSLESS
    with pytest.raises(ConfigurationError, match="expected a positive number"):
        Pace.of(policy, **{name: number})


def test_half_a_call_a_day_is_refused():
    with pytest.raises(ConfigurationError, match="expected a whole number"):
        Pace.of(LOSSLESS, calls_per_day=0.5)


def test_what_an_outbox_keeps_is_taken_again():
    kept = Pace(calls_per_day=7).to_mapping()
    assert kept_limit(kept, "callsPerDay") == 7
    assert kept_limit(kept, "offeredRate") == float("inf")
    assert kept_limit({}, "offeredRate") is None
