"""Delays under load, and calls to the outside, over hours, restarts and kills; virtual time."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.workflow import Workflow

QUEUE = {"kind": "queue", "workers": 2, "serviceSeconds": 10}
NEVER = {"name": "Never", "type": "record", "failProbability": 1.0}


def waits(rehearsal) -> list[float]:
    """Return how many seconds each run waited, in the order of the calls."""
    return [
        (
            datetime.fromisoformat(run["startedOn"]) - datetime.fromisoformat(run["receivedOn"])
        ).total_seconds()
        for run in reversed(rehearsal.runs(limit=500))
    ]


def test_a_queue_makes_runs_wait_longer_the_more_calls_come(rehearse):
    rehearsal = rehearse({"delay": QUEUE})
    for _ in range(5):
        rehearsal.send()
    rehearsal.advance(3_600)
    rehearsal.send()
    rehearsal.advance(3_600)
    assert waits(rehearsal) == [10, 10, 20, 20, 30, 10]


def test_a_queue_knows_its_busy_workers_again_after_a_restart(rehearse, tmp_path):
    store = f"sqlite:///{tmp_path}/journal.db"
    before = rehearse({"delay": QUEUE}, store=store)
    for _ in range(3):
        before.send()
    before.engine.close()
    with Engine(Settings(store=store)) as engine:
        engine.receive(before.call())
        engine.advance(before.tenant.id, 60)
        before.engine = engine
        assert waits(before) == [10, 10, 20, 20]


def test_a_run_that_waits_to_be_tried_again_keeps_no_worker_busy(rehearse):
    rehearsal = rehearse({"delay": QUEUE, "retryTasks": True, "tasks": [NEVER]})
    for _ in range(2):
        rehearsal.send()
    rehearsal.advance(8 * 3_600)
    rehearsal.engine.tenants.update_workflow(rehearsal.workflow.id, {"name": "Renamed"})
    rehearsal.send()
    rehearsal.advance(10)
    assert waits(rehearsal) == [10, 10, 10]


def test_a_reset_tenants_queue_is_empty_again(rehearse):
    rehearsal = rehearse({"delay": QUEUE})
    for _ in range(9):
        rehearsal.send()
    rehearsal.engine.tenants.reset(rehearsal.tenant.id)
    rehearsal.send()
    rehearsal.advance(60)
    assert waits(rehearsal) == [10]


def test_runs_wait_as_long_as_their_delays_distribution_says(rehearse):
    delay = {"kind": "lognormal", "medianSeconds": 30, "p95Seconds": 300}
    rehearsal = rehearse({"delay": delay})
    for _ in range(400):
        rehearsal.send()
    rehearsal.advance(86_400)
    drawn = sorted(waits(rehearsal))
    assert len(set(drawn)) == 400
    assert 24 < drawn[200] < 37
    assert 200 < drawn[380] < 450


def test_only_measured_delays_occur_and_all_of_them_do(rehearse):
    rehearsal = rehearse({"delay": {"kind": "measured", "seconds": [1, 60, 3_600]}})
    for _ in range(100):
        rehearsal.send()
    rehearsal.advance(3_600)
    assert set(waits(rehearsal)) == {1, 60, 3_600}


def test_a_run_that_is_started_twice_waits_by_chance_of_its_own(rehearse):
    rehearsal = rehearse({"delay": {"kind": "uniform", "lowSeconds": 0, "highSeconds": 60}})
    rehearsal.tenant.faults.add({"kind": "run-twice", "when": {"every": 1}})
    rehearsal.send()
    rehearsal.advance(60)
    first, second = waits(rehearsal)
    assert first != second


def test_a_day_of_failed_tries_is_notified_once_to_run_and_subscribers_Q_WF_5(rehearse):  # noqa: N802
    rehearsal = rehearse({"retryTasks": True, "tasks": [NEVER]})
    heard = []
    rehearsal.engine.journal.subscribe(heard.append)
    rehearsal.send()
    rehearsal.advance(86_401)
    (run,) = rehearsal.runs()
    told = [
        notification for journal_changes in heard for notification in journal_changes.notifications
    ]
    assert told == run["notifications"]
    assert [(one["kind"], one["task"]) for one in told] == [("task-failed", "Never")]
    assert (
        sum(journal_changes.kind == "run" for journal_changes in heard)
        == run["tasks"][0]["attempts"]
    )


@contextmanager
def a_web_service(answer: Callable[[str, bytes], int]) -> Iterator[str]:
    """Serve on a free port of loopback; each call's status is what `answer` returns."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(answer(self.headers["X-Attempt-Id"], body))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_kill_during_a_call_repeats_it_with_the_same_attempt_id(rehearse, tmp_path):
    kept, left = tmp_path / "kept", tmp_path / "left"
    kept.mkdir()
    attempts: list[str] = []

    def answer(attempt: str, body: bytes) -> int:
        attempts.append(attempt)
        if len(attempts) == 1:
            shutil.copytree(kept, left)  # what a kill at this moment would leave behind
        return 200

    with a_web_service(answer) as url:
        task = {"name": "Call", "type": "web_service", "settings": {"url": url}}
        rehearsal = rehearse(
            {"tasks": [task]}, store=f"sqlite:///{kept}/journal.db", web_service_calls=True
        )
        rehearsal.send(b'{"n": 1}')
        rehearsal.advance(1)
        with Engine(
            Settings(store=f"sqlite:///{left}/journal.db", web_service_calls=True)
        ) as engine:
            engine.advance(rehearsal.tenant.id, 1)
            (run,) = engine.journal.runs_page(rehearsal.workflow.id).items
    assert run["status"] == "Succeeded"
    assert attempts == [f"{run['id']}/1/1"] * 2


