"""``serve --log-calls``: one line a call, by whichever way it came, without a secret."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from mock_qualtrics import Settings, serve_in_thread
from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.server import RunningServer
from support.rehearsal import trigger_call

PATIENCE_SECONDS = 60
TRIGGER = "/inbound-event/v1/events/json/triggers"


def ask(server: RunningServer, path: str = TRIGGER, **more: object) -> int:
    url = server.engine.tenants.default.workflows[0].urls(server.url)["triggerUrl"]
    url = url if path == TRIGGER else server.url + path
    method = more.pop("method", "POST")
    return requests.request(str(method), url, timeout=PATIENCE_SECONDS, **more).status_code  # type: ignore[arg-type]


def test_every_call_is_one_line_without_a_secret(capfd):
    with serve_in_thread(Settings(log_calls=True)) as server:
        tenant = server.engine.tenants.default
        token = tenant.api_token.reveal()
        own = {"X-API-TOKEN": token, "X-Trace-Id": "trace-1"}
        assert ask(server, headers=own, json={}) == 202  # the fast path
        assert ask(server, headers=own, data=iter([b"{}"])) == 202  # the slow path
        assert ask(server, headers={"X-API-TOKEN": "PLACEHOLDER"}, json={}) == 401
        assert ask(server, f"/unknown/{token}", json={}) == 404  # by Flask
        assert ask(server, "/API/v3/whoami", method="GET", headers=own) == 200
        tenant.faults.add({"kind": "reset-after-journal", "when": {"every": 1}})
        with pytest.raises(requests.ConnectionError):
            ask(server, headers=own, json={})
        runs = server.engine.journal.runs_page(tenant.workflows[0].id).items
    lines = capfd.readouterr().err.splitlines()
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\S+Z \S.* [\d.]+ms", line) for line in lines)
    said = [" ".join(line.split(" ")[1:-1]) for line in lines]
    ids = [run["id"] for run in reversed(runs)]
    assert said == [
        f"POST {TRIGGER} 202 run={ids[0]} trace=trace-1",
        f"POST {TRIGGER} 202 run={ids[1]} trace=trace-1",
        f"POST {TRIGGER} 401 reason=wrong-credential",
        "POST /unknown/*** 404 reason=unknown-path",
        "GET /API/v3/whoami 200 trace=trace-1",
        f"POST {TRIGGER} unanswered run={ids[2]} trace=trace-1",
    ]
    assert token not in "".join(lines)


def test_a_call_that_is_not_stored_is_told_as_it_is_answered(capfd, monkeypatch):
    with Engine(Settings(log_calls=True)) as engine:

        def fail() -> None:
            raise StoreFailedError("disk full")

        with monkeypatch.context() as patched:
            patched.setattr(engine.journal, "commit", fail)
            with pytest.raises(StoreFailedError):
                engine.receive(trigger_call(engine))
        assert " 503 reason=store-failed " in capfd.readouterr().err


def test_a_call_is_told_by_its_own_commit_and_not_by_another_threads(capfd, monkeypatch):
    with Engine(Settings(log_calls=True)) as engine:
        engine.stage(trigger_call(engine))

        def fail() -> None:
            raise StoreFailedError("disk full")

        with monkeypatch.context() as patched, ThreadPoolExecutor(1) as other:
            patched.setattr(engine.journal, "commit", fail)
            assert other.submit(engine.receive, trigger_call(engine)).exception() is not None
        assert capfd.readouterr().err.count(" 503 reason=store-failed ") == 1
        engine.commit()
        (line,) = capfd.readouterr().err.splitlines()
        assert " 202 run=" in line


def test_a_call_that_is_set_aside_is_told_as_it_is_answered(capfd, monkeypatch):
    with Engine(Settings(log_calls=True)) as engine:
        number = engine.stage(trigger_call(engine)).call_number
        monkeypatch.setattr(engine.journal, "answered", lambda **_: {number})
        engine.commit()
        monkeypatch.undo()
    assert " 503 reason=store-failed " in capfd.readouterr().err


def test_nothing_is_written_unless_it_is_asked_for(capfd):
    with Engine(Settings()) as engine:
        engine.receive(trigger_call(engine))
    assert capfd.readouterr().err == ""
