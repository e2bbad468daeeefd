"""The one clock, and the bounds within which a world must end."""

import pytest

from simulation import run
from simulation.schedule import Export, Row, Schedule, Setup
from simulation.world import simulate, timeline
from simulation.world.timeline import DAY_US, MOST_DAYS, MOST_EVENTS, EndlessError, Timeline


@pytest.fixture
def clock():
    return Timeline(0, None, lambda action: action())


def test_what_happens_again_and_again_at_one_instant_ends(clock):
    def again() -> None:
        if clock.events < 2 * MOST_EVENTS:  # else this test would never end
            clock.after(0, again)

    again()
    with pytest.raises(EndlessError, match=r"did not end after 20,001 events, 0\.0 virtual days"):
        clock.run_until(0)
    assert clock.events == MOST_EVENTS + 1


def test_a_wait_for_longer_than_a_world_lasts_ends_though_nothing_happens(clock):
    clock.run_until(MOST_DAYS * DAY_US)
    with pytest.raises(EndlessError, match=r"did not end after 0 events, 60\.0 virtual days"):
        clock.run_until(MOST_DAYS * DAY_US + 1)


def test_who_waits_again_and_again_while_nothing_happens_ends(clock):
    for _ in range(2_000):
        clock.run_until(clock.now_us + 1)
    with pytest.raises(EndlessError, match="waited 2,000 times, and nothing happened"):
        clock.run_until(clock.now_us + 1)


def test_waits_in_which_something_happens_or_is_planned_are_not_counted(clock):
    for number in range(5_000):
        if number % 2:
            clock.after(1, lambda: None)
        clock.run_until(clock.now_us + 1)
    assert clock.events == 2_500


def test_a_world_that_lasts_too_long_fails():
    exports = (Export(rows=(Row(profile=1),)), Export(at_us=61 * DAY_US, rows=(Row(profile=2),)))
    violation = simulate(Schedule(seed=1, setup=Setup(exports=exports))).violation
    assert violation is not None
    assert violation.invariant == "all has ended"
    assert violation.detail.endswith(" events, 61.0 virtual days")


def test_a_seed_with_too_many_events_fails_and_one_line_replays_it(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(timeline, "MOST_EVENTS", 50)
    assert run.run_seeds(range(3, 4), 1, tmp_path, 0, stop_at_first=False) == run.FAILED
    shown = capsys.readouterr().out
    assert (
        "make simulate SEED=3: all has ended: did not end after 51 events, 0.0 virtual days"
    ) in shown
    assert "replay it: make simulate SEED=3\n" in shown
