"""Conditions on any event."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.events.conditions import condition_from

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "1", "true"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("ab"), inner, max_size=2)
    ),
    max_leaves=5,
)
EVENTS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)
PATHS = st.sampled_from(["$.a", "$.b", "$.a.b", "$.a[0]", "$.*", "$..a", "$.c[?@ == 1]"])
OPERATORS = st.sampled_from(["equals", "notEquals", "contains", "lessThan", "atLeast"])
PREDICATES = st.tuples(PATHS, OPERATORS, VALUES).map(
    lambda parts: {"path": parts[0], parts[1]: parts[2]}
) | st.tuples(PATHS, st.booleans()).map(lambda parts: {"path": parts[0], "exists": parts[1]})
CONDITIONS = st.recursive(
    PREDICATES,
    lambda inner: st.dictionaries(
        st.sampled_from(["all", "any"]), st.lists(inner, max_size=3), min_size=1, max_size=2
    ),
    max_leaves=8,
)
NUMBERS = st.integers(-5, 5) | st.floats(-5, 5)


def expected(condition: dict[str, Any], event: object) -> bool:
    """Judge a condition the long way: groups here, and each predicate by itself."""
    if "path" in condition:
        return condition_from(condition).holds(event)
    groups = {"all": all, "any": any}
    return all(
        groups[kind]([expected(member, event) for member in members])
        for kind, members in condition.items()
    )


@given(CONDITIONS, EVENTS)
def test_groups_mean_all_and_any_at_any_depth(condition: dict[str, Any], event: object):
    made = condition_from(condition)
    assert made.holds(event) is expected(condition, event)
    assert made.to_mapping() == condition


@given(PATHS, VALUES, EVENTS)
def test_what_is_not_equal_and_what_is_not_there_are_the_opposites(path, operand, event):
    def holds(operator: str, operand: object) -> bool:
        return condition_from({"path": path, operator: operand}).holds(event)

    assert holds("notEquals", operand) is not holds("equals", operand)
    assert holds("exists", False) is not holds("exists", True)


@given(VALUES, VALUES)
def test_values_are_equal_when_they_are_written_alike(one: object, other: object):
    alike = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert condition_from({"path": "$", "equals": other}).holds(one) is alike


@given(NUMBERS | st.text(max_size=2), NUMBERS | st.text(max_size=2))
def test_an_order_is_total_within_numbers_and_texts_and_absent_between(one, other):
    def holds(operator: str) -> bool:
        return condition_from({"path": "$", operator: other}).holds(one)

    comparable = isinstance(one, str) == isinstance(other, str)
    assert holds("lessThan") is (comparable and not holds("atLeast"))
    assert holds("greaterThan") is (comparable and not holds("atMost"))
    assert holds("atMost") is (holds("lessThan") or (comparable and holds("equals")))
