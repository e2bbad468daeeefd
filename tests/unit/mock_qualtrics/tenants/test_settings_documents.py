"""What a workflow's settings mean where Python's own notions and JSON's differ."""

import json
from collections.abc import Iterator
from importlib.resources import files

import pytest
import yaml

from mock_qualtrics.clock import LONGEST_SECONDS
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.events.conditions import condition_from
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.delays import Workers, delay_from
from mock_qualtrics.tenants.settings_documents import assuming, workflow_settings


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


def test_a_whole_number_with_a_fraction_of_nothing_is_a_whole_number():
    settings = workflow_settings(
        {
            "name": "W",
            "delay": {"kind": "queue", "workers": 2.0, "service_seconds": 1},
            "tasks": [{"name": "T", "type": "record", "fail_first": 1.0}],
        }
    )
    assert Workers(settings.delay.workers).finish_at(0, 5) == 5
    assert repr(settings.tasks[0].fail_first) == "1"


@pytest.mark.parametrize(
    ("given", "random", "workers"),
    [
        ({"kind": "fixed", "seconds": 1}, False, 0),
        ({"kind": "uniform", "lowSeconds": 1, "highSeconds": 1}, True, 0),
        ({"kind": "lognormal", "medianSeconds": 1, "p95Seconds": 1}, True, 0),
        ({"kind": "queue", "workers": 3, "serviceSeconds": 1}, False, 3),
        ({"kind": "measured", "seconds": [1]}, True, 0),
    ],
)
def test_a_delay_says_whether_it_needs_chance_and_workers(given, random, workers):
    delay = delay_from(given)
    assert (delay.random, delay.workers) == (random, workers)
    assert delay.seconds(0.3) == pytest.approx(1)


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"fields": [{"name": "f", "path": "person"}]}, r"\$\.fields\[0\]\.path: "),
        (
            {"conditions": {"all": [{"any": [{"path": "$[", "exists": True}]}]}},
            r"\$\.conditions\.all\[0\]\.any\[0\]\.path: ",
        ),
        ({"conditions": {"all": [{"path": "$" + "[0" * 9, "equals": 1}]}}, r"all\[0\]\.path: "),
    ],
)
def test_a_text_that_is_no_path_is_named_with_its_place(given, where):
    with pytest.raises(InvalidSettingsError, match=where):
        workflow_settings({"name": "W", **given})


def test_what_users_put_in_a_task_or_an_operand_may_be_called_path():
    free = {"path": "no JSONPath", "on_task_failure": [{"path": 5}]}
    settings = workflow_settings(
        {
            "name": "W",
            "conditions": {"all": [{"path": "$.a", "equals": free}]},
            "tasks": [{"name": "T", "type": "record", "settings": free}],
        }
    )
    assert settings.tasks[0].settings == free
    assert settings.conditions.holds({"a": free})


def test_a_start_can_assume_otherwise_and_keeps_all_else():
    settings = Settings(seed=7, window="fixed")
    changed = assuming(settings, {"acceptedStatus": 202, "countRefusedCalls": True})
    assert (changed.answers.accepted_status, changed.count_refused) == (202, True)
    assert (changed.seed, changed.window, changed.limits) == (7, "fixed", settings.limits)
    with pytest.raises(InvalidSettingsError, match="acceptedStatus"):
        assuming(settings, {"acceptedStatus": 99})


def test_a_number_that_json_does_not_have_is_reported_once_wherever_it_stands():
    wrong = {
        "name": "W",
        "delay": {"kind": "fixed", "seconds": float("nan")},
        "tasks": [{"name": "T", "type": "record", "settings": {"x": [float("inf")]}}],
        "conditions": {"all": [{"path": "$.a", "equals": float("nan")}]},
    }
    with pytest.raises(InvalidSettingsError) as told:
        workflow_settings(wrong)
    places = [reason.partition(": ")[0] for reason in told.value.violations]
    assert places == [
        "$.delay.seconds",
        "$.tasks[0].settings.x[0]",
        "$.conditions.all[0].equals",
    ]


@pytest.mark.parametrize("levels", [95, 101, 5_000])
@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: [inner]])
def test_settings_nested_deeper_than_anyone_means_are_refused(levels, wrap):
    value: object = float("nan")
    for _ in range(levels):
        value = wrap(value)
    settings = {"name": "W", "tasks": [{"name": "T", "type": "record", "settings": {"x": value}}]}
    expected = "a number that JSON has" if levels < 100 else "nesting deeper than 100 levels"
    with pytest.raises(InvalidSettingsError, match=expected):
        workflow_settings(settings)


def _maxima(value: object, name: str = "") -> Iterator[object]:
    if isinstance(value, dict):
        if name.lower().endswith("seconds"):
            yield value.get("maximum", value.get("items", {}).get("maximum"))
        for key, inner in value.items():
            yield from _maxima(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _maxima(inner)


def test_the_schemas_know_the_same_longest_time_as_the_clocks():
    contracts = files("contracts")
    definitions = json.loads((contracts / "schemas" / "definitions.schema.json").read_text("utf-8"))
    assert {one for one in _maxima(definitions) if one is not None} == {LONGEST_SECONDS}
    advance = yaml.safe_load((contracts / "openapi.yaml").read_text("utf-8"))
    path = advance["paths"]["/__control/v1/tenants/{tenant_id}/clock/advance"]
    body = path["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert body["properties"]["seconds"]["maximum"] == LONGEST_SECONDS
