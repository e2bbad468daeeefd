"""A real ``serve`` process: what it keeps when it is killed, and what it breaks when it may."""

import contextlib
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from mock_qualtrics.server import serve_in_thread
from mock_qualtrics.server.asgi_app import AsgiApp
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Served:
    """A running process and what its ready file says."""

    process: subprocess.Popen[str]
    ready: dict[str, Any]

    @property
    def trigger_url(self) -> str:
        return str(self.ready["tenant"]["workflows"][0]["triggerUrl"])

    @property
    def control(self) -> str:
        return str(self.ready["controlUrl"])

    @property
    def tenant(self) -> str:
        return f"{self.control}/tenants/{self.ready['tenant']['id']}"

    @property
    def headers(self) -> dict[str, str]:
        return {"X-API-TOKEN": self.ready["tenant"]["apiToken"]}

    def totals(self) -> dict[str, Any]:
        return dict(requests.get(f"{self.tenant}/totals", timeout=TIMEOUT_SECONDS).json())


@contextlib.contextmanager
def serve(*flags: str, log: int = subprocess.DEVNULL) -> Iterator[Served]:
    """Start a server; it says by ``--json`` on its standard output that it is ready."""
    command = [sys.executable, "-c", "from mock_qualtrics.cli import main; main()", "serve"]
    process = subprocess.Popen(
        [*command, "--port", "0", "--json", *flags],
        stdout=subprocess.PIPE,
        stderr=log,
        text=True,
    )
    try:
        assert process.stdout is not None
        yield Served(process, json.loads(process.stdout.readline()))
    finally:
        process.kill()
        process.communicate()


def load_until_killed(server: Served, calls_before_kill: int) -> list[str]:
    """Send from four threads, kill the process in the middle; return the answered bodies' ids."""
    answered: list[str] = []
    enough = threading.Event()

    def send(sender: int) -> None:
        with requests.Session() as session:
            number = 0
            while True:
                message = f"{sender}-{number}"
                number += 1
                try:
                    answer = session.post(
                        server.trigger_url,
                        json={"id": message},
                        headers=server.headers,
                        timeout=TIMEOUT_SECONDS,
                    )
                except requests.RequestException:
                    return
                assert answer.status_code == 200
                answered.append(message)
                if len(answered) >= calls_before_kill:
                    enough.set()

    senders = [threading.Thread(target=send, args=(sender,)) for sender in range(4)]
    for sender in senders:
        sender.start()
    assert enough.wait(TIMEOUT_SECONDS)
    os.kill(server.process.pid, signal.SIGKILL)
    for sender in senders:
        sender.join()
    return answered


def all_runs(server: Served) -> list[dict[str, Any]]:
    workflow_id = server.ready["tenant"]["workflows"][0]["id"]
    runs: list[dict[str, Any]] = []
    cursor: str | None = None
    while True:
        page = requests.get(
            f"{server.control}/workflows/{workflow_id}/runs",
            params={"limit": "500", **({"cursor": cursor} if cursor else {})},
            timeout=TIMEOUT_SECONDS,
        ).json()
        runs += page["runs"]
        cursor = page["next"]
        if cursor is None:
            return runs


@pytest.mark.parametrize("seed", range(5))
def test_what_was_answered_survives_a_kill_at_any_moment_and_its_runs_resume(
    seed: int, tmp_path: Path
):
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}", "--calls-per-minute", "1000000")
    with serve(*flags) as server:
        answered = load_until_killed(server, random.Random(seed).randrange(1, 120))
        before = server.ready
    with serve(*flags) as server:
        assert server.ready["tenant"]["apiToken"] == before["tenant"]["apiToken"]
        old, new = (one["tenant"]["workflows"][0]["triggerUrl"] for one in (before, server.ready))
        assert old.removeprefix(before["url"]) == new.removeprefix(server.ready["url"])
        accepted = server.totals()["accepted"]
        waited = requests.get(
            f"{server.tenant}/wait",
            params={"succeeded": accepted, "timeoutSeconds": TIMEOUT_SECONDS},
            timeout=2 * TIMEOUT_SECONDS,
        )
        totals = waited.json()
        assert (waited.status_code, totals["pending"]) == (200, 0)
        assert totals["received"] == totals["accepted"] == totals["succeeded"]
        kept = [run["event"]["id"] for run in all_runs(server)]
        assert len(kept) == len(set(kept)) == accepted
        assert set(answered) <= set(kept)
        assert len(kept) <= len(answered) + 4  # one lost answer for each sender at most


