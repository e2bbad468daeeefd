"""JSONPaths (RFC 9535) that select the same are equal, however they are written. Pure.

``$.a``, ``$['a']`` and ``$["a"]`` are one path, and so are filters that differ in spaces, brackets
around the whole, or in how a number is written.
"""

from collections.abc import Iterable
from functools import lru_cache

import jsonpath_rfc9535 as jsonpath
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterExpression,
    FilterExpressionLiteral,
    FilterQuery,
    FunctionExtension,
    LogicalExpression,
    PrefixExpression,
)
from jsonpath_rfc9535.segments import JSONPathSegment
from jsonpath_rfc9535.selectors import FilterSelector


@lru_cache(maxsize=1024)
def canonical(path: str) -> str:
    """Return the one text of all valid paths that are written otherwise and select the same.

    Example:
        >>> canonical('$["order"].number')
        "$['order']['number']"
    """
    query = jsonpath.compile(path)
    _write_numbers_alike(query.segments)
    return str(query)


def _write_numbers_alike(segments: Iterable[JSONPathSegment]) -> None:
    """Change all numbers such as 1.0 in filters to 1; the path is used here alone."""
    for segment in segments:
        for selector in segment.selectors:
            if isinstance(selector, FilterSelector):
                _in_expression(selector.expression)


def _in_expression(expression: Expression) -> None:
    if isinstance(expression, FilterExpressionLiteral):
        if isinstance(expression.value, float) and expression.value.is_integer():
            expression.value = int(expression.value)
    elif isinstance(expression, FilterQuery):
        _write_numbers_alike(expression.query.segments)
    else:
        for part in _parts(expression):
            _in_expression(part)


def _parts(expression: Expression) -> Iterable[Expression]:
    match expression:
        case FilterExpression():
            return (expression.expression,)
        case PrefixExpression():
            return (expression.right,)
        case LogicalExpression() | ComparisonExpression():
            return (expression.left, expression.right)
        case FunctionExtension():
            return expression.args
    return ()
