"""Measures what finding runs costs in a large store, and what the pages cost that show them.

``python -m loadtests.benchmarks pages`` makes the store anew, which takes a minute or two.
"""

import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click
from rich.console import Console

from loadtests.benchmarks.large_store import OLDEST_ONLY, LargeStore, make_store
from loadtests.benchmarks.measure import Figure, Measurement, interleave, table
from loadtests.benchmarks.page_answers import page_answers
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal import State
from mock_qualtrics.journal.search.run_search import RunSearch
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.settings import Settings

PAGE_RUNS = 50
PAGES_BEFORE = 10_000
STEP_RUNS = 500
FAILED = frozenset({State.FAILED, State.NOT_STARTED})


@click.command("pages")
@click.option("--runs", default=1_000_000, show_default=True, help="Runs of the store.")
@click.option("--rounds", default=20, show_default=True, help="Requests of each kind.")
@click.option("--workflows", default=1_000, show_default=True, help="Workflows of another tenant.")
def main(runs: int, rounds: int, workflows: int) -> None:
    """Finding runs, and each page over HTTP: its size, the server's time for it, and the answer.

    Runs are found on pages near and far, as the one failed run among all, and by a text of the
    oldest.

    Example: python -m loadtests.benchmarks pages --runs 100000 --rounds 5
    """
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        store = make_store(Path(folder, "large.sqlite"), runs)
        engine = Engine(Settings(store=store.url))
        try:
            search = engine.journal.search
            far = cursor_after(search, WantedRuns(store.tenant_number), PAGE_RUNS * PAGES_BEFORE)
            figures = interleave(requests(search, store), rounds=rounds, unit="ms")
            console.print(table(f"A request among {runs:,} runs", figures))
            console.print(table("A text of the oldest run alone", text_search(search, store)))
        finally:
            engine.close()
        for title, costs in page_answers(store, far, workflows, rounds).items():
            console.print(table(f"{title} among {runs:,} runs", costs))


def requests(search: RunSearch, store: LargeStore) -> dict[str, Measurement]:
    """Return the requests that are measured, by name; each is one page of 50 runs."""
    all_runs = WantedRuns(store.tenant_number)
    far = cursor_after(search, all_runs, PAGE_RUNS * PAGES_BEFORE)
    failed = WantedRuns(store.tenant_number, states=FAILED)
    of_workflow = WantedRuns(store.tenant_number, workflow_ids=(store.workflow_id,))
    text = WantedRuns(store.tenant_number, words=(OLDEST_ONLY,))
    asked: dict[str, Callable[[], object]] = {
        "the first page": lambda: search.find(all_runs, PAGE_RUNS),
        "the first page of a workflow": lambda: search.find(of_workflow, PAGE_RUNS),
        f"page {PAGES_BEFORE + 1:,}, or the last one": lambda: search.find(
            all_runs, PAGE_RUNS, far
        ),
        "the one failed run": lambda: search.find(failed, PAGE_RUNS),
        "its error group": lambda: search.error_groups(all_runs),
        "a piece of a search for a text": lambda: search.find(text, PAGE_RUNS),
    }
    return {name: partial(milliseconds, ask) for name, ask in asked.items()}


def cursor_after(search: RunSearch, wanted: WantedRuns, runs: int) -> str | None:
    """Return the cursor after so many runs, or the last one that there is."""
    cursor = None
    for _ in range(runs // STEP_RUNS):
        following = search.find(wanted, STEP_RUNS, cursor).next
        if following is None:
            break
        cursor = following
    return cursor


def text_search(search: RunSearch, store: LargeStore) -> list[Figure]:
    """Return what the requests of a search cost that finds only the oldest run, together."""
    wanted = WantedRuns(store.tenant_number, words=(OLDEST_ONLY,))
    spent, cursor, found = [], None, 0
    while True:
        started = time.process_time()
        page = search.find(wanted, PAGE_RUNS, cursor)
        spent.append((time.process_time() - started) * 1_000)
        found += len(page.runs)
        cursor = page.next
        if cursor is None:
            break
    if found != 1:
        raise click.ClickException(f"found {found} runs, expected 1")
    together = Figure(f"all {len(spent):,} requests together", "ms", (sum(spent),))
    return [Figure("one request", "ms", tuple(spent)), together]


def milliseconds(work: Callable[[], object]) -> float:
    """Return the processor time of some work."""
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1_000
