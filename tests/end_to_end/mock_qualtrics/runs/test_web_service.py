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
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def served(serve, tmp_path):
    """Start the command with a workflow for each URL, whose only task calls it."""

    def start(*urls: str, flags: tuple[str, ...] = ()) -> Any:  # noqa: ANN401  the running command
        file = tmp_path / "workflows.toml"
        file.write_text(
            "".join(
                f'[[workflows]]\nname = "Calls {url}"\ndelay = {{ kind = "fixed", seconds = 0 }}\n'
                '[[workflows.tasks]]\nname = "Call"\ntype = "web_service"\n'
                f'settings = {{ url = "{url}" }}\n'
                for url in urls
            )
        )
        return serve("--workflows", str(file), *flags)

    return start


@pytest.fixture
def outcome():
    """Send one event to a workflow; return its run once it is over."""

    def of(served, number: int = 0) -> dict[str, Any]:
        assert served.post_event('{"a": 1}', number).status_code == 202
        workflow = served.tenant["workflows"][number]["id"]
        return until(
            lambda: next(
                (run for run in served.control.runs(workflow).items if run["finishedOn"]), None
            )
        )

    return of


def test_a_server_that_was_told_so_calls_loopback_and_the_hosts_that_were_allowed(
    served, called, outcome
):
    urls = (called.url, "http://192.0.2.1:9/hook", "http://0.0.0.0:9/hook")
    started = served(*urls, flags=("--web-service-calls", "--web-service-host", "0.0.0.0"))
    loopback, refused, allowed = (outcome(started, number) for number in range(3))
    assert (loopback["status"], loopback["error"]) == ("Succeeded", None)
    assert called.events == [{"a": 1}]
    assert "192.0.2.1 is not loopback, and was not allowed" in refused["error"]
    assert "the web service could not be called" in allowed["error"]


def test_without_the_flag_nobody_is_called(served, called, outcome):
    assert outcome(served(called.url))["status"] == "Succeeded"
    assert called.events == []


def test_a_task_never_calls_its_own_server(served, called, outcome):
    started = served(called.url, flags=("--web-service-calls",))
    task = {"name": "Call", "type": "web_service", "settings": {"url": started.url + "/x"}}
    changed = started.control.update_workflow(started.workflow_id, {"tasks": [task]})
    assert changed["tasks"][0]["settings"] == task["settings"]
    assert "may not call the very server" in outcome(started)["error"]
