"""Conditions on an event: operators, groups, and equality as JSON means it."""

import pytest

from mock_qualtrics.events.conditions import condition_from

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
    ("value", "operand", "holds"),
    [
        ([1], [True], False),
        ({"x": 0}, {"x": False}, False),
        ([{"x": [True]}], [{"x": [True]}], True),
        ([{"x": [True]}], [{"x": [1]}], False),
        ({"x": 1, "y": 2}, {"y": 2.0, "x": 1.0}, True),
        ({"x": 1}, {"x": 1, "y": 2}, False),
        ({"x": 1}, {"y": 1}, False),
        ([1, 2], [1], False),
        ([], {}, False),
        ("1", 1, False),
        (None, 0, False),
        (None, None, True),
    ],
)
def test_values_are_equal_as_json_values_at_any_depth(value, operand, holds):
    event = {"a": value}
    assert condition_from({"path": "$.a", "equals": operand}).holds(event) is holds
    assert condition_from({"path": "$.a", "notEquals": operand}).holds(event) is not holds
    assert condition_from({"path": "$", "contains": operand}).holds([value]) is holds


def test_values_as_deep_as_events_may_be_can_be_compared():
    one: object = 1
    other: object = True
    for _ in range(250):
        one, other = {"a": [one]}, {"a": [other]}
    assert condition_from({"path": "$", "equals": one}).holds(one)
    assert not condition_from({"path": "$", "equals": other}).holds(one)


def test_a_condition_tells_all_its_paths():
    one, two, three = ({"path": f"$.{name}", "exists": True} for name in "abc")
    condition = condition_from({"all": [one, {"any": [two]}], "any": [three]})
    assert [path.text for path in condition.paths()] == ["$.a", "$.b", "$.c"]
