"""How a violation reads."""

import pytest

from contracts.terminal import printable
from contracts.violations import MISSING, Violation, describe, json_path


@pytest.mark.parametrize(
    ("parts", "path"),
    [
        ([], "$"),
        (["identities", 0, "target"], "$.identities[0].target"),
        (["start-date"], "$['start-date']"),
        (["it's"], r"$['it\'s']"),
        (['say "hi"\\'], "$['say \"hi\"\\\\']"),
        ([""], "$['']"),
        (["Größe"], "$['Größe']"),
        (["line\nbreak"], r"$['line\nbreak']"),
    ],
)
def test_a_place_is_told_as_a_json_path(parts: list[str | int], path: str):
    assert json_path(parts) == path


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (MISSING, "nothing"),
        (None, "null"),
        (True, "true"),
        (0.5, "0.5"),
        (10**20, "100000000000000000000"),
        (-(2**300), "a whole number of 301 bits"),
        ("é", '"é"'),
        ("\ud800", '"\\ud800"'),
        ({"a": 1}, "an object with 1 key"),
        ({}, "an object with 0 keys"),
        ([1, 2], "a list of 2"),
        ("dave@example.com", '"***"'),
        (object, '"type"'),
    ],
)
def test_a_value_is_told_in_a_few_words(value: object, words: str):
    assert describe(value) == words


def test_a_long_value_is_cut():
    assert describe("x" * 1000) == f'"{"x" * 78}…'


def test_a_violation_reads_as_one_sentence_and_its_repr_keeps_the_value_back():
    violation = Violation("$.a", "dave@example.com", "a number")
    assert str(violation) == '$.a: found "***", expected a number'
    assert repr(violation) == "Violation(path='$.a', expected='a number')"


def test_what_no_terminal_can_show_is_escaped():
    assert printable("a\udfff") == "a\\udfff"
