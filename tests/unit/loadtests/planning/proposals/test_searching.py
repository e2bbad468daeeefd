"""The smallest or largest number that does, with few trials."""

import pytest

from loadtests.planning.proposals.searching import Found, largest, smallest


@pytest.mark.parametrize("answer", [1, 2, 3, 17, 999, 1000])
@pytest.mark.parametrize("guess", [None, 1, 16, 17, 18, 500, 1000, 5000])
def test_the_smallest_number_that_does_wherever_the_search_begins(
    answer: int, guess: int | None
) -> None:
    found = smallest(lambda number: number >= answer, 1, 1000, guess)
    assert found is not None
    assert (found.number, found.exception) == (answer, None)


@pytest.mark.parametrize("answer", [1, 2, 3, 17, 999, 1000])
@pytest.mark.parametrize("guess", [None, 1, 16, 17, 18, 500, 1000, 5000])
def test_the_largest_number_that_does_wherever_the_search_begins(
    answer: int, guess: int | None
) -> None:
    found = largest(lambda number: number <= answer, 1, 1000, guess)
    assert found is not None
    assert (found.number, found.exception) == (answer, None)


def test_there_is_none_when_the_end_of_the_range_does_not() -> None:
    assert smallest(lambda number: number > 1000, 1, 1000) is None
    assert largest(lambda number: number < 1, 1, 1000) is None


def test_no_number_is_tried_twice_and_few_are() -> None:
    tried: list[int] = []

    def does(number: int) -> bool:
        tried.append(number)
        return number >= 123_456

    found = smallest(does, 1, 10**9, guess=100_000)
    assert found == Found(123_456, len(tried))
    assert len(tried) == len(set(tried)) < 40
    assert 123_455 in tried


def test_a_greater_number_that_does_not_moves_the_answer_above_it_and_is_named() -> None:
    found = smallest(lambda number: number >= 100 and number != 110, 1, 1000)
    assert found is not None
    assert (found.number, found.exception) == (111, 110)


def test_a_smaller_number_that_does_not_moves_the_answer_below_it_and_is_named() -> None:
    found = largest(lambda number: number <= 100 and number != 91, 1, 1000)
    assert found is not None
    assert (found.number, found.exception) == (90, 91)


def test_what_always_changes_ends_the_search() -> None:
    found = smallest(lambda number: number % 2 == 0, 1, 1000)
    assert found is not None
    assert found.number % 2 == 0
