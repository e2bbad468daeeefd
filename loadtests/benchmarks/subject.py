"""The mock as a contestant: `mock-qualtrics serve` as users start it, with its journal on disk."""

import base64
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from contracts.mock_process import MockProcess, start_mock
from loadtests.benchmarks.load import Load, Target, as_fast_as_it_goes
from loadtests.benchmarks.peers import MESSAGE
from loadtests.benchmarks.processes import Server, processor_seconds

NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A running mock."""

    process: MockProcess
    server: Server
    target: Target

    def totals(self) -> dict[str, Any]:
        """Return the default tenant's totals."""
        return self.process.control.totals(self.process.tenant_id)


class Executed(NamedTuple):
    """One load.

    Attributes:
        per_second: runs that were journalled and executed.
        microseconds: the server's processor time of one call with its run.
    """

    per_second: float
    microseconds: float


@contextmanager
def mock(checkout: Path | None = None) -> Iterator[Subject]:
    """Run the mock with its limits lifted and its journal in a SQLite file.

    Args:
        checkout: a folder with the version to run; None: the one that is installed.
    """
    # As a module: the installed command refuses another checkout's packages in place of its own.
    command = [sys.executable, "-m", "mock_qualtrics"]
    environment = None if checkout is None else environment_of(checkout)
    flags = ["--store", "sqlite:///journal.sqlite"]
    flags += ["--calls-per-minute", str(NO_LIMIT), "--runs-per-day", str(NO_LIMIT)]
    started = time.perf_counter()
    with start_mock(*flags, command=command, environment=environment) as process:
        yield Subject(process, Server(process.process, started), _target(process))


def environment_of(checkout: Path) -> dict[str, str]:
    """Return the environment in which Python imports a checkout's packages."""
    return {**os.environ, "PYTHONPATH": str(checkout)}


def executed_per_second(subject: Subject, *, seconds: int) -> float:
    """Load the mock for ``seconds``; return succeeded runs divided by the time until the last one.

    The time includes the wait for runs that are still pending when the load ends.
    """
    before = subject.totals()["succeeded"]
    started = time.perf_counter()
    load = as_fast_as_it_goes(subject.target, seconds=seconds)
    totals = wait_until_executed(subject)
    elapsed = time.perf_counter() - started
    _require_clean_run(load, totals)
    return float((totals["succeeded"] - before) / elapsed)


def executed(subject: Subject, *, seconds: int) -> Executed:
    """Load the mock for ``seconds``; return how fast it was, and what a call took of it."""
    pid = subject.server.process.pid
    runs, spent = subject.totals()["succeeded"], processor_seconds(pid)
    rate = executed_per_second(subject, seconds=seconds)
    runs, spent = subject.totals()["succeeded"] - runs, processor_seconds(pid) - spent
    return Executed(rate, spent / runs * 1e6)


def wait_until_executed(subject: Subject, *, patience_seconds: float = 120) -> dict[str, Any]:
    """Return the totals once no run is pending."""
    deadline = time.perf_counter() + patience_seconds
    while (totals := subject.totals())["pending"]:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"still {totals['pending']} runs pending")
        time.sleep(0.01)
    return totals


def _require_clean_run(load: Load, totals: dict[str, Any]) -> None:
    if load.errors or totals["refused"] or totals["failed"] or not totals["complete"]:
        raise RuntimeError(f"not a clean run: {load} {totals}")


def _target(process: MockProcess) -> Target:
    tenant = process.tenant
    pair = f"{tenant['username']}:{tenant['apiToken']}".encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Basic " + base64.b64encode(pair).decode("ascii"),
    }
    message = json.dumps(json.loads(MESSAGE), separators=(",", ":"))
    return Target(process.trigger_url, headers, message)
