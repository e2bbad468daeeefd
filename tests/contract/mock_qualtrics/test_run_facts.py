"""The facts about what a run does with its tasks: pipes, failures, web services, conditions."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from contracts import validate
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal.calls.run_documents import STARTED_BY_HAND
from mock_qualtrics.settings import Answers, Settings
from support.rehearsal import trigger_call

HINT = "goes out literally; ~{aedj://name} pipes the field"
PATIENCE_SECONDS = 60  # only a test that fails waits so long


def test_q_body_3_other_pipes_stay_and_a_forgotten_tilde_goes_out_with_a_hint(rehearse):
    others = {
        "output": "~{ch://OCAC_PMwU6tiyfioHdNG/$.surveyId}",
        "credential": "~{auth://OCAC_1/token}",
        "survey": "${e://Field/Season} ${q://QID1/ChoiceTextEntryValue} ${rm://Field/ResponseID}",
        "date": "${date://CurrentDate/Y%2Fm%2Fd}",
    }
    forgotten = {"to": "{aedj://name}", "body": {"lines": ["Hello ${aedj://name}"]}}
    tasks = [
        {
            "name": "Invite",
            "type": "email",
            "settings": others | forgotten | {"x": "~{aedj://name}"},
        },
        {"name": "Log", "type": "record"},
    ]
    mock = rehearse(fields=[{"name": "name", "path": "$.person.name.firstName"}], tasks=tasks)
    mock.post()
    mock.advance(1)
    (run,) = mock.runs()
    assert (run["status"], run["error"]) == ("Succeeded", None)
    assert run["tasks"][0]["settings"] == others | forgotten | {"x": "Dave"}
    assert run["hints"] == [
        f"task Invite, setting to: {{aedj://name}} {HINT}",
        f"task Invite, setting body.lines[0]: ${{aedj://name}} {HINT}",
    ]
    assert validate(run, "run") == []


FAILING = {"name": "First", "id": "OCAC_000000000000001", "type": "record", "failFirst": 1}


def relying(name: str, on: str, **more: object) -> dict[str, Any]:
    settings = {"body": {"id": f"~{{ch://{on}/$.surveyId}}"}}
    return {"name": name, "type": "record", "settings": settings, **more}


@pytest.mark.parametrize("on_failure", ["continue", "stop"])
def test_q_wf_4_after_a_failed_task_stop_skips_what_relies_on_it(rehearse, on_failure):
    tasks = [
        FAILING,
        relying("By id", "OCAC_000000000000001"),
        relying("By name", "First"),
        relying("On what was skipped", "By id"),
        {"name": "On its own", "type": "record"},
        relying("On another", "OCAC_000000000000009"),
    ]
    mock = rehearse(tasks=tasks, onTaskFailure=on_failure)
    mock.post()
    mock.advance(1)
    (run,) = mock.runs()
    states = {task["name"]: task["status"] for task in run["tasks"]}
    skipped = {"By id", "By name", "On what was skipped"} if on_failure == "stop" else set()
    assert states.pop("First") == run["status"] == "Failed"
    assert {name for name, status in states.items() if status == "Skipped"} == skipped
    assert set(states.values()) <= {"Skipped", "Succeeded"}
    if on_failure == "continue":
        assert run["hints"] == []
        return
    assert [task["error"] for task in run["tasks"] if task["status"] == "Skipped"] == [
        "skipped: it pipes ~{ch://OCAC_000000000000001/…}, the output of task First, which failed",
        "skipped: it pipes ~{ch://First/…}, the output of task First, which failed",
        "skipped: it pipes ~{ch://By id/…}, the output of task By id, which was skipped",
    ]
    (hint,) = run["hints"]
    assert hint.startswith("task On another: ~{ch://OCAC_000000000000009/…} names no task of this")


def test_q_wf_4_a_task_that_was_skipped_runs_when_the_failed_one_succeeds_later(rehearse):
    tasks = [FAILING, relying("Second", "First")]
    mock = rehearse(tasks=tasks, onTaskFailure="stop", retryTasks=True)
    mock.post()
    mock.advance(1)
    assert [task["status"] for task in mock.runs()[0]["tasks"]] == ["Pending", "Skipped"]
    mock.advance(3_600)
    (run,) = mock.runs()
    assert run["status"] == "Succeeded"
    assert [(task["status"], task["error"]) for task in run["tasks"]] == [("Succeeded", None)] * 2


def test_q_wf_9_a_condition_that_is_not_met_ends_the_run_without_tasks(rehearse):
    condition = {"path": "$.person.name.firstName", "equals": "Eve"}
    mock = rehearse(
        conditions={"all": [condition]}, tasks=[{"name": "Invite", "type": "email", "failFirst": 1}]
    )
    mock.post()
    mock.advance(1)
    (run,) = mock.runs()
    assert (run["status"], run["error"]) == ("Succeeded", None)
    (task,) = run["tasks"]
    assert (task["status"], task["attempts"]) == ("Skipped", 0)
    assert task["error"] == "skipped: the workflow's conditions were not met"


class Called:
    """A mock whose tasks call a web service, and what that service received."""

    def __init__(self, answer: Callable[[BaseHTTPRequestHandler], None]) -> None:
        self.headers: list[dict[str, str]] = []
        called = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                called.headers.append({name.lower(): it for name, it in self.headers.items()})
                answer(self)

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/"

    def run(self, answers: Answers | None = None, **task: Any) -> dict[str, Any]:  # noqa: ANN401
        """Send one event to a workflow with one task; return its run."""
        settings = Settings(clock="virtual", web_service_calls=True, answers=answers or Answers())
        with Engine(settings) as engine:
            task_settings = {"url": self.url, **task.pop("settings", {})}
            calling = {"name": "Call", "type": "web_service", "settings": task_settings, **task}
            fields = [{"name": "name", "path": "$.name"}]
            (workflow,) = engine.tenants.default.workflows
            engine.tenants.update_workflow(workflow.id, {"tasks": [calling], "fields": fields})
            engine.receive(trigger_call(engine, b'{"name": "Dave"}'))
            engine.advance(engine.tenants.default.id, 1)
            (run,) = engine.journal.runs_page(workflow.id).items
            return {**run, "event": run["event"].value()}


@contextmanager
def a_service(status: int = 200, body: bytes = b"{}") -> Iterator[Called]:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    with serving(Called(answer)) as called:
        yield called


@contextmanager
def serving(called: Called) -> Iterator[Called]:
    thread = threading.Thread(target=called.server.serve_forever, args=(0.01,))
    thread.start()
    yield called
    called.server.shutdown()
    thread.join()
    called.server.server_close()


def test_q_wf_8_a_web_service_has_so_many_seconds():
    assert Answers().web_service_seconds == 16
    done = threading.Event()
    with serving(Called(lambda _: done.wait(PATIENCE_SECONDS) and None)) as called:
        run = called.run(Answers(web_service_seconds=1))
        done.set()
    assert run["status"] == "Failed"
    assert "timed out after 1 s (Q-WF-8)" in run["error"]


@pytest.mark.parametrize(("larger_by", "status"), [(0, "Succeeded"), (1, "Failed")])
def test_q_wf_8_a_web_services_answer_is_so_large_at_most(larger_by, status):
    with a_service(body=b"x" * (1_048_576 + larger_by)) as called:
        run = called.run()
    assert run["status"] == status
    assert ("answered more than 1,048,576 bytes" in (run["error"] or "")) is bool(larger_by)


@pytest.mark.parametrize("status", [302, 404, 500])
def test_q_wf_8_an_answer_that_is_no_success_fails_the_run_which_shows_the_input(status):
    with a_service(status) as called:
        run = called.run(settings={"note": "for ~{aedj://name}"})
    assert (run["status"], run["error"]) == (
        "Failed",
        f"task Call failed: the web service answered {status}",
    )
    assert run["event"] == {"name": "Dave"}
    assert run["tasks"][0]["settings"] == {"url": called.url, "note": "for Dave"}


def test_q_wf_8_a_chosen_credential_is_sent_only_by_a_header_that_pipes_it():
    piped = {
        "headers": {"Authorization": "Bearer ~{auth://OCAC_1/token}", "X-Name": "~{aedj://name}"}
    }
    with a_service() as called:
        without = called.run(settings={"credential": "My account"})
        sent = called.run(settings={"credential": "My account", **piped})
    assert "authorization" not in called.headers[0]
    assert not any(
        "My account" in value for headers in called.headers for value in headers.values()
    )
    (hint,) = without["hints"]
    assert hint == (
        "task Call, setting credential: it is not sent, as no header pipes it: ~{auth://…}"
    )
    # The mock has no credentials: the pipe goes out as it is.
    assert called.headers[1]["authorization"] == "Bearer ~{auth://OCAC_1/token}"
    assert called.headers[1]["x-name"] == "Dave"
    assert sent["hints"] == []


@pytest.mark.parametrize("clock", ["virtual", "real"])
def test_a_pending_run_says_when_it_is_due_and_whether_its_clock_must_be_advanced(rehearse, clock):
    task = {"name": "First", "type": "record", "failFirst": 1}
    tenant = {"clock": clock} | ({"startAt": "2026-01-01T00:00:00Z"} if clock == "virtual" else {})
    mock = rehearse(
        tenant=tenant, delay={"kind": "fixed", "seconds": 90}, tasks=[task], retryTasks=True
    )
    mock.post()
    (run,) = mock.runs()
    assert run["dueOn"] > run["receivedOn"]
    if clock == "real":
        assert run["hints"] == []
        return
    assert run["dueOn"] == "2026-01-01T00:01:30.000000Z"
    assert run["hints"] == [
        "the clock is virtual: the run stays pending until the clock is advanced"
    ]
    mock.advance(90)
    assert mock.runs()[0]["dueOn"] == "2026-01-01T00:02:30.000000Z"  # the next try
    mock.advance(60)
    (run,) = mock.runs()
    assert (run["status"], run["dueOn"], run["hints"]) == ("Succeeded", None, [])


def balance(totals: dict[str, Any]) -> None:
    started = sum(totals[name] for name in ("ignored", "succeeded", "failed", "blocked", "pending"))
    assert totals["accepted"] + totals["extraRuns"] == started
    assert totals["received"] == totals["refused"] + totals["accepted"]


@pytest.mark.parametrize("state", [{}, {"draft": True}, {"enabled": False}])
def test_q_wf_7_run_now_needs_no_credential_and_takes_conditions_as_met(rehearse, state):
    conditions = {"all": [{"path": "$.vip", "equals": True}]}
    tasks = [{"name": "Invite", "type": "email", "failFirst": 1}]
    mock = rehearse(
        conditions=conditions,
        tasks=tasks,
        retryTasks=True,
        tenant={"limits": {"callsPerMinute": 1}},
        **state,
    )
    workflow_id = mock.workflow["id"]
    started = mock.client.run_now(workflow_id, {"vip": False, "n": 1})
    assert (started["status"], started["runNow"], started["event"]["n"]) == ("Pending", True, 1)
    assert validate(started, "run") == []
    assert mock.totals()["pending"] == 1
    balance(mock.totals())
    mock.advance(3_600)  # a retry takes the conditions as met, too
    run = mock.client.run(started["id"])
    assert (run["status"], run["tasks"][0]["attempts"]) == ("Succeeded", 2)
    assert run["hints"] == [
        STARTED_BY_HAND,
        "its conditions are not met: a real call with this event would run no task",
    ]
    totals = mock.totals()
    assert (totals["received"], totals["extraRuns"], totals["succeeded"]) == (0, 1, 1)
    assert totals["otherCallsBy"] == {"run-now": 1}
    balance(totals)
    (call,) = mock.requests()
    assert (call["runId"], call["path"]) == (
        run["id"],
        f"/__control/v1/workflows/{workflow_id}/run",
    )
    if not state:  # the minute is untouched
        assert mock.post().status_code == 202
        balance(mock.totals())
        assert [one["runNow"] for one in mock.runs()] == [False, True]


def test_run_now_without_an_event_has_an_empty_one_and_the_day_counts_it(rehearse):
    mock = rehearse(tenant={"limits": {"runsPerDay": 1}})
    assert mock.client.run_now(mock.workflow["id"])["event"] == {}
    blocked = mock.control("POST", f"/workflows/{mock.workflow['id']}/run", 201)
    assert (blocked["status"], blocked["event"]) == ("Failed", {})
    totals = mock.totals()
    assert (totals["extraRuns"], totals["pending"], totals["blocked"]) == (2, 1, 1)
    balance(totals)


@pytest.mark.parametrize(("takes", "blocked"), [(True, 1), (False, 0)])
def test_q_wf_7_run_now_takes_from_the_day_unless_that_is_set_otherwise(rehearse, takes, blocked):
    tenant = {"limits": {"runsPerDay": 1}, "assumptions": {"runNowTakesFromTheDay": takes}}
    mock = rehearse(tenant=tenant)
    for _ in range(2):
        mock.client.run_now(mock.workflow["id"])
    mock.advance(60)
    totals = mock.totals()
    assert (totals["blocked"], totals["succeeded"]) == (blocked, 2 - blocked)
    assert mock.post().status_code == 202
    assert mock.totals()["blocked"] == 2 * blocked  # of the day nothing else was taken
    balance(mock.totals())


@pytest.mark.parametrize(("live", "tasks"), [(True, []), (False, ["Later"])])
def test_q_wf_7_run_now_has_the_live_settings_unless_that_is_set_otherwise(rehearse, live, tasks):
    mock = rehearse(tenant={"assumptions": {"runNowTakesLiveSettings": live}})
    edit = {"tasks": [{"name": "Later", "type": "record"}], "publish": False}
    mock.client.update_workflow(mock.workflow["id"], edit)
    run = mock.client.run_now(mock.workflow["id"])
    mock.post()
    mock.advance(60)
    assert [task["name"] for task in mock.client.run(run["id"])["tasks"]] == tasks
    called = next(one for one in mock.runs() if not one["runNow"])
    assert called["tasks"] == []  # a call has the live settings always


@pytest.mark.parametrize(
    ("request_", "status", "says"),
    [
        ({"data": b"{"}, 400, "expected an object"),
        ({"json": [1]}, 400, "expected an object"),
        ({"data": b"a=1", "headers": {"Content-Type": "text/plain"}}, 415, "application/json"),
        ({"data": b" " * 1_000_001}, 413, "1000000 bytes"),
    ],
)
def test_run_now_with_no_event_starts_nothing_and_says_why(mock, request_, status, says):
    answer = mock.control("POST", f"/workflows/{mock.workflow['id']}/run", status, **request_)
    (said,) = answer.get("violations", [answer["error"]])
    assert says in said
    assert mock.requests() == []
    assert mock.control("POST", "/workflows/WF_unknown/run", 404, json={})["error"]
