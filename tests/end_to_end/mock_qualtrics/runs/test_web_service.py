"""Tasks that really call somebody, from a server that was told that they may."""

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from support import until


class _Called(http.server.ThreadingHTTPServer):
    """Somebody who can be called, on a free port; remembers what came."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []
        super().__init__(("127.0.0.1", 0), _Take)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/hook"


class _Take(http.server.BaseHTTPRequestHandler):
    """Takes every event."""

    server: _Called

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.events.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def called() -> Iterator[_Called]:
    with _Called() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def served(serve, tmp_path):
    """Start the command with one workflow whose only task calls a URL."""

    def start(url: str, *flags: str) -> Any:  # noqa: ANN401  the running command
        file = tmp_path / "workflows.toml"
        file.write_text(
            '[[workflows]]\nname = "Calls"\ndelay = { kind = "fixed", seconds = 0 }\n'
            '[[workflows.tasks]]\nname = "Call"\ntype = "web_service"\n'
            f'settings = {{ url = "{url}" }}\n'
        )
        return serve("--workflows", str(file), *flags)

    return start


@pytest.fixture
def outcome():
    """Send one event; return its run once it is over."""

    def of(served) -> dict[str, Any]:
        assert served.post_event('{"a": 1}').status_code == 200
        runs = served.control.runs
        return until(
            lambda: next((run for run in runs(served.workflow_id).items if run["finishedOn"]), None)
        )

    return of


def test_a_task_calls_its_url_when_the_server_was_told_so(served, called, outcome):
    run = outcome(served(called.url, "--web-service-calls"))
    assert (run["status"], run["error"]) == ("Succeeded", None)
    assert called.events == [{"a": 1}]


def test_without_the_flag_nobody_is_called(served, called, outcome):
    assert outcome(served(called.url))["status"] == "Succeeded"
    assert called.events == []


def test_a_host_off_loopback_must_be_allowed_by_name(served, outcome):
    run = outcome(served("http://192.0.2.1:9/hook", "--web-service-calls"))
    assert "192.0.2.1 is not loopback, and was not allowed" in run["error"]


def test_a_host_that_was_allowed_is_called(served, outcome):
    flags = ("--web-service-calls", "--web-service-host", "0.0.0.0")
    run = outcome(served("http://0.0.0.0:9/hook", *flags))
    assert "the web service could not be called" in run["error"]


def test_a_task_never_calls_its_own_server(served, called, outcome):
    started = served(called.url, "--web-service-calls")
    task = {"name": "Call", "type": "web_service", "settings": {"url": started.url + "/x"}}
    changed = started.control.update_workflow(started.workflow_id, {"tasks": [task]})
    assert changed["tasks"][0]["settings"] == task["settings"]
    assert "may not call the very server" in outcome(started)["error"]