def test_first_n_goes_on_counting_after_a_kill(tmp_path: Path):
    flags = ("--store", f"sqlite:///{tmp_path / 'mock.db'}")
    fault = {"kind": "status", "when": {"first": 3}, "status": 500}

    def statuses(server: Served, calls: int) -> list[int]:
        return [
            requests.post(
                server.trigger_url, json={}, headers=server.headers, timeout=TIMEOUT_SECONDS
            ).status_code
            for _ in range(calls)
        ]

    with serve(*flags) as server:
        made = requests.post(f"{server.tenant}/faults", json=fault, timeout=TIMEOUT_SECONDS)
        assert made.status_code == 201
        assert statuses(server, 2) == [500, 500]
        os.kill(server.process.pid, signal.SIGKILL)
    with serve(*flags) as server:
        assert statuses(server, 2) == [500, 200]


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_ends_within_seconds_even_while_a_call_hangs(signum: signal.Signals):
    with serve("--wire-faults") as server:
        fault = {"kind": "hang", "when": {"first": 1}}
        requests.post(f"{server.tenant}/faults", json=fault, timeout=TIMEOUT_SECONDS)
        with pytest.raises(requests.ReadTimeout):
            requests.post(server.trigger_url, json={}, headers=server.headers, timeout=0.2)
        server.process.send_signal(signum)
        assert server.process.wait(TIMEOUT_SECONDS) == 0


def test_without_the_flag_a_fault_that_breaks_connections_is_refused_and_the_flag_named():
    with serve() as server:
        fault = {"kind": "reset-after-journal", "when": {"first": 1}}
        answer = requests.post(f"{server.tenant}/faults", json=fault, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 409
        assert "--wire-faults" in answer.text
        listed = requests.get(f"{server.tenant}/faults", timeout=TIMEOUT_SECONDS).json()
        assert listed["faults"] == []


@pytest.mark.parametrize("kind", ["reset-before-read", "reset-after-journal", "truncate"])
def test_with_the_flag_the_production_server_breaks_connections(kind: str):
    with serve("--wire-faults") as server:
        fault = {"kind": kind, "when": {"first": 1}}
        requests.post(f"{server.tenant}/faults", json=fault, timeout=TIMEOUT_SECONDS)
        with pytest.raises(requests.RequestException):
            requests.post(
                server.trigger_url, json={}, headers=server.headers, timeout=TIMEOUT_SECONDS
            )
        assert server.totals()["received"] == 1


def test_a_port_that_is_taken_is_one_clear_error():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-c", "from mock_qualtrics.cli import main; main()", "serve"]
        ended = subprocess.run(
            [*command, "--port", str(taken.getsockname()[1])],
            capture_output=True,
            text=True,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
    assert ended.returncode in (1, 2)
    assert "Traceback" not in ended.stderr
    assert "in use" in ended.stderr


def test_a_server_in_a_thread_can_be_closed_twice_and_others_go_on():
    with serve_in_thread() as first, serve_in_thread() as second:
        first.close()
        first.close()
        made = Qualtrics(second, {})
        auth = (made.username, made.api_token)
        answer = requests.post(made.trigger_url, json={}, auth=auth, timeout=TIMEOUT_SECONDS)
        assert answer.status_code == 200
        assert second.control_url == f"{second.url}/__control/v1"
        assert second.app.name == "mock_qualtrics"


def test_an_app_that_could_not_be_made_is_made_again_for_the_next_call(
    monkeypatch: pytest.MonkeyPatch,
):
    makes = [OSError("too many open files")]
    make = AsgiApp._make

    def fail_once(self: AsgiApp) -> object:
        if makes:
            raise makes.pop()
        return make(self)

    monkeypatch.setattr(AsgiApp, "_make", fail_once)
    with serve_in_thread() as server:
        answers = (requests.get(f"{server.control_url}/health", timeout=60) for _ in range(2))
        assert [answer.status_code for answer in answers][-1] == 200
        assert not makes


def test_no_log_line_holds_a_credential_a_url_token_or_an_address(tmp_path: Path):
    strange = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
    log = tmp_path / "log.txt"
    with log.open("wb") as file, serve("--wire-faults", log=file.fileno()) as server:
        token = server.ready["tenant"]["apiToken"]
        url_token = server.trigger_url.partition("urlTokenId=")[2]
        auth = ("dave@example.com", strange)
        for url in (server.trigger_url, server.trigger_url + strange, server.ready["url"] + "/x"):
            requests.post(url, json={"a": token}, headers=server.headers, timeout=TIMEOUT_SECONDS)
            requests.post(url, data=b"{", auth=auth, timeout=TIMEOUT_SECONDS)
        host, port = server.ready["url"].removeprefix("http://").split(":")
        with socket.create_connection((host, int(port)), TIMEOUT_SECONDS) as caller:
            caller.sendall(f"POST /?urlTokenId={url_token} {strange}\r\n\r\n".encode())
            caller.recv(65536)
        server.process.terminate()
        assert server.process.wait(TIMEOUT_SECONDS) == 0
    written = log.read_text()
    for secret in (token, url_token, strange, "dave@example.com"):
        assert secret not in written
    assert "Traceback" not in written
