import pytest

from contracts.counterexamples.shrinking import fewest

ITEMS = list(range(1, 41))


@pytest.mark.parametrize("needed", [{1}, {40}, {17}, {3, 4}, {1, 40}, {2, 20, 39}])
def test_only_what_it_takes_to_fail_is_left(needed):
    assert fewest(ITEMS, lambda part: needed <= set(part), lambda: True) == sorted(needed)


def test_what_fails_as_a_whole_only_stays_whole():
    assert fewest([1, 2, 3], lambda _: False, lambda: True) == [1, 2, 3]


def test_a_number_of_items_that_it_takes_is_reached():
    assert len(fewest(ITEMS, lambda part: len(part) >= 6, lambda: True)) == 6


def test_all_and_none_of_them_are_never_asked_about():
    asked = []
    fewest(ITEMS, lambda part: bool(asked.append(len(part))), lambda: True)
    assert min(asked) > 0
    assert max(asked) < len(ITEMS)


def test_a_message_of_five_hundred_is_found_in_few_runs():
    asked = []
    fewest(range(500), lambda part: bool(asked.append(1)) or 77 in part, lambda: True)
    assert len(asked) < 25


def test_when_the_time_is_up_the_smallest_that_was_found_is_left():
    left = iter([True, True, True])
    found = fewest(ITEMS, lambda part: 1 in part, lambda: next(left, False))
    assert found == [1, 2, 3, 4, 5]
    assert fewest(ITEMS, lambda _: True, lambda: False) == ITEMS


def test_one_item_is_not_tried_again():
    assert fewest([1], lambda _: pytest.fail("asked"), lambda: True) == [1]
