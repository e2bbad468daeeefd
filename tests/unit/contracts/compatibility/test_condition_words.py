"""Conditions of a workflow, in words."""

from typing import Any

import pytest

from contracts.compatibility.condition_words import in_words
from contracts.compatibility.json_values import shown

A = {"path": "$.a", "equals": "x"}
B = {"path": "$.b", "exists": True}
C = {"path": "$.c", "exists": False}


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (A, '$.a equals "x"'),
        ({"path": "$.a", "not_equals": None}, "$.a differs from null"),
        ({"path": "$.a", "contains": ["ü", 1]}, '$.a contains ["ü", 1]'),
        ({"path": "$.a", "less_than": 1.5}, "$.a is less than 1.5"),
        ({"path": "$.a", "at_most": 1}, "$.a is at most 1"),
        ({"path": "$.a", "greater_than": 1}, "$.a is greater than 1"),
        ({"path": "$.a", "at_least": 1}, "$.a is at least 1"),
        (B, "$.b is there"),
        (C, "$.c is not there"),
        ({"any": [A]}, '$.a equals "x"'),
        ({"all": [B, C]}, "$.b is there and $.c is not there"),
        ({"any": [B, C]}, "$.b is there or $.c is not there"),
        ({"any": [A, {"all": [B, C]}]}, '$.a equals "x" or ($.b is there and $.c is not there)'),
        (
            {"all": [{"all": [B, {"any": [A, C]}]}]},
            '$.b is there and ($.a equals "x" or $.c is not there)',
        ),
        ({"all": [B], "any": [C]}, "($.b is there) and ($.c is not there)"),
        ({"any": []}, "one of no conditions holds"),
        ({"all": []}, "nothing is demanded"),
    ],
)
def test_conditions_read_as_a_part_of_a_sentence(condition: dict[str, Any], words: str):
    assert in_words(condition) == words


def test_no_address_is_told_and_nothing_very_long():
    assert in_words({"path": "$.a", "equals": "dave@example.com"}) == '$.a equals "***"'
    assert shown("x" * 198) == f'"{"x" * 198}"'
    assert shown("x" * 199) == f'"{"x" * 198}…'
    assert len(in_words({"path": "$.a", "contains": "x" * 5_000})) < 250
