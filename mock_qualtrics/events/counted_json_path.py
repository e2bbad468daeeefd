"""jsonpath-rfc9535 with its work counted: the same language and results, but bounded work.

Each selector counts a step for every node it is applied to, because one that selects two nodes
doubles the work of the next (``[0,0][0,0]…``). Comparisons in filters are counted too. All parsing
is the library's. The subclasses here stand on inner parts of the library, so that its version is
bounded in ``pyproject.toml``, and a test names those parts.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from typing import Any

import regex  # type: ignore[import-untyped]  # the library uses it too; it supports a timeout
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
    JSONPathSelector,
    NameSelector,
    SliceSelector,
    WildcardSelector,
)
from jsonpath_rfc9535.tokens import TokenStream

from mock_qualtrics.events.work_budget import WorkBudget

LONGEST_REGEX_CHARACTERS = 1_000
# Costs relative to one step, the work of selecting one child.
_FILTER_QUERY_STEPS = 20
_INFIX_STEPS = 3
_SCALARS_A_STEP = 16  # `..` only passes over scalars


def find(query: JSONPathQuery, event: Any, work: WorkBudget) -> list[Any]:  # noqa: ANN401  any JSON
    """Return the values that a query compiled by `ENVIRONMENT` selects.

    Raises:
        TooMuchWorkError: the budget is used up.
        JSONPathError: the event is nested too deeply.
        RecursionError: the same.
    """
    # A context variable: the library passes nothing of ours through to its selectors.
    token = _at_work.set(work)
    try:
        return list(query.find(event).values())
    finally:
        _at_work.reset(token)


_at_work: ContextVar[WorkBudget] = ContextVar("work")


class _Descent(JSONPathRecursiveDescentSegment):
    """``..``, counting each container it visits."""

    __slots__ = ()

    def _visit(self, node: JSONPathNode, depth: int = 1) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1 + _size(node) // _SCALARS_A_STEP)
        return super()._visit(node, depth)


class _Name(NameSelector):
    """``['a']``, counting each node it is applied to."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1)
        return super().resolve(node)


class _Index(IndexSelector):
    """``[0]``, counting each node it is applied to."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(1)
        return super().resolve(node)


class _Wildcard(WildcardSelector):
    """``*``, counting each child."""

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Slice(SliceSelector):
    """``1:3``, counting each element of the whole array."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Filter(FilterSelector):
    """``?…``, counting each child that is tested."""

    __slots__ = ()

    def resolve(self, node: JSONPathNode) -> Iterable[JSONPathNode]:
        _at_work.get().spend(_size(node))
        return super().resolve(node)


class _Comparison(ComparisonExpression):
    """``==``, ``<`` and so on, counting each comparison."""

    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        _at_work.get().spend(_INFIX_STEPS)
        return super().evaluate(context)


class _Logical(LogicalExpression):
    """``&&`` and ``||``, counting each evaluation."""

    __slots__ = ()

    def evaluate(self, context: FilterContext) -> bool:
        _at_work.get().spend(_INFIX_STEPS)
        return super().evaluate(context)


class _Query(JSONPathQuery):
    """A query inside a filter, counting each evaluation."""

    __slots__ = ()

    def find(self, value: Any) -> Any:  # noqa: ANN401  any JSON value
        _at_work.get().spend(_FILTER_QUERY_STEPS)
        return super().find(value)


def _size(node: JSONPathNode) -> int:
    return len(node.value) if isinstance(node.value, dict | list) else 1


class _Regex(FilterFunction):
    """``match`` and ``search`` with a time limit.

    Args:
        match: a function of ``regex``, such as ``regex.search``.
        flags: its flags.
    """

    arg_types = [ExpressionType.VALUE, ExpressionType.VALUE]  # noqa: RUF012  the library's form
    return_type = ExpressionType.LOGICAL

    def __init__(self, match: Callable[..., Any], flags: int) -> None:
        self._match = match
        self._flags = flags

    def __call__(self, text: object, pattern: object) -> bool:
        if not (isinstance(text, str) and isinstance(pattern, str)):
            return False
        if len(pattern) > LONGEST_REGEX_CHARACTERS or not check(pattern):
            return False
        work = _at_work.get()
        seconds = work.regex_seconds()
        try:
            # `concurrent`: other threads go on meanwhile, such as the one that answers calls.
            found = self._match(
                map_re(pattern), text, self._flags, timeout=seconds, concurrent=True
            )
            return bool(found)
        except regex.error:
            return False
        except TimeoutError:
            raise work.regex_time_over() from None


# The library's parser names its classes itself, so each part is made anew from the library's own.
_SELECTORS: dict[type, Callable[[Any], JSONPathSelector]] = {
    NameSelector: lambda part: _Name(env=part.env, token=part.token, name=part.name),
    IndexSelector: lambda part: _Index(env=part.env, token=part.token, index=part.index),
    WildcardSelector: lambda part: _Wildcard(env=part.env, token=part.token),
    SliceSelector: lambda part: _Slice(
        env=part.env,
        token=part.token,
        start=part.slice.start,
        stop=part.slice.stop,
        step=part.slice.step,
    ),
    FilterSelector: lambda part: _Filter(
        env=part.env, token=part.token, expression=part.expression
    ),
}
_SEGMENTS: dict[type, type[JSONPathSegment]] = {JSONPathRecursiveDescentSegment: _Descent}
_INFIX: dict[type, type[ComparisonExpression | LogicalExpression]] = {
    ComparisonExpression: _Comparison,
    LogicalExpression: _Logical,
}


class _Parser(Parser):
    """Parses as the library does, and returns parts that count their work."""

    def parse_query(
        self, stream: TokenStream, *, in_filter: bool = False
    ) -> Iterable[JSONPathSegment]:
        for segment in super().parse_query(stream, in_filter=in_filter):
            kind = _SEGMENTS.get(type(segment), type(segment))
            selectors = tuple(_SELECTORS[type(part)](part) for part in segment.selectors)
            yield kind(env=segment.env, token=segment.token, selectors=selectors)

    def parse_root_query(self, stream: TokenStream) -> Expression:
        return _counted_query(super().parse_root_query(stream))

    def parse_relative_query(self, stream: TokenStream) -> Expression:
        return _counted_query(super().parse_relative_query(stream))

    def parse_infix_expression(self, stream: TokenStream, left: Expression) -> Expression:
        part: Any = super().parse_infix_expression(stream, left)
        return _INFIX[type(part)](part.token, part.left, part.operator, part.right)


def _counted_query(expression: Expression) -> Expression:
    if isinstance(expression, FilterQuery):
        query = expression.query
        expression.query = _Query(env=query.env, segments=query.segments)
    return expression


class _Environment(JSONPathEnvironment):
    """The library's environment, with parts that count."""

    parser_class = _Parser

    def setup_function_extensions(self) -> None:
        super().setup_function_extensions()
        self.function_extensions["match"] = _Regex(regex.fullmatch, 0)
        self.function_extensions["search"] = _Regex(regex.search, regex.VERSION1)


ENVIRONMENT = _Environment()
