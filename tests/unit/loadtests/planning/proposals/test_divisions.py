"""An audience divided into batches."""

from loadtests.planning import Batch, Plan
from loadtests.planning.proposals.divisions import Division, divisions, in_batches, of_size, spaced

PLAN = Plan(
    profiles=250, arrival_rate=10.0, limit_per_minute=30, runs_per_day=100, oversized=frozenset({7})
)


def test_the_last_batch_has_what_is_left() -> None:
    plan = in_batches(PLAN, 100, [0.0, 60.0, 120.0])
    assert plan.batches == (
        Batch(start_seconds=0.0, profiles=100),
        Batch(start_seconds=60.0, profiles=100),
        Batch(start_seconds=120.0, profiles=50),
    )
    assert plan.profiles == 250
    assert plan.oversized == {7}


def test_fewer_starts_than_batches_are_a_part_and_more_are_not_used() -> None:
    assert in_batches(PLAN, 100, [0.0]).profiles == 100
    assert len(in_batches(PLAN, 100, [0.0, 1.0, 2.0, 3.0, 4.0]).batches) == 3


def test_a_batch_alone_has_no_profile_that_is_too_large() -> None:
    assert of_size(PLAN, 5).profiles == 5
    assert of_size(PLAN, 50).oversized == frozenset()


def test_a_few_batches_are_compared_with_the_limit_a_minute_alone() -> None:
    few = spaced(PLAN, 100, 60.0, 5)
    assert few.runs_per_day >= few.profiles == 250
    assert few.oversized == frozenset()


def test_a_day_gets_as_many_batches_as_its_cap_has_room_for() -> None:
    first = next(divisions(PLAN, 30, windows=1))
    assert first == Division(size=30, batches=9, a_day=3, gap_seconds=60.0)
    assert first.starts()[:4] == [0.0, 60.0, 120.0, 86_400.0]


def test_the_last_resort_is_a_batch_a_day() -> None:
    *_, last = divisions(PLAN, 30, windows=1)
    assert (last.a_day, last.gap_seconds) == (1, 86_400.0)
    assert list(divisions(PLAN, 60, windows=2)) == [
        Division(size=60, batches=5, a_day=1, gap_seconds=86_400.0)
    ]


def test_batches_that_would_take_more_than_ten_years_are_no_way() -> None:
    plan = Plan(profiles=10_000, arrival_rate=10.0, limit_per_minute=1, runs_per_day=1)
    assert list(divisions(plan, 1, windows=1)) == []
