"""Chance depends on seed, message and attempt, and on nothing else."""

from loadtests.planning.chance import draw, mixed

MIXED = 8_260_377_664_392_881


def test_numbers_are_evenly_spread():
    numbers = [draw(7, number, 1) for number in range(4_000)]
    assert all(0.0 <= number < 1.0 for number in numbers)
    tenths = [sum(low <= number * 10 < low + 1 for number in numbers) for low in range(10)]
    assert all(320 < count < 480 for count in tenths)


def test_seed_message_and_attempt_each_make_another_number():
    numbers = {
        draw(seed, number, attempt) for seed in (0, 1) for number in (0, 1) for attempt in (1, 2)
    }
    assert len(numbers) == 8


def test_the_numbers_stay_the_same_from_version_to_version():
    assert mixed(0, 0, 1) == MIXED
    assert draw(0, 0, 1) == MIXED / 2**53
