"""The command itself, as a process of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

DEADLINE_SECONDS = 60
LOOKS_A_SECOND = 100


class Served:
    """A running ``mock-qualtrics serve``."""

    def __init__(self, process: "subprocess.Popen[str]", ready: dict[str, Any]) -> None:
        self.process = process
        self.ready = ready
        self.url: str = ready["url"]
        self.control_url: str = ready["controlUrl"]
        self.tenant: dict[str, Any] = ready["tenant"]
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **request: Any) -> Any:  # noqa: ANN401  any JSON
        answer = self.session.get(self.control_url + path, timeout=2 * DEADLINE_SECONDS, **request)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post_event(self, body: str = '{"a": 1}', workflow: int = 0) -> requests.Response:
        return self.session.post(
            self.tenant["workflows"][workflow]["triggerUrl"],
            data=body,
            headers={
                "X-API-TOKEN": self.tenant["apiToken"],
                "Content-Type": "application/json",
            },
            timeout=DEADLINE_SECONDS,
        )

    def wait(self, **counts: int) -> Any:  # noqa: ANN401  any JSON
        """Return the totals once each count is reached."""
        query = {**counts, "timeoutSeconds": DEADLINE_SECONDS}
        return self.get(f"/tenants/{self.tenant['id']}/wait", params=query)

    def stop(self) -> tuple[str, str, int]:
        self.process.send_signal(signal.SIGTERM)
        out, err = self.process.communicate(timeout=DEADLINE_SECONDS)
        return out, err, self.process.returncode


def until(condition: Callable[[], Any]) -> Any:  # noqa: ANN401  whatever it returns
    """Return what the condition returns once it is true."""
    pause = threading.Event()
    for _ in range(DEADLINE_SECONDS * LOOKS_A_SECOND):
        if found := condition():
            return found
        pause.wait(1 / LOOKS_A_SECOND)
    raise AssertionError("it did not happen in time")


@contextmanager
def running(folder: Path, flags: tuple[str, ...]) -> Iterator[Served]:
    ready_file = folder / "ready.json"
    ready_file.unlink(missing_ok=True)
    command = [sys.executable, "-m", "mock_qualtrics", "serve", "--port", "0"]
    process = subprocess.Popen(
        [*command, "--ready-file", str(ready_file), *flags],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    try:
        until(lambda: ready_file.exists() or process.poll() is not None)
        assert process.poll() is None, process.stderr.read() if process.stderr else ""
        yield Served(process, json.loads(ready_file.read_text()))
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Start the command with flags; it is ended with the test."""
    with ExitStack() as stack:
        yield lambda *flags: stack.enter_context(running(tmp_path, flags))


@pytest.fixture
def eventually() -> Callable[[Callable[[], Any]], Any]:
    return until
