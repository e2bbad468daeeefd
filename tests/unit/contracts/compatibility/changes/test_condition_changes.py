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
    return any("may run none" in change.text for change in found)


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


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (
            {},
            {"all": [{"path": "$.größe", "equals": "weiß"}]},
            ['demand that $.größe equals "weiß" from now on: LESS'],
        ),
        (
            {"all": [VIP, AT_LEAST_3]},
            {"all": [AT_LEAST_3]},
            ["no longer demand that $.vip equals true: MORE"],
        ),
        (
            {"all": [VIP, AT_LEAST_3, HAS_B]},
            {"all": [HAS_B]},
            ["no longer demand that $.vip equals true; WHICH no longer demand that $.n IS 3: MORE"],
        ),
        (
            at_n(at_least=3),
            at_n(at_least=4),
            ["demand that $.n IS 4, where they demanded that $.n IS 3: LESS"],
        ),
        (
            at_n(at_least=3),
            at_n(at_least=2),
            ["demand that $.n IS 2, where they demanded that $.n IS 3: MORE"],
        ),
        (
            at_n(equals="DE"),
            at_n(equals="FR"),
            [
                'demand that $.n equals "FR", where they demanded that $.n equals "DE": LESS',
                'demand that $.n equals "FR", where they demanded that $.n equals "DE": MORE',
            ],
        ),
        (
            {"any": [VIP, AT_LEAST_3]},
            {"any": [VIP, HAS_B]},
            [
                "demand that $.vip equals true or $.b is there, where they demanded that "
                f"$.vip equals true or $.n IS 3: {amount}"
                for amount in ("LESS", "MORE")
            ],
        ),
        (
            {"all": [{"any": [VIP, AT_LEAST_3]}, {"any": [HAS_B, AT_LEAST_3]}]},
            {"all": [{"any": [VIP, HAS_B]}]},
            [
                "demand that $.vip equals true or $.b is there from now on: LESS",
                (
                    "no longer demand that $.vip equals true or $.n IS 3; "
                    "WHICH no longer demand that $.b is there or $.n IS 3: MORE"
                ),
            ],
        ),
        (
            {"all": [{"path": N, "at_least": 1}, {"path": N, "at_most": 9}]},
            {"all": [{"path": N, "at_most": 7}, {"path": N, "at_least": 3}]},
            [
                "demand that $.n is at most 7, where they demanded that $.n is at most 9: LESS",
                "demand that $.n IS 3, where they demanded that $.n IS 1: LESS",
            ],
        ),
        (
            {"all": [{"path": N, "at_least": 1}, {"path": "$.o", "exists": True}]},
            {"all": [{"path": N, "equals": 3}, {"path": "$.m", "exists": True}]},
            [
                "demand that $.n equals 3, where they demanded that $.n IS 1: LESS",
                "demand that $.m is there from now on: LESS",
                "no longer demand that $.o is there: MORE",
            ],
        ),
        (
            at_n(exists=True),
            at_n(equals=5),
            ["demand that $.n equals 5, where they demanded that $.n is there: LESS"],
        ),
    ],
)
def test_the_condition_that_came_went_or_changed_is_told_in_words(
    old: Any,  # noqa: ANN401
    new: Any,  # noqa: ANN401
    told: list[str],
):
    assert [short(change.text) for change in between(old, new)] == told


