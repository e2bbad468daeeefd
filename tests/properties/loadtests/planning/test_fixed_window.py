"""The exact engine against the closed formula of docs/planning.md, which shares nothing with it."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from loadtests.planning import Plan, forecast
from sender.policies import ADOBE_BEST_EFFORT
from support.fixed_window import SECOND, delivered, tries_after

RATES = st.floats(4.0, 5_000.0) | st.sampled_from([5.0, 10.0, 50.0, 100.0, 1_000.0])


def _is_within_a_window(setting) -> bool:
    _, _, _, retry_after, window_seconds, latency = setting
    return tries_after(retry_after, round(latency * SECOND))[-1] <= window_seconds * SECOND


@st.composite
def settings_of(draw: st.DrawFn) -> tuple[int, float, int, tuple[float, ...], int, float]:
    window_seconds = draw(st.sampled_from([1, 2, 10, 60]))
    latency_us = draw(st.sampled_from([0, 1, 50_000, 500_000]))
    # Whole microseconds, and often halves of seconds: then retries fall on arrivals exactly.
    room = window_seconds * 1_000_000 - latency_us
    waits_us = st.integers(1, room) | st.sampled_from(
        [each for each in (500_000, 1_000_000, 15_000_000, 30_000_000) if each <= room]
    )
    retry_after = sorted(draw(st.sets(waits_us, min_size=1, max_size=4)))
    return (
        draw(st.integers(1, 400)),
        draw(RATES),
        draw(st.integers(1, 300)),
        tuple(each / 1_000_000 for each in retry_after),
        window_seconds,
        latency_us / 1_000_000,
    )


@settings(max_examples=50)
@given(setting=settings_of().filter(_is_within_a_window))
@example(setting=(3_000, 50.0, 1_000, (15.0, 30.0), 60, 0.0))  # retries fall on first tries
@example(setting=(2_000, 10.0, 100, (15.0, 60.0), 60, 0.0))  # the last is one window later
def test_the_exact_engine_and_the_closed_formula_agree_to_the_message(setting) -> None:
    profiles, rate, limit, retry_after, window_seconds, latency = setting
    plan = Plan(
        profiles=profiles,
        arrival_rate=rate,
        policy=ADOBE_BEST_EFFORT.retrying_after(retry_after),
        limit_per_minute=limit,
        window="fixed",
        window_seconds=window_seconds,
        latency_seconds=latency,
    )
    seen = forecast(plan, engine="exact")
    expected = delivered(*setting)
    tries = len(retry_after) + 1
    assert seen.delivered_by_try[:tries] == expected.by_try
    assert sum(seen.delivered_by_try[tries:]) == 0
    assert seen.dropped == expected.dropped


def test_the_formula_says_what_its_page_says_of_a_million() -> None:
    result = delivered(1_000_000, 1_000.0, 3_000)
    assert (sum(result.by_try), result.dropped) == (54_000, 946_000)
    assert result.by_window == (3_000,) * 18
