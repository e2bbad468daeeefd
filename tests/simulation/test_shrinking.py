"""Shrinking, with made-up predicates."""

from collections.abc import Sequence

import pytest

from simulation.schedule import Crash, Export, Row, Schedule, Setup
from simulation.schedule.shrinking import Tries, shrink, smallest


@pytest.mark.parametrize("needed", [(), (0,), (11,), (3, 4), (0, 11), (1, 5, 9), tuple(range(12))])
def test_what_is_left_is_what_the_failure_needs(needed):
    found = smallest(range(12), lambda part: set(needed) <= set(part), Tries(500))
    assert found == list(needed)


def test_one_of_several_reasons_is_left():
    found = smallest(range(12), lambda part: 4 in part or {1, 7} <= set(part), Tries(500))
    assert found in ([4], [1, 7])


def test_what_is_left_fails_without_none_of_its_parts():
    def fails(part: Sequence[int]) -> bool:  # not monotonous: 2 hides it, unless 6 is there
        return {3, 8} <= set(part) and (2 not in part or 6 in part)

    found = smallest(range(12), fails, Tries(500))
    assert fails(found)
    assert not any(fails([each for each in found if each != one]) for one in found)


def test_tries_are_bounded_and_what_is_returned_still_fails():
    asked: list[Sequence[int]] = []

    def fails(part: Sequence[int]) -> bool:
        asked.append(part)
        return {1, 62} <= set(part)

    found = smallest(range(64), fails, Tries(7))
    assert len(asked) <= 7
    assert fails(found)


def test_the_same_predicate_gives_the_same_result():
    asked: list[list[tuple[int, ...]]] = [[], []]
    for questions in asked:
        smallest(
            range(20), lambda part, q=questions: q.append(tuple(part)) or 13 in part, Tries(99)
        )
    assert asked[0] == asked[1]


def test_a_schedule_keeps_the_happenings_and_the_profiles_that_matter():
    rows = tuple(Row(profile=number) for number in range(9))
    schedule = Schedule(
        seed=1,
        setup=Setup(exports=(Export(rows=rows),)),
        happenings=tuple(Crash(nth=nth) for nth in range(8)),
    )

    def fails(it: Schedule) -> bool:
        return {2, 5} <= {each.nth for each in it.happenings} and 7 in it.setup.profiles()

    found = shrink(schedule, fails)
    assert found.numbers == (2, 5)
    assert found.setup.profiles() == (7,)


@pytest.mark.parametrize("most", [1, 9, 60])
def test_happenings_and_profiles_share_the_tries_of_one_schedule(most):
    rows = tuple(Row(profile=number) for number in range(40))
    crashes = tuple(Crash(nth=nth) for nth in range(40))
    schedule = Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),)), happenings=crashes)
    asked: list[Schedule] = []

    def fails(it: Schedule) -> bool:
        asked.append(it)
        return {2, 35} <= set(it.numbers) and {1, 38} <= set(it.setup.profiles())

    found = shrink(schedule, fails, most)
    assert len(asked) == most
    assert fails(found)
