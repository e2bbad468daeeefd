"""What other conditions of a workflow break: who ran its tasks may run none, or the other way."""

from typing import Any

import pytest

from contracts.compatibility.changes.change import Change
from contracts.compatibility.changes.comparison import Kind, changes

N = "$.n"
VIP = {"path": "$.vip", "equals": True}
AT_LEAST_3 = {"path": N, "at_least": 3}
HAS_B = {"path": "$.b", "exists": True}
SETTINGS = {"subject": "~{aedj://zz} ~{aedj://a}"}


def between(old: dict[str, Any], new: dict[str, Any], **other: Any) -> list[Change]:  # noqa: ANN401
    documents = [
        {"workflows": [{"name": "W", "conditions": conditions, **other}]}
        for conditions in (old, new)
    ]
    return changes(Kind.WORKFLOWS, ("old", "new"), *documents)


def demands_more(old: dict[str, Any], new: dict[str, Any]) -> bool:
    found = between(old, new)
    assert {change.place for change in found} <= {"workflow W"}
    return any("its conditions demand" in change.text for change in found)


def at_n(**comparison: Any) -> dict[str, Any]:  # noqa: ANN401  an operator and its operand
    return {"all": [{"path": N, **comparison}]}


@pytest.mark.parametrize(
    ("old", "new", "is_more"),
    [
        (at_n(less_than=3), at_n(less_than=4), False),
        (at_n(less_than=4), at_n(less_than=3), True),
        (at_n(less_than=3), at_n(at_most=3), False),
        (at_n(less_than=3), at_n(at_most=2), True),
        (at_n(at_most=3), at_n(at_most=3.0), False),
        (at_n(at_most=3), at_n(less_than=3), True),
        (at_n(greater_than=3), at_n(at_least=3), False),
        (at_n(greater_than=3), at_n(at_least=4), True),
        (at_n(at_least=3), at_n(greater_than=3), True),
        (at_n(at_least=3), at_n(at_most=3), True),
        (at_n(at_least=3), at_n(exists=True), False),
        (at_n(not_equals=3), at_n(exists=True), True),
        (at_n(at_least=3), at_n(exists=False), True),
        (at_n(at_least=3), at_n(equals=True), True),
        (at_n(less_than="a"), at_n(less_than="b"), False),
        (at_n(less_than="b"), at_n(less_than="a"), True),
    ],
)
def test_a_bound_implies_every_wider_one_of_its_kind(old: Any, new: Any, is_more: bool):  # noqa: ANN401
    assert demands_more(old, new) is is_more


@pytest.mark.parametrize("bounds", [("a", 3), (3, "a"), (False, True), (False, 3), (0, True)])
def test_between_values_without_an_order_nothing_is_implied(bounds: tuple[Any, Any]):
    old, new = (at_n(less_than=bound) for bound in bounds)
    assert demands_more(old, new)


@pytest.mark.parametrize(
    ("old", "new", "is_more"),
    [
        ({"all": [AT_LEAST_3]}, {"all": [VIP, AT_LEAST_3]}, True),
        ({"all": [AT_LEAST_3]}, {"all": [{"all": [VIP]}, AT_LEAST_3]}, True),
        ({"all": [AT_LEAST_3]}, {"any": [VIP, HAS_B], "all": [AT_LEAST_3]}, True),
        ({"all": [AT_LEAST_3, VIP]}, {"all": [VIP]}, False),
        ({"any": [AT_LEAST_3, VIP]}, {"all": [AT_LEAST_3]}, True),
        ({"any": [AT_LEAST_3, VIP]}, {"any": [HAS_B, VIP, AT_LEAST_3]}, False),
        ({"any": [AT_LEAST_3, VIP]}, {"any": [VIP, HAS_B]}, True),
        ({"any": []}, {"all": [VIP]}, True),
    ],
)
def test_a_group_implies_what_each_of_its_alternatives_does(old: Any, new: Any, is_more: bool):  # noqa: ANN401
    assert demands_more(old, new) is is_more


def test_what_is_demanded_is_told_as_the_file_has_it():
    (change,) = between({}, {"all": [{"path": "$.größe", "equals": "weiß"}]})
    assert 'demand {"equals": "weiß", "path": "$.größe"}' in change.text


def test_who_runs_tasks_only_now_is_told_with_all_that_the_tasks_need():
    task = {"name": "Mail", "type": "email", "settings": SETTINGS}
    other = {"fields": [{"name": "a", "path": "$.a"}], "tasks": [task]}
    (change,) = between({"all": [VIP]}, {}, **other)
    assert (change.place, change.breaks) == ("workflow W", "sender")
    assert change.text.endswith("which fail without $.a, zz")
    (safe,) = between({"all": [VIP]}, {})
    assert (safe.place, safe.breaks) == ("workflow W", None)
