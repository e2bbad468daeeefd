"""One try of a run, decided without a journal or a clock."""

import json
from dataclasses import replace
from typing import Any

import pytest

from mock_qualtrics.clock import DAY, SECOND
from mock_qualtrics.events.work_budget import MOST_PIPED_CHARACTERS
from mock_qualtrics.journal.pending_run import PendingRun
from mock_qualtrics.runs.attempt import Attempt, backoff, execute
from mock_qualtrics.store.schema import State
from mock_qualtrics.tenants.settings_documents import workflow_settings


class Quiet:
    """A world in which nothing fails on purpose, and nothing outside can be reached."""

    def scripted_failure(self, place: int, task: object) -> str | None:
        return None

    def call(self, attempt_id: str, settings: object, event: bytes) -> str | None:
        return f"{attempt_id} got {event.decode()}"


def a_try(body: bytes = b"{}", run: dict[str, Any] | None = None, **settings: object) -> Attempt:
    pending = PendingRun(1, 1, 1, 5 * SECOND, 0, 0)._replace(**(run or {}))
    workflow = workflow_settings({"name": "W", **settings})
    return Attempt(workflow, pending, "RUN_x", body, 5 * SECOND, Quiet())


CALL = {"name": "Call", "type": "web_service", "settings": {"url": "http://h/", "n": "~{aedj://n}"}}
FIELD = {"name": "n", "path": "$.n"}


def test_a_run_with_nothing_to_do_succeeds_without_reading_its_event():
    outcome = execute(a_try(b"no JSON at all"))
    assert (outcome.state, outcome.detail) == (State.SUCCEEDED, None)


def test_a_run_that_is_told_to_fail_fails_without_reading_its_event():
    outcome = execute(a_try(b"no JSON at all", {"scripted_failure": "a fault"}))
    assert (outcome.state, outcome.error) == (State.FAILED, "a fault")
    (notification,) = json.loads(outcome.detail)["notifications"]
    assert (notification["kind"], notification["task"]) == ("trigger-failed", None)


def test_an_event_too_deep_for_a_path_fails_the_run():
    deep = b'{"a":' * 400 + b"1" + b"}" * 400
    outcome = execute(a_try(deep, fields=[{"name": "n", "path": "$..zzz"}]))
    assert outcome.state is State.FAILED
    assert "nested too deeply" in outcome.error


@pytest.mark.parametrize("part", ["fields", "conditions"])
def test_a_path_that_is_too_much_work_fails_the_run_and_says_what_is_too_much(little_work, part):
    path = "$" + "..*" * 50
    given = {
        "fields": [{"name": "x", "path": path}],
        "conditions": {"all": [{"path": path, "exists": True}]},
    }
    outcome = execute(a_try(b'{"a":' * 90 + b"1" + b"}" * 90, **{part: given[part]}))
    assert (outcome.state, outcome.error) == (
        State.FAILED,
        f"{path} cannot be evaluated: it takes more than {little_work:,} steps on this event",
    )


def test_all_paths_of_a_run_share_what_its_event_is_worth(little_work):
    wide = b"[" + b"1," * 1_999 + b"1]"
    fields = [{"name": f"n{number}", "path": "$[*]"} for number in range(2)]
    conditions = {"all": [{"path": "$[*]", "exists": True}]}
    assert execute(a_try(wide, fields=fields)).state is State.SUCCEEDED
    assert execute(a_try(wide, conditions=conditions)).state is State.SUCCEEDED
    together = execute(a_try(wide, fields=fields, conditions=conditions))
    assert together.state is State.FAILED
    assert f"more than {little_work:,} steps" in together.error
    three = [*fields, {"name": "n3", "path": "$[*]"}]
    assert execute(a_try(wide, fields=three)).state is State.FAILED


def test_a_task_whose_field_is_missing_calls_nobody():
    outcome = execute(a_try(b"{}", fields=[FIELD], tasks=[CALL]))
    assert outcome.error == "task Call failed: the field n has no value: nothing at $.n"


def test_a_field_that_is_missing_twice_is_one_reason():
    settings = {"a": "~{aedj://n} ~{aedj://n}", "b": ["~{aedj://m}"]}
    task = {"name": "T", "type": "email", "settings": settings}
    outcome = execute(a_try(b"{}", fields=[FIELD], tasks=[task]))
    reasons = "the field n has no value: nothing at $.n; the workflow has no field m"
    assert outcome.error == f"task T failed: {reasons}"


