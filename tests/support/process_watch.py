"""Looks for processes that tests have started and not ended, once a session is at its end."""

import contextlib
from pathlib import Path
from typing import Any

import pytest

from contracts.clock import RealClock
from contracts.conformance.process.leftovers import end_leftovers, has_variable, processes
from support.waiting import until

GRACE_SECONDS = 2.0
NO_GROUP = -1  # what is left is known by its environment alone


class ProcessWatch:
    """Ends what the tests of xdist's workers leave running, and says so.

    A worker that ends in the middle of a test, as one that hangs is ended, leaves all that it has
    started: mocks that would serve until somebody finds them. Each has the session's id in its
    environment, because its worker had. Linux only; a session without workers is not watched.
    """

    def __init__(self) -> None:
        self._mark: str | None = None
        self._left: list[str] = []

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:  # noqa: ANN401  xdist's
        self._mark = f"PYTEST_XDIST_TESTRUNUID={node.workerinput['testrunuid']}"

    @pytest.hookimpl(trylast=True)  # after the workers' end
    def pytest_sessionfinish(self) -> None:
        if self._mark is not None:
            self._left = _outlasting(self._mark)
            end_leftovers(NO_GROUP, self._mark, RealClock(), grace_seconds=0)

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        for command in self._left:
            terminalreporter.write_line(f"a test left this process running, ended now: {command}")


def _outlasting(mark: str) -> list[str]:
    """Return the commands that do not end by themselves, as those do that are just ending."""
    with contextlib.suppress(AssertionError):
        until(lambda: not _commands_with(mark), GRACE_SECONDS)
    return _commands_with(mark)


def _commands_with(mark: str) -> list[str]:
    found = []
    for process in processes():
        if has_variable(process.pid, mark):
            with contextlib.suppress(OSError):  # it has just ended
                words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
                found.append(words.replace(b"\0", b" ").decode("utf-8", "replace").strip())
    return found
