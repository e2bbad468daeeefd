"""What a workflow's settings mean where Python's own notions and JSON's differ."""

from contextlib import nullcontext
from decimal import Decimal

import pytest

from contracts import validate
from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.delays import Workers
from mock_qualtrics.tenants.settings_documents import (
    VALID,
    assuming,
    tenant_settings,
    workflow_settings,
)


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
    changed = assuming(settings, {"acceptedStatus": 200, "countRefusedCalls": True})
    assert (changed.answers.accepted_status, changed.count_refused) == (200, True)
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


@pytest.mark.parametrize("levels", [95, 101, 1_500])
@pytest.mark.parametrize("wrap", [lambda inner: {"a": inner}, lambda inner: [inner]])
def test_settings_nested_deeper_than_anyone_means_are_refused(levels, wrap):
    value: object = float("nan")
    for _ in range(levels):
        value = wrap(value)
    settings = {"name": "W", "tasks": [{"name": "T", "type": "record", "settings": {"x": value}}]}
    expected = "a number that JSON has" if levels < 100 else "nesting deeper than 100 levels"
    with pytest.raises(InvalidSettingsError, match=expected):
        workflow_settings(settings)


def test_the_ids_of_tasks_are_told_apart():
    one = {"name": "A", "type": "record", "id": "OCAC_1"}
    assert (
        workflow_settings({"name": "W", "tasks": [one]}).to_mapping()["tasks"][0]["id"] == "OCAC_1"
    )
    with pytest.raises(InvalidSettingsError) as caught:
        workflow_settings({"name": "W", "tasks": [one, {**one, "name": "B"}]})
    assert str(caught.value.violations[0]) == (
        "$.tasks: found the id 'OCAC_1' more than once, expected each id once"
    )


@pytest.mark.parametrize("wrong", [True, "5", (5,), [5], Decimal(5)])
def test_a_verdict_is_remembered_for_equal_documents_of_equal_types_only(wrong):
    for given, is_right in [(5, True), (wrong, False), (5.0, True), (wrong, False), (5, True)]:
        document = {"seed": given}
        refused = nullcontext() if is_right else pytest.raises(InvalidSettingsError, match="seed")
        with refused:
            assert tenant_settings(document, Settings()).seed == 5


def test_a_remembered_verdict_names_what_was_found():
    for _ in range(2):
        with pytest.raises(InvalidSettingsError, match=r"\$\.clock: found \"sun\""):
            tenant_settings({"clock": "sun"}, Settings())


def test_what_is_taken_as_valid_without_its_schema_is_valid():
    found = {schema: [validate(one, schema) for one in VALID[schema]] for schema in VALID}
    assert found == {"tenant-settings": [[], [], []], "workflow-settings": [[], []]}