def short(text: str) -> str:
    """Return a sentence without what all of them say."""
    text = text.removeprefix("its conditions ").replace("its conditions", "WHICH")
    text = text.replace("messages that ran its tasks may run none", "LESS")
    return text.replace("more messages run its tasks", "MORE").replace("is at least", "IS")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at_n(equals=1), at_n(equals=1.0)),
        (at_n(not_equals=1), at_n(not_equals=1.0)),
        (at_n(at_least=0), at_n(at_least=-0.0)),
        (at_n(equals={"a": 1, "b": 2}), at_n(equals={"b": 2, "a": 1})),
        (at_n(contains=[2, {"a": 1}]), at_n(contains=[2.0, {"a": 1.0}])),
        ({"all": [{"path": "$.n", "exists": True}]}, {"all": [{"path": "$['n']", "exists": True}]}),
        (
            {"all": [{"path": "$['a'].b", "not_equals": 1}]},
            {"all": [{"path": '$.a["b"]', "not_equals": 1}]},
        ),
        (
            {"all": [{"path": "$.a[?@.b==1].c", "contains": "x"}]},
            {"all": [{"path": "$['a'][?(@['b'] == 1.0)].c", "contains": "x"}]},
        ),
        (at_n(at_least=3), {"all": [{"path": "$['n']", "at_least": 3.0}]}),
        (
            {"any": [VIP, {"all": [HAS_B, AT_LEAST_3]}]},
            {"any": [{"all": [AT_LEAST_3, HAS_B]}, VIP]},
        ),
    ],
)
def test_what_says_the_same_in_another_way_is_no_change(one: Any, other: Any):  # noqa: ANN401
    assert between(one, other) == between(other, one) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (at_n(equals=1), at_n(equals=True)),
        (at_n(equals=1), at_n(equals="1")),
        (at_n(equals=[1]), at_n(equals=[2])),
        (at_n(equals={"a": [1]}), at_n(equals={"a": [2]})),
        (at_n(equals={"a": 1}), at_n(equals={"b": 1})),
        (at_n(equals=1), at_n(equals=1.5)),
        (at_n(equals=1), {"all": [{"path": "$.m", "equals": 1}]}),
        (at_n(equals=1), {"all": [{"path": "$..n", "equals": 1}]}),
    ],
)
def test_what_only_looks_the_same_is_a_change(one: Any, other: Any):  # noqa: ANN401
    assert demands_more(one, other)
    assert demands_more(other, one)


@pytest.mark.parametrize(
    ("new", "is_more"),
    [
        (at_n(at_least=5), False),
        (at_n(at_most=5), False),
        (at_n(greater_than=4), False),
        (at_n(less_than=6.5), False),
        (at_n(exists=True), False),
        (at_n(at_least=6), True),
        (at_n(less_than=5), True),
        (at_n(contains="5"), True),
        (at_n(less_than="6"), True),
        (at_n(not_equals=6), True),  # another value at the path may be 6
        (at_n(not_equals=3), True),
        (at_n(exists=False), True),
    ],
)
def test_what_equals_a_value_compares_as_that_value_does(new: Any, is_more: bool):  # noqa: ANN401
    assert demands_more(at_n(equals=5), new) is is_more


def test_what_equals_false_is_there():
    assert demands_more(at_n(equals=False), at_n(exists=False))


def test_a_text_contains_the_parts_of_the_text_that_it_equals():
    assert not demands_more(at_n(equals="abc"), at_n(contains="bc"))
    assert demands_more(at_n(equals="abc"), at_n(contains="cb"))


def test_what_the_conditions_guard_is_known_whatever_way_its_path_is_written():
    task = {"name": "Mail", "type": "email", "settings": {"subject": "~{aedj://a}"}}
    guard = {"path": '$["a"]', "exists": True}
    other = {"fields": [{"name": "a", "path": "$.a"}], "tasks": [task]}
    (change,) = between({"all": [VIP, guard]}, {"all": [guard]}, **other)
    assert change.breaks is None


def test_who_runs_tasks_only_now_is_told_with_all_that_the_tasks_need():
    task = {"name": "Mail", "type": "email", "settings": SETTINGS}
    other = {"fields": [{"name": "a", "path": "$.a"}], "tasks": [task]}
    (change,) = between({"all": [VIP]}, {}, **other)
    assert (change.place, change.breaks) == ("workflow W", "sender")
    assert change.text.endswith("which fail without $.a, zz")
    (safe,) = between({"all": [VIP]}, {})
    assert (safe.place, safe.breaks) == ("workflow W", None)
