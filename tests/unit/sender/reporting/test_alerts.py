"""What a run that has ended is alerted about."""

import dataclasses

import pytest

from sender import events
from sender.reporting.alerts import AlertThresholds, alerts_of, was_kept
from sender.reporting.report import COMPLETED, FAILED, INTERRUPTED, Report
from support.report import REPORT


def told(thresholds: AlertThresholds, **changed: object) -> list[str]:
    clean = {"activated": 10, "failed": 0, "uncertain": 0, "pending": 0, "exclusions": ()}
    report: Report = dataclasses.replace(
        REPORT, **{"profiles_received": 10, "status": COMPLETED, **clean, **changed}
    )
    return [type(alert).__name__ for alert in alerts_of(report, "Survey", thresholds)]


def test_a_run_without_a_loss_is_a_success_and_nothing_else():
    assert told(AlertThresholds()) == ["DestinationFlowRunSuccess"]


def test_a_lost_message_is_told_by_the_sender_and_by_adobe():
    assert told(AlertThresholds(), failed=1) == ["ActivationRateLow", "DestinationFlowRunFailure"]
    assert told(AlertThresholds(), uncertain=1)[-1] == "DestinationFlowRunFailure"


def test_a_low_activation_rate_is_told_only_below_its_threshold():
    rate = {"activated": 5, "profiles_received": 10}
    low = AlertThresholds(activation_rate_below=0.6, skip_rate_above=1.0)
    assert told(low, **rate) == ["ActivationRateLow", "DestinationFlowRunSuccess"]
    assert told(dataclasses.replace(low, activation_rate_below=0.5), **rate) == [
        "DestinationFlowRunSuccess"
    ]


def test_a_run_that_an_error_ended_is_a_failure_and_an_interrupted_one_is_neither():
    assert told(AlertThresholds(), status=FAILED) == ["DestinationFlowRunFailure"]
    assert told(AlertThresholds(), status=INTERRUPTED) == []


def test_a_missed_rate_is_told_only_of_a_rate_that_was_offered():
    missed = "OfferedRateMissed"
    assert told(AlertThresholds(offered_rate=20.0), reached_rate=10.0)[0] == missed
    assert missed not in told(AlertThresholds(offered_rate=20.0), reached_rate=None)
    assert missed not in told(AlertThresholds(), reached_rate=10.0)


def test_an_alert_carries_what_was_reached_and_the_threshold():
    report = dataclasses.replace(REPORT, reached_rate=10.0)
    first = next(iter(alerts_of(report, "Survey", AlertThresholds(offered_rate=20.0))))
    assert first == events.OfferedRateMissed(20.0, 10.0)


@pytest.mark.parametrize(("reached", "kept"), [(20.0, True), (19.0, True), (18.9, False)])
def test_a_rate_is_kept_by_95_per_cent(reached, kept):
    assert was_kept(20.0, reached) is kept
