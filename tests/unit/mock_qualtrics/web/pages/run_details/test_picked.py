"""What the workflow picked is said of the run as it was, where that is known."""

from typing import Any

import pytest

from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.web.pages.run_details.picked import (
    conditions_shown,
    fields_shown,
    is_as_it_ran,
    settings_note,
    tasks_shown,
)

TASK = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email} {aedj://email}"}}
SETTINGS = workflow_settings(
    {
        "name": "W",
        "fields": [{"name": "email", "path": "$.e"}, {"name": "name", "path": "$.n"}],
        "tasks": [TASK],
    }
)
STATE = {"name": "Invite", "type": "email", "status": "Succeeded", "attempts": 1, "error": None}


def a_run(**changes: object) -> dict[str, Any]:
    run = {"status": "Succeeded", "startedOn": "x", "fields": {"email": "a"}, "tasks": []}
    return {**run, "revision": SETTINGS.revision, **changes}


@pytest.mark.parametrize(
    ("changes", "as_it_ran", "says"),
    [
        ({}, True, ""),
        ({"revision": "other"}, False, "was changed since"),
        ({"revision": None}, None, "is not known whether"),
    ],
)
def test_it_says_whether_the_settings_are_those_that_the_run_had(changes, as_it_ran, says):
    run = a_run(**changes)
    assert is_as_it_ran(run, SETTINGS) is as_it_ran
    note = settings_note(run, SETTINGS)
    assert (says in note) if says else note == ""


def test_a_run_that_has_not_started_says_what_it_would_do():
    run = a_run(status="Pending", startedOn=None, fields={}, tasks=[])
    assert "would do now" in settings_note(run, SETTINGS)
    email, name = fields_shown(run, SETTINGS, {"e": "b"})
    assert (email["value"], name["value"]) == ('"b"', None)
    (task,) = tasks_shown(run, SETTINGS, {"e": "b"})
    assert (task["before"], task["after"], task["status"]) == (TASK["settings"], None, "Pending")


def test_a_field_has_what_the_run_picked_and_why_another_picked_nothing():
    email, name, gone = fields_shown(
        a_run(fields={"email": "a", "old": 1}), SETTINGS, {"e": "a", "N": 1}
    )
    assert (email["value"], email["remark"]) == ('"a"', "")
    assert (name["value"], name["remark"]) == (None, '$ has no .n; it has "e", "N"')
    assert (gone["name"], gone["value"]) == ("old", "1")


def test_a_task_has_its_settings_before_and_after_and_what_stayed():
    state = {**STATE, "settings": {"to": "a {aedj://email}"}}
    (task,) = tasks_shown(a_run(tasks=[state]), SETTINGS, {"e": "a"})
    assert (task["before"], task["after"]) == (TASK["settings"], state["settings"])
    (literal,) = task["literals"]
    assert literal.text == "{aedj://email}"
    (gone,) = tasks_shown(a_run(tasks=[{**state, "name": "Old"}]), SETTINGS, {})
    assert gone["before"] is None


def test_a_workflow_without_conditions_has_none_to_show():
    assert conditions_shown(SETTINGS, {}) == []
