"""How certain it is that a JSONPath's filter holds of a shape. Pure.

As the library evaluates filters, which the mock uses: what ``@`` is when it is a plain value counts
by its truth, and two queries that select nothing are equal.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpression,
    FilterExpressionLiteral,
    FilterQuery,
    LogicalExpression,
    PrefixExpression,
    RelativeFilterQuery,
)
from jsonpath_rfc9535.segments import JSONPathSegment
from jsonpath_rfc9535.selectors import IndexSelector, NameSelector

from contracts.compatibility.certainty import (
    ALWAYS,
    NEVER,
    SOMETIMES,
    Certainty,
    certainly,
    over_all,
)
from contracts.compatibility.paths.comparisons import equality, less
from contracts.compatibility.shape import Array, Member, Object, Scalar, Shape, constant

Exists = Callable[[Sequence[JSONPathSegment], Shape], Certainty]

_NULL: Final = Scalar(frozenset({"null"}), (None,), "null")
_ABSENT: Final = Member(_NULL, NEVER)


class _Operand(NamedTuple):
    """One side of a comparison: what it is where it is there."""

    shape: Shape
    presence: Certainty = ALWAYS


class FilterTests:
    """Tests shapes by filters.

    Args:
        root: the shape of the whole event, which is ``$`` in a filter.
        exists: how certain it is that segments select something of a shape.
    """

    def __init__(self, root: Shape, exists: Exists) -> None:
        self._root = root
        self._exists = exists

    def holds(self, expression: Expression, current: Shape) -> Certainty:
        """Return how certain it is that a filter holds where ``@`` has a shape."""
        match expression:
            case FilterExpression():
                return self.holds(expression.expression, current)
            case PrefixExpression():
                return ~self.holds(expression.right, current)
            case LogicalExpression():
                left = self.holds(expression.left, current)
                right = self.holds(expression.right, current)
                return left & right if expression.operator == "&&" else left | right
            case ComparisonExpression():
                return self._compared(expression, current)
            case FilterQuery():
                return self._is_there(expression, current)
            case _:
                return SOMETIMES  # a function

    def _is_there(self, query: FilterQuery, current: Shape) -> Certainty:
        segments = query.query.segments
        if not isinstance(query, RelativeFilterQuery):
            return self._exists(segments, self._root)
        if not segments and isinstance(current, Scalar):
            return _truth(current)
        return self._exists(segments, current)

    def _compared(self, comparison: ComparisonExpression, current: Shape) -> Certainty:
        left = self._operand(comparison.left, current)
        right = self._operand(comparison.right, current)
        if left is None or right is None:
            return SOMETIMES
        if ALWAYS not in (left.presence, right.presence):
            return SOMETIMES  # nothing equals nothing
        presence = left.presence & right.presence
        if comparison.operator == "!=":
            return ~(presence & equality(left.shape, right.shape))
        return presence & _relation(comparison.operator, left.shape, right.shape)

    def _operand(self, expression: Expression, current: Shape) -> _Operand | None:
        """Return one side; None for one that is not known, as a function's value."""
        if isinstance(expression, FilterExpressionLiteral):
            value = expression.value
            return _Operand(_NULL if value is None else constant(value))
        if not isinstance(expression, FilterQuery):
            return None
        is_relative = isinstance(expression, RelativeFilterQuery)
        start = current if is_relative else self._root
        return _followed(expression.query.segments, start)


def _followed(segments: Iterable[JSONPathSegment], shape: Shape) -> _Operand | None:
    """Follow a path that selects at most one value; None where it cannot be told which."""
    presence = ALWAYS
    for segment in segments:
        member = _single(segment.selectors[0], shape)
        if member is None:
            return None
        presence &= member.presence
        shape = member.shape
    return _Operand(shape, presence)


def _single(selector: object, shape: Shape) -> Member | None:
    if isinstance(selector, NameSelector):
        return shape.members.get(selector.name, _ABSENT) if isinstance(shape, Object) else _ABSENT
    if isinstance(selector, IndexSelector) and isinstance(shape, Array):
        return _item(shape, selector.index)
    return _ABSENT


def _item(array: Array, index: int) -> Member | None:
    count = len(array.first)
    if -count <= index < count:
        return Member(array.first[index] if array.more is None else array.more)
    return _ABSENT if array.more is None else Member(array.more, SOMETIMES)


def _relation(operator: str, left: Shape, right: Shape) -> Certainty:
    if operator == "==":
        return equality(left, right)
    if operator in {">", ">="}:
        left, right = right, left
    is_less = less(left, right)
    return is_less if operator in {"<", ">"} else is_less | equality(left, right)


def _truth(scalar: Scalar) -> Certainty:
    if scalar.values is None:
        return SOMETIMES
    return over_all(certainly(holds=_is_true(value)) for value in scalar.values)


def _is_true(value: Any) -> bool:  # noqa: ANN401  any plain value
    return value is None or bool(value)
