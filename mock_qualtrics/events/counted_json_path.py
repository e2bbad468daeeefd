"""The JSONPath library with its work counted: the same language, the same answers, and an end.

Every selector is counted for every node it is asked of, for one that finds two nodes doubles the
work of the next (``[0,0][0,0]…``); and so is what filters compare. Nothing of a path is read here
that the library does not read itself.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any, TypeVar

import regex  # type: ignore[import-untyped]  # the library's own engine, which can be timed
from iregexp_check import check
from jsonpath_rfc9535 import JSONPathEnvironment, JSONPathNode, JSONPathQuery, Parser
from jsonpath_rfc9535.filter_expressions import (
    ComparisonExpression,
    Expression,
    FilterContext,
    FilterQuery,
    LogicalExpression,
)
from jsonpath_rfc9535.function_extensions import ExpressionType, FilterFunction
from jsonpath_rfc9535.function_extensions._pattern import map_re
from jsonpath_rfc9535.segments import JSONPathRecursiveDescentSegment, JSONPathSegment
from jsonpath_rfc9535.selectors import (
    FilterSelector,
    IndexSelector,
    NameSelector,
    SliceSelector,
    WildcardSelector,
)
from jsonpath_rfc9535.tokens import TokenStream

from mock_qualtrics.events.work_budget import WorkBudget

LONGEST_REGEX_CHARACTERS = 1_000
_FILTER_QUERY_STEPS = 20  # what finding a value to compare costs, beside a child's one
_INFIX_STEPS = 3
_SCALARS_A_STEP = 16  # passed by on the way down, hardly looked at
_Part = TypeVar("_Part")


def find(query: JSONPathQuery, event: Any, work: WorkBudget) -> list[Any]:  # noqa: ANN401  any JSON
    """Return what a query of `ENVIRONMENT` finds.

    Raises:
        TooMuchWorkError: that is more work than is left.
        JSONPathError: the event is nested too deeply; or RecursionError.
    """
    token = _at_work.set(work)
    try:
        return list(query.find(event).values())
    finally:
        _at_work.reset(token)


_at_work: ContextVar[WorkBudget] = ContextVar("work")


class _Descent(JSONPathRecursiveDescentSegment):
    """``..``, each container on the way counted."""

    __slots__ = ()

    def _visit(self, node: JSONPathNode, depth: int = 1) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1 + _size(node) // _SCALARS_A_STEP)
        return super()._visit(node, depth)


class _Name(NameSelector):
    """``['a']``, each asking counted."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1)
        return super().resolve(node)


class _Index(IndexSelector):
    """``[0]``, each asking counted."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1)
        return super().resolve(node)


class _Wildcard(WildcardSelector):
    """``*``, each child counted."""

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Slice(SliceSelector):
    """``1:3``, each element of the whole counted."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Filter(FilterSelector):
    """``?…``, each child that is judged counted."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Comparison(ComparisonExpression):
    """``==`` and its kind, each comparing counted."""

    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        _at_work.get().spend(_INFIX_STEPS)
        return super().evaluate(context)


class _Logical(LogicalExpression):
    """``&&`` and ``||``, each judging counted."""

    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        _at_work.get().spend(_INFIX_STEPS)
        return super().evaluate(context)


class _Query(JSONPathQuery):
    """A query inside a filter, each asking of it counted."""

    __slots__ = ()

    def find(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        _at_work.get().spend(_FILTER_QUERY_STEPS)
        return super().find(value)


def _size(node: JSONPathNode) -> int:
    return len(node.value) if isinstance(node.value, dict | list) else 1


class _Regex(FilterFunction):
    """``match`` and ``search``, timed.

    Args:
        judge: one of the engine's functions.
    """

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012  the library's form
    return_type = ExpressionType.LOGICAL

    def __init__(self, judge: Callable[..., Any], flags: int) -> None:
        self._judge = judge
        self._flags = flags

    def __call__(self, text: object, pattern: object) -> bool:
        if not (isinstance(text, str) and isinstance(pattern, str)):
            return False
        if len(pattern) > LONGEST_REGEX_CHARACTERS or not check(pattern):
            return False
        work = _at_work.get()
        seconds = work.regex_seconds()
        try:
            return bool(self._judge(map_re(pattern), text, self._flags, timeout=seconds))
        except regex.error:
            return False
        except TimeoutError:
            raise work.regex_time_over() from None


_COUNTED: dict[type, type] = {
    JSONPathRecursiveDescentSegment: _Descent,
    NameSelector: _Name,
    IndexSelector: _Index,
    WildcardSelector: _Wildcard,
    SliceSelector: _Slice,
    FilterSelector: _Filter,
    JSONPathQuery: _Query,
    ComparisonExpression: _Comparison,
    LogicalExpression: _Logical,
}


def _counted(part: _Part) -> _Part:
    kind = _COUNTED.get(type(part))
    if kind is not None:
        part.__class__ = kind  # the library's parser makes its own classes by name
    return part


class _Parser(Parser):
    """Reads as the library does; what can be much work becomes of the kind that counts."""

    def parse_query(
        self, stream: TokenStream, *, in_filter: bool = False
    ) -> Iterable[JSONPathSegment]:
        for segment in super().parse_query(stream, in_filter=in_filter):
            for selector in segment.selectors:
                _counted(selector)
            yield _counted(segment)

    def parse_root_query(self, stream: TokenStream) -> Expression:
        return _counting(super().parse_root_query(stream))

    def parse_relative_query(self, stream: TokenStream) -> Expression:
        return _counting(super().parse_relative_query(stream))

    def parse_infix_expression(self, stream: TokenStream, left: Expression) -> Expression:
        return _counted(super().parse_infix_expression(stream, left))


def _counting(expression: Expression) -> Expression:
    if isinstance(expression, FilterQuery):
        _counted(expression.query)
    return expression


class _Environment(JSONPathEnvironment):
    """The library's, counting."""

    parser_class = _Parser

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Regex(regex.fullmatch, 0)
        self.function_extensions["search"] = _Regex(regex.search, regex.VERSION1)


ENVIRONMENT = _Environment()
