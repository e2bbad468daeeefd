"""Runs: tasks, failures, retries, conditions, the daily cap; on a virtual clock."""

import pytest

INVITE = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
RECORD = {"name": "Record", "type": "record"}
EMAIL = [{"name": "email", "path": "$.email"}]


def the_run(rehearsal):
    (run,) = rehearsal.runs()
    return run


def test_a_run_waits_and_then_succeeds_Q_WF_2(rehearsal):  # noqa: N802  a fact's id
    assert rehearsal.send().status == 202
    assert the_run(rehearsal)["status"] == "Pending"
    rehearsal.advance(0.199999)
    assert the_run(rehearsal)["startedOn"] is None
    rehearsal.advance(0.000001)
    run = the_run(rehearsal)
    assert run["status"] == "Succeeded"
    assert run["receivedOn"] == "2026-01-01T00:00:00.000000Z"
    assert run["startedOn"] == run["finishedOn"] == "2026-01-01T00:00:00.200000Z"


def test_piped_settings_are_shown_on_the_run_Q_BODY_3(rehearse):  # noqa: N802  a fact's id
    rehearsal = rehearse({"fields": EMAIL, "tasks": [INVITE]})
    rehearsal.send(b'{"email": "d@example.com"}')
    rehearsal.advance(1)
    run = the_run(rehearsal)
    assert run["fields"] == {"email": "d@example.com"}
    assert run["tasks"] == [
        {
            "name": "Invite",
            "type": "email",
            "status": "Succeeded",
            "attempts": 1,
            "error": None,
            "settings": {"to": "d@example.com"},
        }
    ]


def test_a_missing_field_fails_its_task_with_the_reason_Q_RUN_1(rehearse):  # noqa: N802
    rehearsal = rehearse({"fields": EMAIL, "tasks": [INVITE, RECORD]})
    rehearsal.send(b"{}")
    rehearsal.advance(1)
    run = the_run(rehearsal)
    reason = "the field email has no value: nothing at $.email"
    assert run["error"] == f"task Invite failed: {reason}"
    assert [task["status"] for task in run["tasks"]] == ["Failed", "Succeeded"]
    assert run["tasks"][0]["error"] == reason
    (notification,) = run["notifications"]
    assert notification == {
        "kind": "task-failed",
        "at": run["finishedOn"],
        "task": "Invite",
        "message": run["error"],
    }


RELYING = {"settings": {"id": "~{ch://Invite/$.id} ~{ch://Record/$.id}"}}


def test_after_a_failure_what_relies_on_it_is_left_out_when_told_to_stop_Q_WF_4(rehearse):  # noqa: N802
    rehearsal = rehearse({"onTaskFailure": "stop", "tasks": [INVITE, {**RECORD, **RELYING}]})
    rehearsal.send()
    rehearsal.advance(1)
    tasks = the_run(rehearsal)["tasks"]
    assert [(task["status"], task["attempts"]) for task in tasks] == [("Failed", 1), ("Skipped", 0)]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b'{"vip": true}', "Succeeded"), (b'{"vip": false}', "Skipped"), (b"{}", "Skipped")],
)
def test_conditions_decide_whether_tasks_run_Q_WF_3(rehearse, body, status):  # noqa: N802
    conditions = {"all": [{"path": "$.vip", "equals": True}]}
    rehearsal = rehearse({"conditions": conditions, "tasks": [RECORD]})
    rehearsal.send(body)
    rehearsal.advance(1)
    run = the_run(rehearsal)
    assert run["status"] == "Succeeded"
    assert run["tasks"][0]["status"] == status


def test_the_first_attempts_fail_on_purpose_over_all_runs(rehearse):
    rehearsal = rehearse({"tasks": [{**RECORD, "failFirst": 2}]})
    for _ in range(3):
        rehearsal.send()
    rehearsal.advance(1)
    assert [run["status"] for run in rehearsal.runs()] == ["Succeeded", "Failed", "Failed"]
    assert rehearsal.runs()[-1]["error"] == "task Record failed: scripted failure 1 of 2"


def test_a_share_of_attempts_fails_on_purpose_always_the_same(rehearse):
    def statuses() -> list[str]:
        rehearsal = rehearse({"tasks": [{**RECORD, "failProbability": 0.3}]})
        for _ in range(200):
            rehearsal.send()
        rehearsal.advance(1)
        return [run["status"] for run in rehearsal.runs(limit=500)]

    first = statuses()
    assert first == statuses()
    assert 30 < first.count("Failed") < 90


