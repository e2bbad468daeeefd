"""How certain comparisons are of values of which only the shapes are known."""

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES, Certainty
from contracts.compatibility.paths.comparisons import (
    containment,
    equality,
    is_equal,
    is_less,
    less,
    shape_of,
)
from contracts.compatibility.shape import (
    BOOLEAN,
    NUMBER,
    TEXT,
    Array,
    Member,
    Object,
    Scalar,
    Shape,
    constant,
)

WORD = Scalar(frozenset({TEXT}))
MIXED = Scalar(frozenset({TEXT, NUMBER}))
FLAG = Scalar(frozenset({BOOLEAN}))
STATUS = Scalar(frozenset({TEXT}), ("realized", "exited"))
MAYBE = Object({"a": Member(WORD), "b": Member(WORD, SOMETIMES), "c": Member(WORD, NEVER)})


@pytest.mark.parametrize(
    ("whole", "part", "certainty"),
    [
        (constant("abc"), "b", ALWAYS),
        (constant("abc"), "d", NEVER),
        (constant(123), "2", NEVER),
        (constant("123"), 2, NEVER),
        (STATUS, "e", ALWAYS),
        (STATUS, "real", SOMETIMES),
        (STATUS, "none", NEVER),
        (WORD, "a", SOMETIMES),
        (WORD, "", ALWAYS),
        (MIXED, "", SOMETIMES),
        (Scalar(frozenset({TEXT, NUMBER}), ("12", 12)), "1", SOMETIMES),
        (Scalar(frozenset({NUMBER})), "", NEVER),
        (MAYBE, "a", ALWAYS),
        (MAYBE, "b", SOMETIMES),
        (MAYBE, "c", NEVER),
        (MAYBE, "d", NEVER),
        (MAYBE, 1, NEVER),
        (shape_of([1, "a", True]), 1, ALWAYS),
        (shape_of([1, "a", True]), "a", ALWAYS),
        (shape_of([1, "a"]), True, NEVER),
        (shape_of([]), "a", NEVER),
        (Array((WORD,)), "a", SOMETIMES),
        (Array((), WORD), "a", SOMETIMES),
        (Array((), constant(1)), "a", NEVER),
    ],
)
def test_a_text_a_list_or_an_object_contains_a_part_as_certainly_as_is_known(
    whole: Shape, part: object, certainty: Certainty
):
    assert containment(whole, part) is certainty


@pytest.mark.parametrize(
    ("left", "right", "equal", "smaller"),
    [
        (constant(1), constant(1.0), ALWAYS, NEVER),
        (constant(1), constant(2), NEVER, ALWAYS),
        (constant(2), constant(1), NEVER, NEVER),
        (constant(1), constant(True), NEVER, NEVER),
        (constant("a"), constant("b"), NEVER, ALWAYS),
        (constant("a"), constant(1), NEVER, NEVER),
        (STATUS, constant("realized"), SOMETIMES, SOMETIMES),
        (STATUS, constant("z"), NEVER, ALWAYS),
        (WORD, constant("a"), SOMETIMES, SOMETIMES),
        (FLAG, constant(True), SOMETIMES, NEVER),
        (MIXED, FLAG, NEVER, NEVER),
        (WORD, shape_of([]), NEVER, NEVER),
        (shape_of([]), shape_of([]), SOMETIMES, NEVER),
        (shape_of({}), shape_of([]), NEVER, NEVER),
        (Scalar(), constant(True), SOMETIMES, NEVER),
    ],
)
def test_two_values_are_equal_or_in_order_as_certainly_as_is_known(
    left: Shape, right: Shape, equal: Certainty, smaller: Certainty
):
    assert equality(left, right) is equality(right, left) is equal
    assert less(left, right) is smaller


def test_a_known_value_has_the_shape_of_all_that_is_in_it():
    shape = shape_of({"list": [1, {"a": "b"}], "text": "c"})
    assert isinstance(shape, Object)
    inner = shape.members["list"].shape
    assert isinstance(inner, Array)
    assert inner.more is None
    first, second = inner.first
    assert isinstance(second, Object)
    for scalar, value in (
        (first, 1),
        (second.members["a"].shape, "b"),
        (shape.members["text"].shape, "c"),
    ):
        assert isinstance(scalar, Scalar)
        assert scalar.values == (value,)


@pytest.mark.parametrize(
    ("value", "other", "equal", "smaller"),
    [
        (1, 1.0, True, False),
        (1, True, False, False),
        (0, True, False, False),
        (True, 2, False, False),
        (True, True, True, False),
        (False, True, False, False),
        ("a", "b", False, True),
        ("1", 2, False, False),
        (1, "2", False, False),
        (None, None, True, False),
        (1, 1.5, False, True),
    ],
)
def test_plain_values_compare_as_in_json(value: object, other: object, equal: bool, smaller: bool):
    assert (is_equal(value, other), is_less(value, other)) == (equal, smaller)
