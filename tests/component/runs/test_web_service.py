"""Running on the real clock: the scheduler, and tasks that really call a web service."""

import threading
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Self

import pytest

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Call
from mock_qualtrics.runs import http_post, runner
from mock_qualtrics.runs.step_loops import ThreadSteps
from mock_qualtrics.runs.web_service import WebService
from mock_qualtrics.runs.worker_pool import MOST_THREADS, WorkerPool
from mock_qualtrics.settings import Settings

PATIENCE_SECONDS = 60  # only a test that fails waits so long


@pytest.fixture(autouse=True)
def patience(monkeypatch):
    """Give up on no call because the machine is slow."""
    monkeypatch.setattr(http_post, "TIMEOUT_SECONDS", PATIENCE_SECONDS)


class Listener:
    """A web service on a free port of loopback; it answers as told and remembers."""

    def __init__(self, *statuses: int) -> None:
        self.received = []
        self.arrived, self.answering = threading.Event(), threading.Event()
        self.answering.set()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((self.headers["X-Attempt-Id"], body))
                listener.arrived.set()
                listener.answering.wait(PATIENCE_SECONDS)
                status = statuses[min(len(listener.received), len(statuses)) - 1]
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.answering.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def calling(url):
    return {"name": "Call", "type": "web_service", "settings": {"url": url}}


def real_call(engine, body=b"{}"):
    (workflow,) = engine.tenants.default.workflows
    token = engine.tenants.default.api_token.reveal()
    return Call(
        "POST",
        "/inbound-event/v1/events/json/triggers",
        workflow.urls("")["triggerUrl"].partition("?")[2],
        (("x-api-token", token), ("content-type", "application/json")),
        body,
    )


def test_a_scheduler_runs_what_is_due_and_wait_hears_of_it():
    engine = Engine(Settings())
    scheduler = ThreadSteps(engine)
    engine.receive(real_call(engine))
    totals = engine.wait(engine.tenants.default.id, {"succeeded": 1}, PATIENCE_SECONDS)
    assert totals["succeeded"] == 1
    assert engine.wait(engine.tenants.default.id, {"succeeded": 2}, 0.01) is None
    scheduler.stop()
    scheduler.stop()
    engine.close()
    engine.close()


def test_a_scheduler_ends_with_its_engine():
    engine = Engine(Settings())
    store = engine._store
    scheduler = ThreadSteps(engine)
    del engine
    scheduler._thread.join(PATIENCE_SECONDS)
    assert not scheduler._thread.is_alive()
    store.close()


def test_step_says_how_long_nothing_is_due():
    clock = VirtualClock(0)
    with Engine(Settings(), clock) as engine:
        assert engine.step() is None
        engine.receive(real_call(engine))
        assert engine.step() == 0.2
        clock.advance_to(150_000)
        assert engine.step() == 0.05
        clock.advance_to(200_000)
        assert engine.step() is None
        assert engine.journal.totals(1)["succeeded"] == 1


def run_what_is_due(engine):
    """Step until nothing is due: one step ends when its time is over."""
    while engine.step() == 0.0:
        pass


def backlog(engine, size):
    (workflow,) = engine.tenants.default.workflows
    engine.tenants.update_workflow(workflow.id, {"delay": {"kind": "fixed", "seconds": 0}})
    for _ in range(size):
        engine.stage(real_call(engine))
    engine.commit()


@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_step_ends_when_its_time_is_over_and_has_always_done_something(monkeypatch, clock):
    monkeypatch.setattr(runner, "LONGEST_STEP_SECONDS", 0.0)  # each run takes longer
    with Engine(Settings(clock=clock)) as engine:
        backlog(engine, 3)
        done = []
        while engine.step() == 0.0:
            done.append(engine.journal.totals(1)["succeeded"])
        assert done[:3] == [1, 2, 3]


def test_a_backlog_is_worked_off_step_by_step(monkeypatch):
    monkeypatch.setattr(runner, "LONGEST_STEP_SECONDS", 60.0)
    with Engine(Settings()) as engine:
        backlog(engine, 300)
        assert engine.step() == 0.0
        assert engine.journal.totals(1)["succeeded"] == 128
        run_what_is_due(engine)
        assert engine.journal.totals(1)["pending"] == 0


def test_a_web_service_is_called_with_the_event_and_an_attempt_id(rehearse):
    with Listener(500, 200) as listener:
        rehearsal = rehearse(
            {"retryTasks": True, "tasks": [calling(listener.url)]}, web_service_calls=True
        )
        rehearsal.send(b'{"n": 1}')
        rehearsal.advance(3600)
    (run,) = rehearsal.runs()
    assert run["status"] == "Succeeded"
    assert listener.received == [
        (f"{run['id']}/1/1", b'{"n": 1}'),
        (f"{run['id']}/1/2", b'{"n": 1}'),
    ]


def test_on_the_real_clock_the_call_is_made_beside_everything_else():
    with Listener(200) as listener, Engine(Settings(web_service_calls=True)) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.update_workflow(workflow.id, {"tasks": [calling(listener.url)]})
        scheduler = ThreadSteps(engine)
        engine.receive(real_call(engine))
        assert engine.wait(engine.tenants.default.id, {"succeeded": 1}, PATIENCE_SECONDS)
        scheduler.stop()
    assert len(listener.received) == 1


def test_a_call_that_is_due_at_once_is_made_when_the_clock_is_told(rehearse):
    with Listener(200) as listener:
        settings = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
        rehearsal = rehearse(settings, web_service_calls=True)
        rehearsal.send()
        rehearsal.engine.step()
        assert listener.received == []
        rehearsal.advance(0)
        assert len(listener.received) == 1
    assert rehearsal.totals()["succeeded"] == 1


