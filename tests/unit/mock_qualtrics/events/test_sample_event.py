"""The event that ``serve`` prints to try a workflow with: its tasks run on it."""

from typing import Any

import pytest

from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.events.sample_event import sample_event

IDENTITIES = {"identityMap": {"Email": [{"id": "dave@example.com"}]}}


def workflow(*conditions: dict[str, Any], **fields: str) -> dict[str, Any]:
    named = [{"name": name, "path": path} for name, path in fields.items()]
    return {"conditions": {"all": list(conditions)} if conditions else {}, "fields": named}


@pytest.mark.parametrize(
    "condition",
    [
        {"path": "$.a.b", "equals": None},
        {"path": "$['a b'].*.c", "contains": "x"},
        {"path": "$.a[*]", "exists": True},
        {"path": "$.a", "exists": False},
        {"path": "$.a", "notEquals": 1},
        {"path": "$.a", "greaterThan": 1},
        {"path": "$.a", "lessThan": 1.5},
        {"path": "$.a", "atLeast": "m"},
        {"any": [{"path": "$.a", "equals": 1}, {"path": "$.b", "atMost": 2}]},
    ],
    ids=str,
)
def test_each_kind_of_condition_is_met(condition: dict[str, Any]):
    settings = workflow(condition)
    assert condition_from(settings["conditions"]).holds(sample_event(settings))


def test_what_a_condition_asks_for_comes_before_what_a_field_reads():
    settings = workflow({"path": "$.a", "equals": 1}, whole="$.a", inner="$.a.b", email="$.c.d")
    assert sample_event(settings) == {"a": 1, "c": {"d": "dave@example.com"}} | IDENTITIES


@pytest.mark.parametrize("path", ["$", "$..a", "$.a[0]", "$[?@.a]", "$.a[1:2]"])
def test_a_path_that_is_not_plain_is_passed_over(path: str):
    assert sample_event(workflow(a=path)) == sample_event(workflow())


def test_a_path_so_deep_that_no_event_could_be_printed_is_left_out():
    deep = {"name": "deep", "path": "$" + ".a" * 990}
    event = sample_event({"conditions": {}, "fields": [deep, {"name": "f", "path": "$.f"}]})
    assert event == {"f": "sample f"} | IDENTITIES


@pytest.mark.parametrize(
    ("path", "namespace"),
    [
        ("$.identityMap.Email[0].id", "Email"),
        ("$.identityMap.*[0].id", "Email"),
        ("$.identityMap[*][*].id", "Email"),
        ("$['identityMap']['Loyalty ID'][0]['id']", "Loyalty ID"),
    ],
)
def test_an_identity_that_a_field_reads_is_there(path: str, namespace: str):
    event = sample_event(workflow(email=path, first="$.a"))
    assert event["identityMap"] == {namespace: [{"id": "dave@example.com"}]}
    assert event["a"] == "sample first"
    assert condition_from({"path": path, "equals": "dave@example.com"}).holds(event)


@pytest.mark.parametrize(
    "path", ["", ".ups", ".ups.*", ".ups.*.status", ".ups['a-1'].lastQualificationTime"]
)
def test_an_audience_that_a_condition_asks_for_is_whole(path: str):
    event = sample_event(workflow({"path": f"$.segmentMembership{path}", "exists": True}))
    (membership,) = event["segmentMembership"]["ups"].values()
    assert membership.keys() == {"lastQualificationTime", "status"}
