"""Measures what the pages cost over HTTP: bytes, processor time of the server, time to answer."""

import time
from collections.abc import Mapping
from http.client import HTTPConnection
from random import Random
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from contracts.mock_process import MockProcess, start_mock
from loadtests.benchmarks.large_store import LargeStore, fill_minutes
from loadtests.benchmarks.measure import Figure
from loadtests.benchmarks.processes import processor_seconds
from loadtests.open_page import get
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.settings import Settings


class Shown(NamedTuple):
    """What the pages show that are measured, by ids.

    Attributes:
        many_runs: the tenant with the runs of the store.
        newest_run: its newest run.
        many_workflows: a tenant with many workflows and no runs.
        many_minutes: a tenant with 60 calls in each minute of the last days.
    """

    many_runs: str
    newest_run: str
    many_workflows: str
    many_minutes: str


class PageCost(NamedTuple):
    """What one request costs.

    Attributes:
        kilobytes: the size of the page, 1,000 bytes each.
        processor_milliseconds: of the server, all its threads together.
        milliseconds: from the request to the whole page.
    """

    kilobytes: float
    processor_milliseconds: float
    milliseconds: float


_TITLES: Final = {"Size of a page": "kB", "Processor time of a page": "ms", "Time to answer": "ms"}
_30_DAYS: Final = 30 * 24 * 60  # in minutes
_MANY_DAYS: Final = "/overview, 30 full days"


def page_answers(
    store: LargeStore, far: str | None, workflows: int, rounds: int, minutes: int = _30_DAYS
) -> dict[str, list[Figure]]:
    """Measure each page with ``serve`` as a process; return the figures by what they are of.

    Args:
        store: where the runs are; it gets two tenants more.
        far: the cursor of the page far back; None leaves that page out.
        workflows: how many the second tenant has.
        rounds: how often each page is asked for, in turn, after once that does not count.
        minutes: how many of the third tenant's have calls in them.
    """
    shown = _shown(store, workflows, minutes)
    with start_mock("--store", store.url) as process:
        paths = _paths(shown, far)
        costs: dict[str, list[PageCost]] = {name: [] for name in paths}
        for _ in range(rounds + 1):
            for name, path in paths.items():
                costs[name].append(_cost(process, path))
    costs[f"{_MANY_DAYS}, the first time"] = costs[_MANY_DAYS][:1] * 2
    return {
        title: [
            Figure(name, unit, tuple(one[number] for one in each[1:]))
            for name, each in costs.items()
        ]
        for number, (title, unit) in enumerate(_TITLES.items())
    }


def _shown(store: LargeStore, workflows: int, minutes: int) -> Shown:
    """Return what is shown; makes the tenants with many workflows and many minutes."""
    engine = Engine(Settings(store=store.url))
    try:
        newest = engine.journal.search.find(WantedRuns(store.tenant_number), 1).runs[0]
        second = engine.tenants.create({})
        for number in range(workflows):
            engine.tenants.add_workflow(second, {"name": f"Workflow {number}"})
        third = engine.tenants.create({"clock": "virtual"})
    finally:
        engine.close()
    fill_minutes(store.url, third.number, minutes, Random(0))  # noqa: S311  no secret
    return Shown(store.tenant_id, newest.id, second.id, third.id)


def _paths(shown: Shown, far: str | None) -> Mapping[str, str]:
    """Return the pages that are measured: what each is called, and its path."""
    of_runs = f"tenant={shown.many_runs}"
    paths = {
        "/runs": f"/runs?{of_runs}",
        "/runs?view=all": f"/runs?{of_runs}&view=all",
        "/runs?q=status:failed": f"/runs?{of_runs}&q=status:failed",
        "/runs, far back": f"/runs?{of_runs}&view=all&cursor={far}",
        "/runs/ID": f"/runs/{shown.newest_run}?{of_runs}",
        "/workflows": f"/workflows?{of_runs}",
        "/workflows, many": f"/workflows?tenant={shown.many_workflows}",
        "/calls": f"/calls?{of_runs}",
        "/refused": f"/refused?{of_runs}",
        "/overview": f"/overview?{of_runs}",
        _MANY_DAYS: f"/overview?tenant={shown.many_minutes}&last=30d",
        "/controls": f"/controls?{of_runs}",
    }
    return {name: path for name, path in paths.items() if far or "cursor=" not in path}


def _cost(process: MockProcess, path: str) -> PageCost:
    connection = HTTPConnection(urlsplit(process.url).netloc)
    try:
        spent, started = processor_seconds(process.process.pid), time.perf_counter()
        body = get(connection, path).body
        elapsed = time.perf_counter() - started
        spent = processor_seconds(process.process.pid) - spent
    finally:
        connection.close()
    return PageCost(len(body) / 1_000, spent * 1_000, elapsed * 1_000)
