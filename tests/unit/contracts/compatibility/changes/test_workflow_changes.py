"""What a changed workflow breaks, beside its conditions: its tasks, and what makes runs fail."""

from typing import Any

import pytest

from contracts.compatibility.changes.change import CannotCompareError
from contracts.compatibility.changes.comparison import Kind, changes

MAIL = {"name": "Mail", "type": "email", "settings": {"subject": "Hi"}}
CALL = {"name": "Call", "type": "web_service", "settings": {"url": "http://127.0.0.1:1/", "n": 1}}
TURNED = {**CALL, "settings": dict(reversed(CALL["settings"].items()))}  # type: ignore[attr-defined]
ELSEWHERE = {**CALL, "settings": {**CALL["settings"], "url": "http://127.0.0.1:2/"}}  # type: ignore[dict-item]
PIPED = "~{aedj://a}"
WHOLE = {**CALL, "settings": {**CALL["settings"], "n": 1.0}}  # type: ignore[dict-item]
BARE_CALL = {"name": "Call", "type": "web_service"}
AGAIN = {"retry_tasks": True}
FAILS_TWICE = {**MAIL, "fail_first": 2}


def between(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str | None, str]]:
    tables = [{"workflows": [{"name": "W", **table}]} for table in (old, new)]
    found = changes(Kind.WORKFLOWS, ("old", "new"), *tables)
    assert {change.place for change in found} <= {"workflow W"}
    return [(change.breaks, change.text.partition(":")[0]) for change in found]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({}, {"tasks": [MAIL]}, [(None, 'it has a new task, "Mail"')]),
        ({"tasks": [CALL]}, {"tasks": [CALL, MAIL]}, [(None, 'it has a new task, "Mail"')]),
        ({"tasks": [MAIL]}, {}, [(None, 'it has no task "Mail" any more')]),
        ({"tasks": [CALL]}, {"tasks": [TURNED]}, []),
        ({"tasks": [CALL]}, {"tasks": [WHOLE]}, []),
        ({"tasks": [CALL]}, {"tasks": [{**CALL, "fail_first": 0}]}, []),
        ({"tasks": [BARE_CALL]}, {"tasks": [{**BARE_CALL, "settings": {}}]}, []),
        ({"tasks": [CALL, MAIL]}, {"tasks": [MAIL, CALL]}, []),
        (
            {"tasks": [CALL]},
            {"tasks": [ELSEWHERE]},
            [
                (
                    "sender",
                    'task "Call" calls another web service, whose failure fails the run (Q-WF-8)',
                )
            ],
        ),
        (
            {"tasks": [MAIL]},
            {"tasks": [{**MAIL, "fail_probability": 0.5}]},
            [("sender", 'task "Mail" fails on purpose more often')],
        ),
        (
            {"tasks": [FAILS_TWICE]},
            {"tasks": [{**MAIL, "fail_first": 3}]},
            [("sender", 'task "Mail" fails on purpose more often')],
        ),
        ({"tasks": [FAILS_TWICE]}, {"tasks": [FAILS_TWICE]}, []),
        ({"tasks": [FAILS_TWICE]}, {"tasks": [MAIL]}, []),
        (
            {"tasks": [MAIL, FAILS_TWICE]},
            {"tasks": [FAILS_TWICE, FAILS_TWICE]},
            [("sender", 'task "Mail" fails on purpose more often')],
        ),
        ({"tasks": [CALL, FAILS_TWICE]}, {"tasks": [FAILS_TWICE, CALL]}, []),
        ({"tasks": [MAIL, FAILS_TWICE, MAIL]}, {"tasks": [MAIL, FAILS_TWICE, MAIL]}, []),
        (AGAIN, AGAIN, []),
        (
            AGAIN,
            {},
            [
                ("sender", "failed tasks are not retried"),
                (None, "retry_tasks is false, where it was true"),
            ],
        ),
        ({}, AGAIN, [(None, "retry_tasks is true, where it was false")]),
        (
            {},
            {"on_task_failure": "stop"},
            [(None, 'on_task_failure is "stop", where it was "continue"')],
        ),
        ({"delay": 1}, {"delay": 2}, [(None, "delay is 2, where it was 1")]),
        ({"delay": 1}, {"delay": 1.0}, []),
        ({}, {"delay": 1}, [(None, "delay is 1, where it was not set")]),
        ({}, {"retry_tasks": False, "on_task_failure": "continue"}, []),
        ({"draft": True}, {}, [(None, "calls start runs from now on (Q-WF-1)")]),
        (
            {"require_authentication": False},
            {},
            [("sender", "it demands a credential")],
        ),
        (
            {},
            {"require_authentication": False},
            [(None, "anybody who knows its URL can start it (Q-AUTH-2)")],
        ),
    ],
)
def test_a_change_is_told_as_what_it_is(
    old: dict[str, Any], new: dict[str, Any], expected: list[tuple[str | None, str]]
):
    assert between(old, new) == expected


def test_a_setting_that_pipes_no_field_is_named():
    mail = {**MAIL, "settings": {"subject": "~{aedj://zz}"}}
    (found,) = changes(
        Kind.WORKFLOWS,
        ("old", "new"),
        {"workflows": [{"name": "W", "tasks": [MAIL]}]},
        {"workflows": [{"name": "W", "tasks": [mail]}]},
    )
    assert found.text == (
        'task "Mail" pipes the field "zz" into its setting "subject", and the workflow has no such '
        "field: it always fails"
    )


def test_several_changes_are_told_in_the_order_of_the_file():
    letters = "qwertyuiopasdfgh"
    tasks = [{**MAIL, "name": letter} for letter in letters]
    added = [f'it has a new task, "{letter}"' for letter in letters]
    gone = [f'it has no task "{letter}" any more' for letter in letters]
    assert [text for _, text in between({}, {"tasks": tasks})] == added
    assert [text for _, text in between({"tasks": tasks}, {})] == gone
    tables = [{"workflows": [{"name": letter} for letter in word]} for word in ("q", letters)]
    found = changes(Kind.WORKFLOWS, ("old", "new"), *tables)
    assert [change.place for change in found] == [f"workflow {letter}" for letter in letters[1:]]


def test_a_field_whose_path_is_written_in_another_way_is_the_same():
    old, new = (
        {"fields": [{"name": "a", "path": path}], "tasks": [{**MAIL, "settings": {"to": PIPED}}]}
        for path in ("$.a.b", "$['a'][\"b\"]")
    )
    assert between(old, new) == between(new, old) == []


def test_a_name_is_told_as_it_is_written():
    mail = {**MAIL, "name": "Grüße"}
    (change,) = changes(
        Kind.WORKFLOWS,
        ("old", "new"),
        {"workflows": [{"name": "W"}]},
        {"workflows": [{"name": "W", "tasks": [mail]}]},
    )
    assert '"Grüße"' in change.text


@pytest.mark.parametrize("side", ["old", "new"])
def test_two_workflows_of_one_name_are_told_with_their_file(side: str):
    one, two = {"workflows": [{"name": "W"}]}, {"workflows": [{"name": "W"}, {"name": "W"}]}
    documents = (two, one) if side == "old" else (one, two)
    with pytest.raises(CannotCompareError, match=f"in the {side} file are called 'W'"):
        changes(Kind.WORKFLOWS, ("a", "b"), *documents)
