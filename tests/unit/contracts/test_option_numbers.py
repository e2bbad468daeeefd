"""Numbers that people type: underscores and commas between thousands, and nothing that is none."""

import click
import pytest

from contracts.option_numbers import AnyInteger, AnyNumber, Finite, Integer, without_commas


@pytest.mark.parametrize("kind", [Integer(), AnyInteger(), Finite(), AnyNumber()])
@pytest.mark.parametrize("text", ["1000000", "1_000_000", "1,000,000"])
def test_a_number_may_have_marks_between_its_thousands(kind, text):
    assert kind.convert(text, None, None) == 1_000_000


@pytest.mark.parametrize("kind", [Integer(), AnyInteger(), Finite(), AnyNumber()])
@pytest.mark.parametrize("text", ["1,00", "10,0000", "1,000,", ",100", "a", "", "9" * 5_000 + "x"])
def test_what_is_no_number_is_refused(kind, text):
    with pytest.raises(click.BadParameter):
        kind.convert(text, None, None)


@pytest.mark.parametrize("kind", [Integer(), AnyInteger()])
def test_the_error_says_how_a_whole_number_may_be_written(kind):
    expected = "'1M' is not a whole number, such as 1000000, 1_000_000 or 1,000,000"
    with pytest.raises(click.BadParameter, match=expected):
        kind.convert("1M", None, None)


@pytest.mark.parametrize("kind", [Finite(0, 1), AnyNumber()])
def test_the_error_says_how_a_share_may_be_written(kind):
    with pytest.raises(click.BadParameter, match=r"'5%' is not a number, such as 0\.05, 1_000"):
        kind.convert("5%", None, None)


@pytest.mark.parametrize("kind", [Finite(), AnyNumber()])
@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_what_is_not_finite_is_refused(kind, text):
    with pytest.raises(click.BadParameter, match="not a finite number"):
        kind.convert(text, None, None)


def test_a_fraction_keeps_its_point():
    assert Finite().convert("1,234.5", None, None) == 1_234.5


def test_a_number_stays_as_it_is():
    assert without_commas(1_000) == 1_000
