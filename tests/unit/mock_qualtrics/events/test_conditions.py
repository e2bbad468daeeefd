"""Conditions, paths and piping: pure decisions on an event."""

import pytest

from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.field_piping import pick, pipe
from mock_qualtrics.events.json_path import Path

EVENT = {
    "person": {"name": "Dave", "age": 41, "member": True},
    "tags": ["new", 7],
    "ups": {"a": {"status": "exited"}, "b": {"status": "realized"}},
    "nothing": None,
}


@pytest.mark.parametrize(
    ("path", "operator", "operand", "holds"),
    [
        ("$.person.name", "equals", "Dave", True),
        ("$.person.name", "equals", "Eve", False),
        ("$.person.age", "equals", 41.0, True),
        ("$.person.member", "equals", 1, False),
        ("$.person.member", "equals", True, True),
        ("$.ups.*.status", "equals", "realized", True),
        ("$.missing", "equals", None, False),
        ("$.nothing", "equals", None, True),
        ("$.person.name", "notEquals", "Eve", True),
        ("$.ups.*.status", "notEquals", "realized", False),
        ("$.missing", "notEquals", "x", True),
        ("$.person.name", "contains", "av", True),
        ("$.person.name", "contains", 7, False),
        ("$.tags", "contains", 7, True),
        ("$.tags", "contains", True, False),
        ("$.person", "contains", "age", True),
        ("$.person.age", "contains", 4, False),
        ("$.person", "exists", True, True),
        ("$.missing", "exists", False, True),
        ("$.person", "exists", False, False),
        ("$.person.age", "greaterThan", 40, True),
        ("$.person.age", "atLeast", 41, True),
        ("$.person.age", "lessThan", 41, False),
        ("$.person.age", "atMost", 41, True),
        ("$.person.name", "lessThan", "Eve", True),
        ("$.person.name", "lessThan", 5, False),
        ("$.person.member", "lessThan", 5, False),
    ],
)
def test_a_predicate_is_judged_by_the_values_at_its_path(path, operator, operand, holds):
    given = {"path": path, operator: operand}
    condition = condition_from(given)
    assert condition.holds(EVENT) is holds
    assert condition.to_mapping() == given


YES = {"path": "$.person", "exists": True}
NO = {"path": "$.person", "exists": False}


@pytest.mark.parametrize(
    ("given", "holds"),
    [
        ({"all": [YES, YES]}, True),
        ({"all": [YES, NO]}, False),
        ({"any": [NO, YES]}, True),
        ({"any": [NO, NO]}, False),
        ({"all": [YES, {"any": [NO, {"all": [YES]}]}]}, True),
        ({"all": [YES], "any": [NO]}, False),
        ({"all": [YES], "any": [NO, YES]}, True),
        ({"all": []}, True),
    ],
)
def test_groups_nest_and_stand_side_by_side(given, holds):
    condition = condition_from(given)
    assert condition.holds(EVENT) is holds
    assert condition.to_mapping() == given


@pytest.mark.parametrize(
    ("path", "values"),
    [
        ("$", [EVENT]),
        ("$.person.name", ["Dave"]),
        ("$.person.name.first", []),
        ("$.tags[0]", ["new"]),
        ("$['person']['age']", [41]),
        ("$.ups[?@.status == 'realized'].status", ["realized"]),
    ],
)
def test_a_path_finds_values_in_document_order(path, values):
    assert Path(path).values(EVENT) == values


def test_a_text_that_is_no_path_is_refused():
    with pytest.raises(ValueError, match="no JSONPath"):
        Path("person.name")


def test_paths_are_values():
    assert Path("$.a") == Path("$.a")
    assert Path("$.a") != Path("$.b")
    assert len({Path("$.a"), Path("$.a")}) == 1
    assert repr(Path("$.a")) == "Path('$.a')"


def test_a_field_is_the_first_value_that_its_path_finds_Q_BODY_2():  # noqa: N802  a fact's id
    fields = (("name", Path("$.person.name")), ("status", Path("$.ups.*.status")))
    assert pick(fields, EVENT) == {"name": "Dave", "status": "exited"}


def test_fields_are_piped_into_settings_at_any_depth_Q_BODY_3():  # noqa: N802  a fact's id
    settings = {"to": "~{aedj://name}!", "more": [{"n": "~{aedj://age}/~{aedj://nil}"}, 5]}
    piped, reasons = pipe(settings, {"name": "Dävid", "age": 41, "nil": None}, {})
    assert piped == {"to": "Dävid!", "more": [{"n": "41/"}, 5]}
    assert reasons == []


def test_a_piped_field_that_is_missing_is_named_with_its_path():
    settings = {"to": "~{aedj://email} ~{aedj://other}"}
    piped, reasons = pipe(settings, {}, {"email": "$.email"})
    assert piped == settings
    assert reasons == [
        "the field email has no value: nothing at $.email",
        "the workflow has no field other",
    ]
