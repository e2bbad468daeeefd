"""The mock itself as a contestant: `mock-qualtrics serve` as anyone starts it, journal on disk."""

import base64
import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from loadtests.benchmarks.load import Load, Target, as_fast_as_it_goes
from loadtests.benchmarks.peers import MESSAGE
from loadtests.benchmarks.processes import Server, running

NO_LIMIT = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """A running mock."""

    server: Server
    target: Target
    totals_url: str

    def totals(self) -> dict[str, Any]:
        """Return the default tenant's totals."""
        found: dict[str, Any] = requests.get(self.totals_url, timeout=60).json()
        return found


@contextmanager
def mock() -> Iterator[Subject]:
    """Run the mock with its limits lifted and its journal in a SQLite file."""
    with TemporaryDirectory() as folder:
        ready_file = Path(folder, "ready.json")
        command = [str(Path(sys.executable).with_name("mock-qualtrics")), "serve", "--port", "0"]
        command += ["--store", f"sqlite:///{folder}/journal.sqlite"]
        command += ["--calls-per-minute", str(NO_LIMIT), "--runs-per-day", str(NO_LIMIT)]
        command += ["--ready-file", str(ready_file)]
        with running(command, ready_file.exists) as server:
            yield _subject(server, json.loads(ready_file.read_text("utf-8")))


def executed_per_second(subject: Subject, *, seconds: int) -> float:
    """Load the mock, and count the runs that succeeded over the time until the last one had.

    The fastest load lasts ``seconds``; the time until the last run is done is added to it.
    """
    before = subject.totals()["succeeded"]
    started = time.perf_counter()
    load = as_fast_as_it_goes(subject.target, seconds=seconds)
    totals = wait_until_executed(subject)
    elapsed = time.perf_counter() - started
    _insist_on_a_clean_run(load, totals)
    return float((totals["succeeded"] - before) / elapsed)


def wait_until_executed(subject: Subject, *, patience_seconds: float = 120) -> dict[str, Any]:
    """Return the totals once no run is pending."""
    deadline = time.perf_counter() + patience_seconds
    while (totals := subject.totals())["pending"]:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"still {totals['pending']} runs pending")
        time.sleep(0.01)
    return totals


def _insist_on_a_clean_run(load: Load, totals: dict[str, Any]) -> None:
    if load.errors or totals["refused"] or totals["failed"] or not totals["complete"]:
        raise RuntimeError(f"not a clean run: {load} {totals}")


def _subject(server: Server, ready: dict[str, Any]) -> Subject:
    tenant = ready["tenant"]
    pair = f"{tenant['username']}:{tenant['apiToken']}".encode()
    headers = {
        "Content-Type": "application/json",
        "Authorization": "Basic " + base64.b64encode(pair).decode("ascii"),
    }
    message = json.dumps(json.loads(MESSAGE), separators=(",", ":"))
    target = Target(tenant["workflows"][0]["triggerUrl"], headers, message)
    return Subject(server, target, f"{ready['controlUrl']}/tenants/{tenant['id']}/totals")
