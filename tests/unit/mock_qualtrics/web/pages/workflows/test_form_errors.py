"""Each reason stands beside the field that it is about."""

import pytest

from mock_qualtrics.errors import InvalidSettingsError
from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.web.pages.workflows.form_errors import field_errors, label_of
from mock_qualtrics.web.pages.workflows.form_values import NEW_ROWS, document_of, typed_of
from mock_qualtrics.web.pages.workflows.settings_changes import DEFAULTS


def typed(**single: str):
    made = typed_of({**DEFAULTS, "name": "w"})
    made.single |= single
    return made


def row(of, /, **columns: str):
    return {**NEW_ROWS[of], **columns}


def wrong_fields(made):
    document, reasons = document_of(made)
    try:
        workflow_settings(document)
    except InvalidSettingsError as error:
        return [one.field for one in field_errors(map(str, error.violations), made, reasons)]
    return [one.field for one in field_errors((), made, reasons)]


@pytest.mark.parametrize(
    ("single", "field"),
    [
        ({"name": ""}, "name"),
        ({"onTaskFailure": "explode"}, "onTaskFailure"),
        ({"delay-seconds": "soon"}, "delay-seconds"),
        ({"delay-seconds": ""}, "delay-seconds"),
        ({"delay-kind": "never"}, "delay-kind"),
        ({"delay-kind": "measured", "delay-measured": "1, x"}, "delay-measured"),
        ({"delay-kind": "measured", "delay-measured": ""}, "delay-measured"),
        (
            {"delay-kind": "queue", "delay-workers": "0", "delay-serviceSeconds": "1"},
            "delay-workers",
        ),
        (
            {"delay-kind": "uniform", "delay-lowSeconds": "2", "delay-highSeconds": "1"},
            "delay-kind",
        ),
    ],
)
def test_a_single_field_is_named(single, field):
    assert set(wrong_fields(typed(**single))) == {field}


@pytest.mark.parametrize(
    ("group", "rows", "fields"),
    [
        ("fields", [row("fields", name="a b", path="$.a")], ["fields-0-name"]),
        (
            "fields",
            [row("fields", name="a", path="$.a"), row("fields", name="b", path="$.a[?")],
            ["fields-1-path"],
        ),
        ("fields", [row("fields", name="a", path="$.a")] * 2, ["fields"]),
        ("tasks", [row("tasks", name="")], ["tasks-0-name"]),
        ("tasks", [row("tasks", name="a", failFirst="x")], ["tasks-0-failFirst"]),
        ("tasks", [row("tasks", name="a", failProbability="2")], ["tasks-0-failProbability"]),
        ("tasks", [row("tasks", name="a", id="a b")], ["tasks-0-id"]),
        ("tasks", [row("tasks", name="a", type="fax")], ["tasks-0-type"]),
        ("tasks", [row("tasks", name="a", settings="{")], ["tasks-0-settings"]),
        (
            "tasks",
            [row("tasks", name="a", type="web_service", settings='{"url": "~{aedj://a}"}')],
            ["tasks-0-settings"],
        ),
        ("tasks", [row("tasks", name="a", id="1"), row("tasks", name="b", id="1")], ["tasks"]),
        (
            "conditions",
            [row("conditions", group="any", path="$.a"), row("conditions", path="nowhere")],
            ["conditions-1-path"],
        ),
        (
            "conditions",
            [
                row("conditions", path="$.a"),
                row("conditions", group="any", path="$.a"),
                row("conditions", path="$.a", comparison="exists", operand="perhaps"),
            ],
            ["conditions-2-operand"],
        ),
    ],
)
def test_a_field_of_a_row_is_named(group, rows, fields):
    made = typed()
    made.rows[group] = rows
    assert wrong_fields(made) == fields


def test_conditions_that_are_json_have_one_field():
    made = typed()
    made.conditions_json = '{"all": [{"any": [{"path": "nowhere", "equals": 1}]}]}'
    assert wrong_fields(made) == ["conditions-json"]


def test_a_reason_about_nothing_known_stands_at_the_beginning():
    (error,) = field_errors(["$: found nesting deeper, expected less"], typed(), {})
    assert error == ("form", "Workflow", "found nesting deeper, expected less")


def test_people_read_labels():
    assert label_of("fields-0-path") == "Field 1, JSONPath"
    assert label_of("delay-seconds") == "Delay, seconds"
    assert label_of("conditions-json") == "Conditions"
    assert label_of("tasks") == "Tasks"
