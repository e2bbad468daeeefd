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


@pytest.mark.parametrize("kind", [Finite(), AnyNumber()])
@pytest.mark.parametrize("text", ["nan", "inf", "-inf"])
def test_what_is_not_finite_is_refused(kind, text):
    with pytest.raises(click.BadParameter, match="not a finite number"):
        kind.convert(text, None, None)


def test_a_fraction_keeps_its_point():
    assert Finite().convert("1,234.5", None, None) == 1_234.5


def test_a_number_stays_as_it_is():
    assert without_commas(1_000) == 1_000
