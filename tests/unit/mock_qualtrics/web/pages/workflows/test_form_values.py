"""What a form shows of settings, and what it means."""

import pytest

from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.web.pages.workflows.form_values import (
    NEW_ROWS,
    document_of,
    number,
    typed_in,
    typed_of,
    with_row_change,
)
from mock_qualtrics.web.pages.workflows.settings_changes import changes

WHOLE = {
    "name": "Send the survey",
    "requireAuthentication": False,
    "onTaskFailure": "stop",
    "retryTasks": True,
    "delay": {"kind": "measured", "seconds": [0.1, 2]},
    "fields": [{"name": "email", "path": "$.identityMap.Email[0].id"}],
    "conditions": {
        "any": [{"path": "$.a", "equals": "realized"}, {"path": "$.b", "equals": "5"}],
        "all": [{"path": "$.c", "atLeast": 5}, {"path": "$.d", "exists": False}],
    },
    "tasks": [
        {"name": "Invite", "type": "email", "settings": {"to": ["~{aedj://email}", True]}}
        | {"failFirst": 2, "failProbability": 0.25, "id": "OCAC_1"}
    ],
}
NESTED = {"all": [{"any": [{"path": "$.a", "exists": True}]}]}


def settings(**changed: object):
    return workflow_settings({**WHOLE, **changed}).to_mapping()


def sent(typed):
    """Return the fields of a form as a browser sends them."""
    form = {name: value for name, value in typed.single.items() if value}
    for group, rows in typed.rows.items():
        for place, row in enumerate(rows):
            form |= {f"{group}-{place}-{column}": text for column, text in row.items()}
    return (
        form if typed.conditions_json is None else form | {"conditions-json": typed.conditions_json}
    )


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"delay": {"kind": "uniform", "lowSeconds": 0.5, "highSeconds": 1e-7 + 1}},
        {"delay": {"kind": "queue", "workers": 3, "serviceSeconds": 1}},
        {"conditions": NESTED},
        {"conditions": {"all": []}},
        {"conditions": {}, "tasks": [], "fields": []},
    ],
)
def test_a_form_that_nobody_touched_changes_nothing(changed):
    before = settings(**changed)
    document, reasons = document_of(typed_in(sent(typed_of(before))))
    assert reasons == {}
    assert changes(before, {**before, **document}) == {}


def test_what_is_changed_is_all_that_is_changed():
    before = settings()
    typed = typed_of(before)
    typed.rows["tasks"][0]["settings"] = '{"to": ["~{aedj://email}", 1]}'
    document, _ = document_of(typed)
    assert changes(before, document).keys() == {"tasks"}  # to Python, 1 and true are equal


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("0.2", 0.2),
        (" 5 ", 5),
        ("-1", -1),
        ("1e2", 100.0),
        ("abc", "abc"),
        ("\u0665", "\u0665"),
        ("nan", "nan"),
    ],
)
def test_a_number_is_read_and_anything_else_is_left_to_the_schema(text, meant):
    assert number(text) == meant
    assert type(number(text)) is type(meant)


def test_rows_keep_their_order_whatever_their_numbers():
    typed = typed_in({"fields-10-name": "b", "fields-9-name": "a", "fields-9-path": "$"})
    assert [row["name"] for row in typed.rows["fields"]] == ["a", "b"]
    assert typed.rows["fields"][1]["path"] == ""


def test_rows_are_added_removed_and_left_out_when_blank():
    typed = typed_of(settings())
    more = with_row_change(typed, "add:fields")
    assert more.rows["fields"][1] == NEW_ROWS["fields"]
    assert more.without_blank_rows().rows == typed.rows
    assert with_row_change(typed, "remove:tasks:0").rows["tasks"] == []
    assert with_row_change(typed, "remove:tasks:7").rows == typed.rows
    assert with_row_change(typed, "save") is None
    assert with_row_change(typed, "add:others") is None


def test_settings_that_are_no_json_are_said_to_be_none_by_field():
    typed = typed_of(settings(conditions=NESTED))
    typed.rows["tasks"][0]["settings"] = '{"a": 1, "a": 2}'
    typed.conditions_json = "{"
    _, reasons = document_of(typed)
    assert reasons["tasks-0-settings"] == "this gives a key twice"
    assert reasons["conditions-json"].startswith("this is no JSON")