def test_failed_tasks_are_tried_again_until_they_succeed_Q_WF_4(rehearse):  # noqa: N802
    rehearsal = rehearse(
        {"retryTasks": True, "tasks": [{**RECORD, "failFirst": 3}, INVITE | {"settings": {}}]}
    )
    rehearsal.send()
    rehearsal.advance(60)
    run = the_run(rehearsal)
    assert run["status"] == "Pending"
    assert run["startedOn"] == "2026-01-01T00:00:00.200000Z"
    assert [(task["status"], task["attempts"]) for task in run["tasks"]] == [
        ("Pending", 1),
        ("Succeeded", 1),
    ]
    rehearsal.advance(600)
    run = the_run(rehearsal)
    assert (run["status"], run["finishedOn"]) == ("Succeeded", "2026-01-01T00:07:00.200000Z")
    assert [task["attempts"] for task in run["tasks"]] == [4, 1]


def test_a_stopped_run_goes_on_where_it_stopped(rehearse):
    rehearsal = rehearse(
        {
            "retryTasks": True,
            "onTaskFailure": "stop",
            "tasks": [
                {**RECORD, "failFirst": 1},
                {"name": "Then", "type": "contact_update", **RELYING},
            ],
        }
    )
    rehearsal.send()
    rehearsal.advance(1)
    assert [task["status"] for task in the_run(rehearsal)["tasks"]] == ["Pending", "Skipped"]
    rehearsal.advance(60)
    assert [task["status"] for task in the_run(rehearsal)["tasks"]] == ["Succeeded", "Succeeded"]


def test_tasks_that_changed_in_between_are_tried_from_the_start(rehearse):
    rehearsal = rehearse({"retryTasks": True, "tasks": [{**RECORD, "failFirst": 1}]})
    rehearsal.send()
    rehearsal.advance(1)
    changed = {"tasks": [{"name": "Other", "type": "record"}]}
    rehearsal.engine.tenants.update_workflow(rehearsal.workflow.id, changed)
    rehearsal.advance(60)
    (task,) = the_run(rehearsal)["tasks"]
    assert (task["name"], task["status"], task["attempts"]) == ("Other", "Succeeded", 1)


def test_runs_past_the_daily_cap_are_blocked_and_seen_as_such_Q_LIM_4(rehearse):  # noqa: N802
    rehearsal = rehearse(tenant={"limits": {"runsPerDay": 2}})
    for _ in range(3):
        assert rehearsal.send().status == 202
    rehearsal.advance(86_400)
    rehearsal.send()
    rehearsal.advance(1)
    totals = rehearsal.totals()
    assert (totals["succeeded"], totals["blocked"], totals["failed"]) == (3, 1, 0)


def test_a_disabled_workflow_has_no_executions_Q_WF_1(rehearse):  # noqa: N802  a fact's id
    for status, ignored in ((404, 0), (202, 1)):
        rehearsal = rehearse({"enabled": False}, {"assumptions": {"disabledStatus": status}})
        assert rehearsal.send().status == status
        assert rehearsal.runs() == ()
        assert (rehearsal.totals()["accepted"], rehearsal.totals()["ignored"]) == (ignored, ignored)


def test_a_run_whose_workflow_is_gone_could_not_start_Q_RUN_2(rehearsal):  # noqa: N802
    rehearsal.send()
    rehearsal.engine.tenants.delete_workflow(rehearsal.workflow.id)
    rehearsal.advance(1)
    totals = rehearsal.totals()
    assert (totals["failed"], totals["pending"]) == (1, 0)


def test_a_large_event_is_fetched_when_its_run_is_due(rehearse):
    rehearsal = rehearse({"fields": EMAIL, "tasks": [INVITE]})
    padding = "x" * 20_000
    rehearsal.send(f'{{"email": "d@example.com", "padding": "{padding}"}}'.encode())
    rehearsal.advance(1)
    assert the_run(rehearsal)["status"] == "Succeeded"


def test_an_event_not_yet_committed_is_found_too(rehearse):
    rehearsal = rehearse(
        {"fields": EMAIL, "tasks": [INVITE], "delay": {"kind": "fixed", "seconds": 0}}
    )
    body = f'{{"email": "d@example.com", "padding": "{"x" * 20_000}"}}'.encode()
    rehearsal.engine.stage(rehearsal.call(body))
    rehearsal.engine.step()
    assert the_run(rehearsal)["status"] == "Succeeded"


def test_faults_on_execution_fail_a_run_or_start_it_twice(rehearsal):
    rehearsal.tenant.faults.add({"kind": "run-failed", "when": {"first": 1}})
    rehearsal.send()
    rehearsal.advance(1)
    run = the_run(rehearsal)
    assert run["status"] == "Failed"
    assert run["notifications"][0]["kind"] == "trigger-failed"
    rehearsal.tenant.faults.clear()
    rehearsal.tenant.faults.add({"kind": "run-twice", "when": {"every": 1}})
    rehearsal.send()
    rehearsal.advance(1)
    totals = rehearsal.totals()
    assert (totals["extraRuns"], totals["succeeded"]) == (1, 2)
    assert len({one["id"] for one in rehearsal.runs()}) == 3
    assert len({one["requestId"] for one in rehearsal.runs()}) == 2