def test_while_a_clock_is_moved_nobody_else_runs_what_is_due_on_it(rehearse):
    with Listener(200) as listener:
        rehearsal = rehearse({"tasks": [calling(listener.url)]}, web_service_calls=True)
        listener.answering.clear()
        rehearsal.send(b'{"n": 1}')
        at_once = {"tasks": [], "delay": {"kind": "fixed", "seconds": 0.2}}
        other = rehearsal.engine.tenants.add_workflow(rehearsal.tenant, {"name": "B", **at_once})
        rehearsal.send(query=other.urls("")["triggerUrl"].partition("?")[2])
        moving = threading.Thread(target=rehearsal.advance, args=(1,))
        moving.start()
        assert listener.arrived.wait(PATIENCE_SECONDS)
        rehearsal.engine.step()
        assert rehearsal.totals()["pending"] == 2
        listener.answering.set()
        moving.join()
    assert rehearsal.totals()["succeeded"] == 2


def test_no_call_is_made_unless_told_so(rehearse):
    with Listener(200) as listener:
        rehearsal = rehearse({"tasks": [calling(listener.url)]})
        rehearsal.send()
        rehearsal.advance(1)
    assert rehearsal.totals()["succeeded"] == 1
    assert listener.received == []


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "the task's url is wrong"),
        ("ftp://127.0.0.1/", "expected http://HOST"),
        ("http://127.0.0.1:x/", "the task's url is wrong"),
        ("http://192.0.2.1/", "192.0.2.1 is not loopback"),
        ("http://no-such-host.invalid/", "is not loopback"),
        ("http://127.0.0.1:1/", "could not be called"),
    ],
)
def test_a_call_that_may_not_or_cannot_be_made_says_why(url, reason):
    service = WebService(enabled=True)
    assert reason in service.call("attempt", {"url": url}, b"{}")


def test_a_redirect_is_not_followed_and_this_server_is_never_called():
    with Listener(302, 404) as listener:
        service = WebService(enabled=True)
        assert service.call("a", {"url": listener.url}, b"{}") == "the web service answered 302"
        assert service.call("a", {"url": listener.url}, b"{}") == "the web service answered 404"
        service.own_ports.add(listener.port)
        assert "very server" in service.call("a", {"url": listener.url}, b"{}")
    assert len(listener.received) == 2


def test_a_run_that_ends_after_its_tenant_was_reset_changes_nothing():
    with Listener(200) as listener, Engine(Settings(web_service_calls=True)) as engine:
        tenant = engine.tenants.default
        calls = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
        engine.tenants.update_workflow(tenant.workflows[0].id, calls)
        listener.answering.clear()
        engine.receive(real_call(engine))
        engine.step()
        assert listener.arrived.wait(PATIENCE_SECONDS)
        engine.tenants.reset(tenant.id)
        engine.receive(real_call(engine))
        listener.answering.set()
        engine._runner._workers.close(PATIENCE_SECONDS)
        engine.commit()
        totals = engine.journal.totals(tenant.number)
        assert (totals["received"], totals["pending"], totals["succeeded"]) == (1, 1, 0)
        (run,) = engine.journal.runs_page(tenant.workflows[0].id).items
        assert run["status"] == "Pending"


def test_a_stop_gives_up_on_calls_and_a_restart_makes_them_again(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path}/mock.db", web_service_calls=True)
    with Listener(200) as listener:
        listener.answering.clear()
        with Engine(settings) as engine:
            calls = {"tasks": [calling(listener.url)], "delay": {"kind": "fixed", "seconds": 0}}
            engine.tenants.update_workflow(engine.tenants.default.workflows[0].id, calls)
            for _ in range(MOST_THREADS + 3):
                engine.receive(real_call(engine))
            run_what_is_due(engine)
            assert listener.arrived.wait(PATIENCE_SECONDS)
            threads = engine._runner._workers._threads
        assert len(threads) == MOST_THREADS
        assert all(thread.daemon for thread in threads)
        listener.answering.set()
        for thread in threads:
            thread.join(PATIENCE_SECONDS)
        assert not any(thread.is_alive() for thread in threads)
        first = len(listener.received)
        assert first <= MOST_THREADS
        with Engine(settings) as engine:
            assert engine.journal.totals(1)["pending"] == MOST_THREADS + 3
            run_what_is_due(engine)
            wanted = {"succeeded": MOST_THREADS + 3}
            assert engine.wait(engine.tenants.default.id, wanted, PATIENCE_SECONDS)
    attempts = [attempt for attempt, _ in listener.received]
    assert len(set(attempts)) == MOST_THREADS + 3
    assert len(attempts) == first + MOST_THREADS + 3


def test_a_job_that_raises_is_logged_and_the_others_are_done(caplog):
    callers, done = WorkerPool(), threading.Event()
    for _ in range(MOST_THREADS):
        callers.submit(partial(int, "no number"))
    callers.submit(done.set)
    assert done.wait(PATIENCE_SECONDS)
    callers.close(PATIENCE_SECONDS)
    assert caplog.text.count("ValueError") == MOST_THREADS


def test_waiting_ends_when_the_tenant_is_deleted():
    with Engine(Settings()) as engine:
        tenant = engine.tenants.create({})
        heard = []
        waiter = threading.Thread(
            target=lambda: heard.append(engine.wait(tenant.id, {"received": 1}, 60))
        )
        waiter.start()
        while not engine.journal._changed._waiters:
            assert waiter.is_alive()
        engine.tenants.delete(tenant.id)
        waiter.join(PATIENCE_SECONDS)
        assert not waiter.is_alive()
        assert heard == [None]
