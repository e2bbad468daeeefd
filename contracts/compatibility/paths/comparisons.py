"""How certain a comparison of values is of which only the shapes are known. Pure.

Plain values compare as in JSON: a boolean is no number, and a text is in no order with a number.
"""

from collections.abc import Callable
from typing import Any

from contracts.compatibility.certainty import (
    ALWAYS,
    NEVER,
    SOMETIMES,
    Certainty,
    any_of,
    certainly,
    over_all,
)
from contracts.compatibility.shape import (
    BOOLEAN,
    TEXT,
    Array,
    Member,
    Object,
    Scalar,
    Shape,
    constant,
)


def shape_of(value: Any) -> Shape:  # noqa: ANN401  any JSON value
    """Return the shape of one known JSON value."""
    if isinstance(value, dict):
        return Object({name: Member(shape_of(inner)) for name, inner in value.items()})
    if isinstance(value, list):
        return Array(tuple(map(shape_of, value)))
    return constant(value)


def equality(left: Shape, right: Shape) -> Certainty:
    """Return how certain it is that two values are equal as JSON values."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        return _of_scalars(left, right, is_equal)
    return SOMETIMES if type(left) is type(right) else NEVER


def less(left: Shape, right: Shape) -> Certainty:
    """Return how certain it is that a value is smaller than another one, of the same kind."""
    if isinstance(left, Scalar) and isinstance(right, Scalar):
        if (left.kinds & right.kinds) <= {BOOLEAN}:
            return NEVER
        return _of_scalars(left, right, is_less)
    return NEVER


def containment(whole: Shape, part: Any) -> Certainty:  # noqa: ANN401  any JSON value
    """Return how certain it is that a text, list or object has a known part, item or member."""
    if isinstance(whole, Array):
        item = shape_of(part)
        return any_of(presence & equality(shape, item) for shape, presence in whole.items())
    if not isinstance(part, str):
        return NEVER
    if isinstance(whole, Object):
        return whole.members[part].presence if part in whole.members else NEVER
    return _text_containment(whole, part)


def _text_containment(whole: Scalar, part: str) -> Certainty:
    if TEXT not in whole.kinds:
        return NEVER
    if whole.values is not None:
        return over_all(
            certainly(holds=isinstance(value, str) and part in value) for value in whole.values
        )
    return ALWAYS if whole.kinds == {TEXT} and not part else SOMETIMES


def is_equal(value: Any, other: Any) -> bool:  # noqa: ANN401  any plain value
    """Return whether two plain values are equal; 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    return bool(value == other)


def is_less(value: Any, other: Any) -> bool:  # noqa: ANN401  any plain value
    """Return whether a plain value is smaller than another one; never of two kinds."""
    if isinstance(value, bool) or isinstance(other, bool):
        return False
    if isinstance(value, str) and isinstance(other, str):
        return value < other
    are_numbers = isinstance(value, int | float) and isinstance(other, int | float)
    return are_numbers and value < other


def _of_scalars(left: Scalar, right: Scalar, holds: Callable[[Any, Any], bool]) -> Certainty:
    if not left.kinds & right.kinds:
        return NEVER
    if left.values is None or right.values is None:
        return SOMETIMES
    return over_all(
        certainly(holds=holds(value, other)) for value in left.values for other in right.values
    )
