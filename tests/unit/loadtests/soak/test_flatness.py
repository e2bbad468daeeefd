import pytest

from loadtests.soak.flatness import Allowance, growth

NONE = Allowance(absolute=0.0)


def test_the_first_third_counts_in_nothing():
    grown = growth([900.0, 500.0, 100.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0], NONE)
    assert grown is not None
    assert (grown.before, grown.after, grown.is_flat) == (7.0, 7.0, True)


def test_what_falls_is_no_leak():
    assert growth([9, 9, 8, 8, 1, 1], NONE).is_flat


@pytest.mark.parametrize(
    ("last", "allowance", "is_flat"),
    [
        (104.0, Allowance(absolute=4.0), True),
        (104.1, Allowance(absolute=4.0), False),
        (104.0, Allowance(absolute=1.0, relative=0.04), True),
        (104.1, Allowance(absolute=1.0, relative=0.04), False),
    ],
)
def test_the_greater_allowance_counts(last, allowance, is_flat):
    assert growth([0.0] * 4 + [100.0] * 4 + [last] * 4, allowance).is_flat is is_flat


def test_what_already_moved_as_much_is_noise():
    middle = [100.0, 110.0, 90.0, 110.0, 90.0]
    assert growth([0.0] * 5 + middle + [120.0] * 5, NONE).is_flat
    assert not growth([0.0] * 5 + middle + [120.1] * 5, NONE).is_flat


def test_gaps_are_left_out_where_they_are():
    assert growth([None, None, 9, None, 1, 1, 5, None, 5], NONE).before == 1


@pytest.mark.parametrize("values", [[], [1, 1], [1, 1, None, None, 1, 1], [1, 1, 1, 1, None, None]])
def test_without_values_in_a_third_that_counts_there_is_no_answer(values):
    assert growth(values, NONE) is None
