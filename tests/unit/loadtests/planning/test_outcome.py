"""What a plan comes to."""

import pytest

from loadtests.planning.outcome import MOST_BINS, Band, Forecast, Spread, bin_us
from loadtests.planning.plan import Plan

PLAN = Plan(profiles=10, arrival_rate=1.0)
FORECAST = Forecast(
    plan=PLAN,
    messages=10,
    delivered_by_try=(4, 0, 2),
    dropped_by_code={"413": 1, "429": 2},
    uncertain=1,
    blocked_by_day={0: 1, 2: 1},
)


def test_totals_follow_from_the_parts():
    assert (FORECAST.delivered, FORECAST.dropped, FORECAST.blocked_by_daily_cap) == (6, 3, 2)


def test_what_is_blocked_behind_a_2xx_is_lost_too():
    assert (FORECAST.lost, FORECAST.loss_share) == (6, 0.6)


def test_nothing_is_lost_of_nothing():
    nobody = Plan(profiles=0, arrival_rate=1.0, excluded={"no consent": 1})
    assert Forecast(plan=nobody, messages=0, delivered_by_try=(0, 0, 0)).loss_share == 0.0


def test_a_band_has_the_nearest_ranks_of_each_figure():
    assert Spread.of(range(100, 0, -1)) == Spread(1, 5, 50, 95, 100)
    assert Spread.of([7]) == Spread(7, 7, 7, 7, 7)
    band = Band.of(PLAN, [FORECAST, FORECAST])
    assert (band.seeds, band.figures["loss_share"].median) == (2, 0.6)


@pytest.mark.parametrize(
    ("horizon_seconds", "bin_seconds"),
    [(0, 1), (999, 1), (1_000, 2), (86_400, 120), (86_400_000, 172_800), (316_224_000, 345_600)],
)
def test_a_timeline_has_at_most_a_thousand_bins(horizon_seconds, bin_seconds):
    found = bin_us(horizon_seconds * 1_000_000)
    assert found == bin_seconds * 1_000_000
    assert horizon_seconds * 1_000_000 // found < MOST_BINS