def test_the_event_goes_out_as_it_came_and_the_settings_are_shown_as_piped():
    outcome = execute(a_try(b'{"n": 1.0}', fields=[FIELD], tasks=[CALL]))
    (task,) = json.loads(outcome.detail)["tasks"]
    assert task["error"] == 'RUN_x/1/1 got {"n": 1.0}'
    assert task["settings"]["n"] == "1.0"


def test_a_task_that_would_be_piped_too_much_fails_and_says_so():
    body = json.dumps({"n": "x" * (MOST_PIPED_CHARACTERS // 10)}).encode()
    settings = {"text": "~{aedj://n}" * 5}
    tasks = [{"name": name, "type": "record", "settings": settings} for name in "abc"]
    outcome = execute(a_try(body, fields=[FIELD], tasks=tasks))
    assert outcome.state is State.FAILED
    assert outcome.error.startswith(f"task c failed: more than {MOST_PIPED_CHARACTERS:,} char")
    *piped, last = [task["settings"] for task in json.loads(outcome.detail)["tasks"]]
    assert [len(each["text"]) for each in piped] == [MOST_PIPED_CHARACTERS // 2] * 2
    assert last == settings


def test_every_failed_task_is_named_in_the_reason_and_notified():
    other = {**CALL, "name": "Other"}
    outcome = execute(a_try(b'{"n": 1}', fields=[FIELD], tasks=[CALL, other]))
    assert outcome.error.count("failed: RUN_x/") == 2
    notified = [one["task"] for one in json.loads(outcome.detail)["notifications"]]
    assert notified == ["Call", "Other"]


@pytest.mark.parametrize(
    ("since_start", "state"),
    [(0, State.PENDING), (DAY - 1, State.PENDING), (DAY, State.FAILED), (DAY + 1, State.FAILED)],
)
def test_a_failed_task_is_tried_again_until_the_day_is_over_Q_WF_4(since_start, state):  # noqa: N802
    one = a_try(b"{}", {"started_at": 5 * SECOND}, retryTasks=True, fields=[FIELD], tasks=[CALL])
    outcome = execute(replace(one, now=one.now + since_start))
    assert outcome.state is state
    if state is State.PENDING:
        assert one.now + since_start < outcome.due_at <= one.now + DAY
        assert json.loads(outcome.detail)["notifications"] == []


def test_the_wait_between_tries_doubles_up_to_four_hours():
    minutes = [backoff(tries) / 60e6 for tries in (1, 2, 3, 8, 9, 100)]
    assert minutes == [1, 2, 4, 128, 240, 240]


def test_of_a_run_that_is_tried_again_each_try_is_kept_with_its_instant():
    fine = {"name": "Note", "type": "record"}
    first = a_try(b'{"n": 1}', retryTasks=True, fields=[FIELD], tasks=[CALL, fine])
    waiting = execute(first)
    again = replace(first, run=first.run.again(waiting), now=waiting.due_at)
    later = execute(again)
    tries = json.loads(later.detail)["tries"]
    assert [one["at"] for one in tries] == [
        "1970-01-01T00:00:05.000000Z",
        "1970-01-01T00:01:05.000000Z",
    ]
    assert [[task["name"] for task in one["tasks"]] for one in tries] == [
        ["Call", "Note"],
        ["Call"],
    ]
    assert tries[1]["tasks"][0]["error"].startswith("RUN_x/1/2 got")


def test_a_run_with_one_try_keeps_no_list_of_them_and_a_row_of_an_older_version_goes_on():
    one = a_try(b"{}", tasks=[{"name": "Note", "type": "record"}])
    assert "tries" not in json.loads(execute(one).detail)
    older = a_try(b'{"n": 1}', retryTasks=True, fields=[FIELD], tasks=[CALL])
    progress = json.loads(execute(older).detail)
    del progress["tries"], progress["revision"]
    again = replace(older, run=replace_progress(older, json.dumps(progress)))
    (kept,) = json.loads(execute(again).detail)["tries"]
    assert kept["at"] == "1970-01-01T00:00:05.000000Z"


def replace_progress(attempt: Attempt, progress: str) -> PendingRun:
    return attempt.run._replace(started_at=attempt.now, progress=progress)


def test_the_outcome_names_the_revision_of_its_settings_and_a_new_name_is_none():
    task = {"name": "Note", "type": "record"}
    revisions = [
        json.loads(execute(a_try(b"{}", tasks=[task], **changes)).detail)["revision"]
        for changes in ({}, {"name": "Other"}, {"fields": []}, {"fields": [FIELD]})
    ]
    assert len(set(revisions[:3])) == 1
    assert revisions[3] not in revisions[:3]
