"""A forecast held against what a run did."""

import re

import pytest

from loadtests.planning import Forecast, Plan, Timeline
from loadtests.planning.against import ReportError, compare

PLAN = Plan(profiles=90, arrival_rate=10.0, excluded={"no identity": 10})
FORECAST = Forecast(
    plan=PLAN,
    messages=90,
    delivered_by_try=(50, 0, 10),
    dropped_by_code={"429": 26, "504": 2},
    uncertain=2,
    duplicates=1,
    blocked_by_day={0: 3},
    finished_at_seconds=120.0,
    timeline=Timeline(bin_seconds=60.0, arrivals=[90], accepted=[61], refused=[100], dropped=[28]),
)
REPORT = {
    "policy": "adobe-best-effort",
    "status": "Completed",
    "offeredRatePerSecond": 10.0,
    "profilesReceived": 100,
    "identitiesActivated": 57,
    "identitiesExcluded": 10,
    "identitiesFailed": 31,
    "activationRate": 0.67,
    "processingTimeSeconds": 126.0,
    "messages": {"uncertain": 2, "pending": 0},
    "failed": [
        {"errorCode": "ESRV429", "adobeErrorCode": "ACTSVC-8100-429", "count": 28},
        {"errorCode": "ACTSVC-8100-504", "count": 3},
        {"errorCode": "unknown", "count": 7},
    ],
}


def figures(report: object) -> dict[str, tuple[float, float]]:
    return {f.name: (f.forecast, f.actual) for f in compare(FORECAST, report).figures}


def test_a_report_of_the_sender_has_each_figure_beside_the_forecasts() -> None:
    assert figures(REPORT) == {
        "profilesReceived": (100, 100),
        "identitiesActivated": (60, 57),
        "identitiesExcluded": (10, 10),
        "identitiesFailed": (28, 31),
        "activationRate": (0.7, 0.67),
        "processingTimeSeconds": (120.0, 126.0),
        "messages.uncertain": (2, 2),
        "failed.429": (26, 28),
        "failed.504": (2, 3),
    }
    assert compare(FORECAST, REPORT).notes == ()


def test_the_totals_of_a_mock_are_calls() -> None:
    totals = {"received": 160, "accepted": 60, "refused": 100, "blocked": 3, "duplicates": 0}
    totals |= {"complete": True, "pending": 0, "succeeded": 57, "failed": 0, "refusedBy": {}}
    assert figures(totals) == {
        "received": (161, 160),
        "accepted": (61, 60),
        "refused": (100, 100),
        "blocked": (3, 3),
        "duplicates": (1, 0),
    }


def test_two_numbers_from_adobes_page_are_enough() -> None:
    assert figures({"identitiesActivated": 60, "identitiesFailed": 30}) == {
        "identitiesActivated": (60, 60),
        "identitiesFailed": (28, 30),
    }


def test_the_forecast_was_right_when_every_count_is_equal_however_long_it_took() -> None:
    equal = {"identitiesActivated": 60, "identitiesFailed": 28, "processingTimeSeconds": 500.0}
    assert compare(FORECAST, equal).to_mapping()["equal"] is True
    assert compare(FORECAST, {**equal, "identitiesFailed": 29}).to_mapping()["equal"] is False


@pytest.mark.parametrize(
    ("entries", "note"),
    [
        ({"status": "Processing"}, "the run has not ended (Processing)"),
        ({"policy": "lossless"}, "the run had the policy lossless, the forecast adobe-best-effort"),
        ({"offeredRatePerSecond": 12.5}, "give --arrival-rate 12.5"),
        (
            {"offeredRatePerSecond": None, "reachedRatePerSecond": 9.0},
            "offered 9 messages a second",
        ),
        ({"profilesReceived": 99}, "the run was of 99 profiles, the forecast of 100"),
    ],
)
def test_a_run_of_something_else_is_said(entries: dict[str, object], note: str) -> None:
    (said,) = compare(FORECAST, {**REPORT, **entries}).notes
    assert note in said


@pytest.mark.parametrize(
    ("counts", "notes"),
    [
        ({"identitiesActivated": 60, "identitiesFailed": 30}, ()),
        ({"identitiesActivated": 60, "identitiesFailed": 28, "identitiesExcluded": 10}, ()),
        (
            {"identitiesActivated": 54_120, "identitiesFailed": 945_880},
            ("the run's figures add up to 1,000,000 profiles, the forecast is of 90",),
        ),
        (
            {"identitiesActivated": 50, "identitiesFailed": 20, "identitiesExcluded": 10},
            ("the run's figures add up to 80 profiles, the forecast is of 100",),
        ),
        ({"identitiesFailed": 945_880}, ()),
    ],
)
def test_figures_that_add_up_to_another_number_of_profiles_are_said(
    counts: dict[str, int], notes: tuple[str, ...]
) -> None:
    assert compare(FORECAST, counts).notes == notes


def test_totals_that_are_not_the_last_ones_are_said() -> None:
    notes = compare(FORECAST, {"accepted": 3, "pending": 2, "complete": False}).notes
    assert notes[0].startswith("2 runs were pending")
    assert notes[1].startswith("the mock has dropped calls")


@pytest.mark.parametrize(
    ("report", "message"),
    [
        ([1], "found list, expected an object of figures"),
        ({}, "has no figure to compare; expected some of profilesReceived"),
        ({"status": "Completed"}, "has no figure to compare"),
        ({"identitiesActivatd": 1}, "identitiesActivatd: no figure"),
        ({"accepted": 1, "identitiesFailed": 2}, "accepted: no figure of a report"),
        ({"identitiesFailed": -1}, "identitiesFailed: found -1, expected a whole number"),
        ({"identitiesFailed": True}, "identitiesFailed: found True, expected a whole number"),
        ({"identitiesFailed": 1.5}, "identitiesFailed: found 1.5, expected a whole number"),
        ({"identitiesFailed": "1,000"}, "identitiesFailed: found '1,000', expected"),
        (
            {"processingTimeSeconds": float("inf")},
            "processingTimeSeconds: found inf, expected 0 to",
        ),
        ({"identitiesFailed": 10**400}, "identitiesFailed: found 1000"),
        ({"activationRate": 67}, "activationRate: found 67, expected a share, 0 to 1"),
        ({"accepted": 3, "pending": "2"}, "pending: found '2', expected a whole number"),
        ({"accepted": 3, "pending": -2}, "pending: found -2, expected a whole number"),
        ({**REPORT, "status": ["Processing"]}, "status: found ['Processing'], expected a text"),
        ({**REPORT, "policy": {}}, "policy: found {}, expected a text"),
        ({**REPORT, "offeredRatePerSecond": 10**400}, "offeredRatePerSecond: found 1000"),
        ({**REPORT, "reachedRatePerSecond": "9"}, "reachedRatePerSecond: found '9', expected"),
        ({"failed": 3}, 'failed: expected a list of {"errorCode"'),
        ({"failed": [{"errorCode": "ACTSVC-8100-429"}]}, "failed, ACTSVC-8100-429: found None"),
    ],
)
def test_what_is_no_report_is_one_clear_error(report: object, message: str) -> None:
    with pytest.raises(ReportError, match=f"^{re.escape(message)}"):
        compare(FORECAST, report)


def test_a_misspelt_name_gets_a_hint() -> None:
    with pytest.raises(ReportError, match=r"did you mean identitiesActivated\?$"):
        compare(FORECAST, {"identitiesActivatd": 1})
