"""How certain it is that a workflow's conditions hold, by every operator."""

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.conditions import (
    Predicate,
    demanded,
    holding,
    predicate_holding,
    predicates,
)
from contracts.compatibility.shape import NUMBER, TEXT, Array, Member, Object, Scalar, constant

EVENT = Object(
    {
        "three": Member(constant(3)),
        "word": Member(constant("word")),
        "status": Member(Scalar(frozenset({TEXT}), ("realized", "exited"))),
        "text": Member(Scalar(frozenset({TEXT}))),
        "maybe": Member(constant(3), SOMETIMES),
        "number": Member(Scalar(frozenset({NUMBER}))),
        "list": Member(Array((constant(1), constant(5)))),
    }
)
A, B = {"path": "$.three", "equals": 3}, {"path": "$.word", "equals": "other"}
C, D = {"path": "$.text", "equals": "x"}, {"path": "$.none", "exists": True}


@pytest.mark.parametrize(
    ("path", "operator", "operand", "certainty"),
    [
        ("three", "equals", 3, ALWAYS),
        ("three", "equals", 4, NEVER),
        ("three", "not_equals", 3, NEVER),
        ("three", "not_equals", 4, ALWAYS),
        ("three", "not_equals", "3", ALWAYS),
        ("status", "not_equals", "realized", SOMETIMES),
        ("none", "not_equals", 3, ALWAYS),
        ("maybe", "not_equals", 3, SOMETIMES),
        ("maybe", "not_equals", 4, ALWAYS),
        ("list[*]", "not_equals", 5, NEVER),
        ("three", "less_than", 4, ALWAYS),
        ("three", "less_than", 3, NEVER),
        ("three", "at_most", 3, ALWAYS),
        ("three", "at_most", 2, NEVER),
        ("three", "at_most", 4, ALWAYS),
        ("three", "at_least", 2, ALWAYS),
        ("three", "greater_than", 2, ALWAYS),
        ("three", "greater_than", 3, NEVER),
        ("three", "at_least", 3, ALWAYS),
        ("three", "at_least", 4, NEVER),
        ("number", "at_least", 4, SOMETIMES),
        ("number", "at_most", 4, SOMETIMES),
        ("number", "at_least", "4", NEVER),
        ("list[*]", "greater_than", 4, ALWAYS),
        ("list[*]", "less_than", 1, NEVER),
        ("word", "contains", "or", ALWAYS),
        ("word", "contains", "wo rd", NEVER),
        ("text", "contains", "or", SOMETIMES),
        ("list", "contains", 5, ALWAYS),
        ("list", "contains", 2, NEVER),
        ("none", "contains", "a", NEVER),
        ("maybe", "exists", True, SOMETIMES),
        ("maybe", "exists", False, SOMETIMES),
        ("three", "exists", True, ALWAYS),
        ("three", "exists", False, NEVER),
        ("none", "exists", True, NEVER),
        ("none", "exists", False, ALWAYS),
    ],
)
def test_a_predicate_holds_as_certainly_as_is_proved(
    path: str, operator: str, operand: object, certainty: Certainty
):
    assert predicate_holding(Predicate(f"$.{path}", operator, operand), EVENT) is certainty


@pytest.mark.parametrize(
    ("conditions", "certainty"),
    [
        ({}, ALWAYS),
        ({"all": [A, B]}, NEVER),
        ({"any": [A, B]}, ALWAYS),
        ({"all": [A, C]}, SOMETIMES),
        ({"any": [B, C]}, SOMETIMES),
        ({"any": [B, D]}, NEVER),
        ({"all": [A], "any": [B, C]}, SOMETIMES),
        ({"all": [{"any": [A, B]}, A]}, ALWAYS),
    ],
)
def test_groups_of_conditions_hold_together(conditions: dict[str, object], certainty: Certainty):
    assert holding(conditions, EVENT) is certainty


def test_what_is_demanded_is_what_no_alternative_replaces():
    conditions = {"all": [A, {"any": [B]}], "any": [C, D]}
    assert [one.path for one in demanded(conditions)] == ["$.three", "$.word"]
    assert [one.path for one in predicates(conditions)] == ["$.three", "$.word", "$.text", "$.none"]


def test_only_an_absence_can_hold_without_a_value():
    needs = {
        ("equals", 1): True,
        ("exists", True): True,
        ("exists", False): False,
        ("not_equals", 1): False,
    }
    found = {key: Predicate("$.a", *key).needs_a_value for key in needs}
    assert found == needs
