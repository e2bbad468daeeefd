"""The parts of jsonpath-rfc9535 that ``counted_json_path`` stands on, named one by one.

When this fails after an upgrade, compare ``mock_qualtrics/events/counted_json_path.py`` with the
library's ``parse``, ``selectors``, ``segments`` and ``filter_expressions``: a part that no counted
one replaces would let a short path work without end.
"""

import inspect
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import jsonpath_rfc9535
import pytest
from jsonpath_rfc9535 import filter_expressions, segments, selectors
from jsonpath_rfc9535.function_extensions import FilterFunction, Match, Search
from jsonpath_rfc9535.function_extensions._pattern import map_re
from jsonpath_rfc9535.selectors import JSONPathSelector

from mock_qualtrics.events import counted_json_path
from mock_qualtrics.events.counted_json_path import ENVIRONMENT
from mock_qualtrics.events.work_budget import MOST_STEPS, WorkBudget

ROOT = Path(__file__).parents[4]
LOOK = "look at mock_qualtrics/events/counted_json_path.py: jsonpath-rfc9535 changed"
EVERY_PART = "$..a['b'][0][1:2].*[?@.a == 1 && $.b[?@ < 2] || !match(@.c, 'x')]"


def inner_parts(part: object) -> list[object]:
    """Return a compiled part with all parts inside it."""
    names = [name for kind in type(part).__mro__ for name in getattr(kind, "__slots__", ())]
    values = [getattr(part, name) for name in {*names, *getattr(part, "__dict__", {})} - {"env"}]
    found = [part]
    for value in values:
        for inner in value if isinstance(value, list | tuple) else [value]:
            if type(inner).__module__.startswith(("jsonpath_rfc9535", counted_json_path.__name__)):
                found += inner_parts(inner)
    return found


@pytest.mark.parametrize(
    ("kind", "parameters"),
    [
        (selectors.NameSelector, "env token name"),
        (selectors.IndexSelector, "env token index"),
        (selectors.WildcardSelector, "env token"),
        (selectors.SliceSelector, "env token start stop step"),
        (selectors.FilterSelector, "env token expression"),
        (segments.JSONPathChildSegment, "env token selectors"),
        (segments.JSONPathRecursiveDescentSegment, "env token selectors"),
        (jsonpath_rfc9535.JSONPathQuery, "env segments"),
        (filter_expressions.ComparisonExpression, "token left operator right"),
        (filter_expressions.LogicalExpression, "token left operator right"),
    ],
)
def test_the_library_s_parts_are_made_from_what_they_were_made_from(kind, parameters):
    assert list(inspect.signature(kind).parameters) == parameters.split(), LOOK


@pytest.mark.parametrize(
    ("owner", "method", "parameters"),
    [
        (segments.JSONPathRecursiveDescentSegment, "_visit", "self node depth"),
        (JSONPathSelector, "resolve", "self node"),
        (jsonpath_rfc9535.JSONPathQuery, "find", "self value"),
        (filter_expressions.ComparisonExpression, "evaluate", "self context"),
        (filter_expressions.LogicalExpression, "evaluate", "self context"),
        (jsonpath_rfc9535.Parser, "parse_query", "self stream in_filter"),
        (jsonpath_rfc9535.Parser, "parse_root_query", "self stream"),
        (jsonpath_rfc9535.Parser, "parse_relative_query", "self stream"),
        (jsonpath_rfc9535.Parser, "parse_infix_expression", "self stream left"),
        (jsonpath_rfc9535.JSONPathEnvironment, "setup_function_extensions", "self"),
    ],
)
def test_the_library_has_the_methods_that_are_overridden(owner, method, parameters):
    found = getattr(owner, method, None)
    assert found is not None, LOOK
    assert list(inspect.signature(found).parameters) == parameters.split(), LOOK


def test_there_are_no_selectors_that_are_not_counted():
    library = {kind for kind in vars(selectors).values() if inspect.isclass(kind)}
    known = {kind for kind in library if issubclass(kind, JSONPathSelector)} - {JSONPathSelector}
    assert known == set(counted_json_path._SELECTORS), LOOK


def test_every_part_of_a_path_that_can_be_much_work_is_a_counted_one():
    kinds = {type(part) for part in inner_parts(ENVIRONMENT.compile(EVERY_PART))}
    replaced = {
        *counted_json_path._SELECTORS,
        *counted_json_path._SEGMENTS,
        *counted_json_path._INFIX,
    }
    assert not kinds & replaced, LOOK
    assert {kind.__name__ for kind in kinds if kind.__module__ == counted_json_path.__name__} == {
        "_Descent",
        "_Name",
        "_Index",
        "_Wildcard",
        "_Slice",
        "_Filter",
        "_Comparison",
        "_Logical",
        "_Query",
    }, LOOK


@pytest.mark.parametrize(
    ("path", "event", "steps"),
    [
        ("$.a", {"a": 1}, 1),
        ("$[0]", [1], 1),
        ("$[0,0][0,0]", [[1]], 2 + 4),
        ("$.*", {"a": 1, "b": 2}, 2),
        ("$[0:1]", [1, 2, 3], 3),
        ("$..a", {"a": {"a": 1}}, (1 + 1) + (1 + 1)),
        ("$[?1 == 1]", [1, 2], 2 + 2 * 3),
        ("$[?@.a]", [{}, {}], 2 + 2 * (20 + 1)),
        ("$[?1 == 1 && 2 == 2]", [1], 1 + 3 * 3),
    ],
)
def test_each_part_counts_its_steps(path, event, steps):
    work = WorkBudget()
    counted_json_path.find(ENVIRONMENT.compile(path), event, work)
    assert MOST_STEPS - work._steps_left == steps, LOOK


@pytest.mark.parametrize(
    "path", [EVERY_PART, "$[?(@.a || @.b) && !(@.c == 1)]", "$[::-1,1:,:2,-1]['é', \"x\"]"]
)
def test_a_counted_path_reads_as_the_library_s_own(path):
    assert str(ENVIRONMENT.compile(path)) == str(jsonpath_rfc9535.compile(path))


def test_regular_expressions_are_the_library_s_functions_of_the_same_types():
    for name, library in (("match", Match()), ("search", Search())):
        counted = ENVIRONMENT.function_extensions[name]
        assert isinstance(counted, FilterFunction)
        assert counted.arg_types == library.arg_types, LOOK
        assert counted.return_type == library.return_type, LOOK
    assert map_re("a.b") == "a(?:(?![\\r\\n])\\P{Cs}|\\p{Cs}\\p{Cs})b", LOOK


def test_the_dependency_is_bounded_to_the_minor_version_that_these_tests_know():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    (requirement,) = [line for line in project["dependencies"] if "jsonpath-rfc9535" in line]
    assert requirement == "jsonpath-rfc9535>=1.0.1,<1.1"
    assert re.match(r"1\.0(\.|$)", version("jsonpath-rfc9535"))