def test_no_two_attempts_share_an_id_over_runs_tasks_and_tries(rehearse):
    seen: list[str] = []

    def answer(attempt: str, body: bytes) -> int:
        seen.append(attempt)
        return 500 if len(seen) % 3 else 200

    with a_web_service(answer) as url:
        tasks = [
            {"name": name, "type": "web_service", "settings": {"url": url}} for name in ("A", "B")
        ]
        rehearsal = rehearse({"retryTasks": True, "tasks": tasks}, web_service_calls=True)
        for _ in range(4):
            rehearsal.send()
        rehearsal.advance(86_400)
    assert len(seen) == len(set(seen))
    made = sum(task["attempts"] for run in rehearsal.runs() for task in run["tasks"])
    assert len(seen) == made > 8
    assert rehearsal.totals()["succeeded"] == 4


@pytest.mark.parametrize("on_failure", ["continue", "stop"])
def test_a_call_that_fails_is_a_task_that_fails_Q_WF_4(rehearse, on_failure):  # noqa: N802
    with a_web_service(lambda _, __: 503) as url:
        tasks = [
            {"name": "Call", "type": "web_service", "settings": {"url": url}},
            {"name": "Then", "type": "record", "settings": {"id": "~{ch://Call/$.id}"}},
        ]
        rehearsal = rehearse({"onTaskFailure": on_failure, "tasks": tasks}, web_service_calls=True)
        rehearsal.send()
        rehearsal.advance(1)
    (run,) = rehearsal.runs()
    assert run["error"] == "task Call failed: the web service answered 503"
    second = "Succeeded" if on_failure == "continue" else "Skipped"
    assert [task["status"] for task in run["tasks"]] == ["Failed", second]


def test_two_tenants_of_one_seed_share_no_id_and_all_luck(rehearse):
    settings = {"delay": {"kind": "uniform", "lowSeconds": 1, "highSeconds": 99}}
    first = rehearse(settings, {"seed": 5})
    tenants = first.engine.tenants
    other = type(first)(first.engine, tenants.create({"clock": "virtual", "seed": 5}), None)
    other.workflow = tenants.add_workflow(other.tenant, {"name": "Survey", **settings})
    for rehearsal in (first, other):
        for number in range(20):
            rehearsal.send(b'{"n": %d}' % number)
        rehearsal.advance(100)
    assert waits(first) == waits(other)
    for kept in ("id", "requestId"):
        ids = [run[kept] for rehearsal in (first, other) for run in rehearsal.runs()]
        assert len(set(ids)) == 40
    mine, theirs = (shown_ids(one.workflow) for one in (first, other))
    assert not mine & theirs


def shown_ids(workflow: Workflow) -> set[str]:
    return {workflow.id, *workflow.urls("").values()}
