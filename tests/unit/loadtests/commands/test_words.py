"""Times, shares and days as people read them."""

import pytest

from loadtests.commands import words


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (0.254, "0.25 s"),
        (9.5, "9.5 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (1_001.4, "16 min 41 s"),
        (3_600, "1 h"),
        (3_661, "1 h 1 min"),
        (86_399.7, "1 d"),
        (3 * 86_400 + 1_230, "3 d 20 min"),
        (1_200 * 86_400.0, "1,200 d"),
    ],
)
def test_a_time_has_its_two_greatest_units(seconds, text):
    assert words.duration(seconds) == text


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0, "0 %"),
        (1, "100 %"),
        (0.5, "50.0 %"),
        (0.946, "94.6 %"),
        (0.000_4, "under 0.1 %"),
        (0.999_6, "over 99.9 %"),
    ],
)
def test_a_share_that_is_neither_none_nor_all_is_never_shown_as_either(share, text):
    assert words.percent(share) == text


def test_a_part_has_its_share_unless_there_is_none():
    assert words.part(1, 4) == "1 (25.0 %)"
    assert words.part(0, 4) == words.part(0, 0) == "0"


def test_tries_are_counted_in_words_as_far_as_people_do():
    assert words.at_try(3) == "at the third try"
    assert words.at_try(12) == "at try 12"


def test_days_are_counted_from_one():
    assert words.days([(0, 1_000), (3, 2)]) == "day 1: 1,000, day 4: 2"
