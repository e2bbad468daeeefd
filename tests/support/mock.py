"""A mock as a process of its own, and the calls that a test makes to it."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import requests

from contracts import mock_process
from contracts.mock_process import MockProcess
from support.waiting import DEADLINE_SECONDS, until


class RunningMock:
    """A running ``mock-qualtrics serve``; it is killed at the end of the block."""

    def __init__(self, mock: MockProcess) -> None:
        self._mock = mock
        self.process = mock.process
        self.control = mock.control
        self.ready: Mapping[str, Any] = mock.ready
        self.url = mock.url
        self.control_url: str = mock.ready["controlUrl"]
        self.tenant = mock.tenant
        self.tenant_id = mock.tenant_id
        self.trigger_url = mock.trigger_url
        self.workflow_id: str = mock.tenant["workflows"][0]["id"]
        self.token_header = {"X-API-TOKEN": mock.tenant["apiToken"]}
        self.session = requests.Session()
        self.session.trust_env = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.close()
        self._mock.stop(patience_seconds=0)

    def post_event(self, body: str = '{"a": 1}', workflow: int = 0) -> requests.Response:
        return self.session.post(
            self.tenant["workflows"][workflow]["triggerUrl"],
            data=body,
            headers={**self.token_header, "Content-Type": "application/json"},
            timeout=DEADLINE_SECONDS,
        )

    def totals(self) -> dict[str, Any]:
        return self.control.totals(self.tenant_id)

    def wait(self, **counts: int) -> dict[str, Any]:
        """Return the totals once each count is reached."""
        return self.control.wait(self.tenant_id, timeout_seconds=DEADLINE_SECONDS, **counts)

    def printed(self, text: str) -> str:
        """Return the first whole line on standard output that holds the text, once it is there."""
        return until(lambda: _line_with(text, self._mock.stdout))

    def logged(self, text: str) -> str:
        """Return the first whole line on standard error that holds the text, once it is there."""
        return until(lambda: _line_with(text, self._mock.stderr))

    def stderr(self) -> str:
        return self._mock.stderr()

    def stop(self) -> tuple[str, str, int]:
        """End it as a service manager does; return its output, its log and its exit code."""
        self.process.terminate()
        code = self.process.wait(DEADLINE_SECONDS)
        return self._mock.stdout(), self._mock.stderr(), code


def start_mock(*flags: str, folder: Path | None = None, **more: Any) -> RunningMock:  # noqa: ANN401  mock_process's own
    """Start a mock with flags of ``serve``, in a folder of its own unless one is given."""
    return RunningMock(mock_process.start_mock(*flags, folder=folder, **more))


def _line_with(text: str, read: Callable[[], str]) -> str:
    lines = read().splitlines(keepends=True)
    return next((line for line in lines if text in line and line.endswith("\n")), "")
