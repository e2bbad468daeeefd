"""``mock-qualtrics runs``: Run history of a running mock, on the terminal."""

import threading
from collections import Counter
from collections.abc import Sequence
from itertools import islice
from typing import Any, Final

import click

from contracts import exact_json, tables
from contracts.addresses import shown_address
from contracts.option_numbers import Integer
from contracts.tables import Column, print_rows
from contracts.terminal import printable
from mock_qualtrics.commands.remote.lists import print_documents, say_none
from mock_qualtrics.commands.remote.running_mock import (
    RunningMock,
    asks_a_mock,
)

EXAMPLE = "Example: mock-qualtrics runs --status failed"
POLL_SECONDS = 0.5
PAGE_ROWS = 500
MOST_RUNS = 1_000_000_000
WIDE_COLUMNS = 120  # a terminal of this width has room for reasons in the table
COLUMNS: Final = (
    Column("Started on", whole=True),
    Column("Workflow name"),
    Column("Status", whole=True),
    Column("Run", whole=True),
    Column("Error"),
)


class _History:
    """Read Run history through the control API."""

    def __init__(self, mock: RunningMock) -> None:
        self._mock = mock
        self._control = mock.control

    def workflows(self) -> list[dict[str, Any]]:
        """Return the workflows of the tenant that was named, or of all."""
        return [workflow for tenant in self._mock.tenants() for workflow in tenant["workflows"]]

    def runs(
        self, workflow: dict[str, Any], status: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return a workflow's latest runs, newest first, each with the workflow's name."""
        rows = min(limit, PAGE_ROWS)
        latest = self._control.all_runs(workflow["id"], status=status, page_rows=rows)
        return [{**run, "workflowName": workflow["name"]} for run in islice(latest, limit)]

    def calls_without_run(self) -> Counter[str]:
        """Return the number of calls that started no run, by reason."""
        counts: Counter[str] = Counter()
        if self._mock.tenant_id is None:
            counts.update(row["reason"] for row in self._control.all_unattributed())
        for tenant in self._mock.tenants():
            totals = self._control.totals(tenant["id"])
            counts.update(totals["refusedBy"])
            counts["workflow disabled"] += totals["ignored"]
            counts.update(totals["otherCallsBy"])
        del counts["whoami"]  # such a call is answered, and is to start nothing
        del counts["run-now"]  # such a call started a run (Q-WF-7)
        return +counts  # without the reasons whose count is 0


@click.command(epilog=EXAMPLE)
@click.option(
    "--status",
    type=click.Choice(["succeeded", "failed", "pending"], case_sensitive=False),
    help="Only runs of this status.",
)
@click.option(
    "--limit", type=Integer(1, MOST_RUNS), default=50, show_default=True, help="How many."
)
@click.option("--follow", is_flag=True, help="Go on printing runs as they come, until Ctrl-C.")
@asks_a_mock
def runs(mock: RunningMock, **flags: Any) -> None:  # noqa: ANN401  click's own values
    """List a running mock's Run history, newest received first.

    Off a terminal a run is one line of cells between tabs: when it started, workflow, status, id,
    error. Without --tenant the runs of all tenants are listed.
    """
    history = _History(mock)
    if flags["follow"]:
        _follow(history, flags)
    else:
        _print(_newest(history, flags), flags)
        _report_calls_without_run(history, shown_address(mock.url), flags)


def _newest(history: _History, flags: dict[str, Any]) -> list[dict[str, Any]]:
    runs = [
        run
        for workflow in history.workflows()
        for run in history.runs(workflow, flags["status"], flags["limit"])
    ]
    runs.sort(key=lambda run: (run["receivedOn"], run["id"]), reverse=True)
    return runs[: flags["limit"]]


def _follow(history: _History, flags: dict[str, Any]) -> None:
    shown: dict[str, str] = {}
    pause = threading.Event()
    while True:
        # A run is printed again when its status has changed.
        changed = [run for run in _newest(history, flags) if shown.get(run["id"]) != run["status"]]
        for run in reversed(changed):
            shown[run["id"]] = run["status"]
            click.echo(exact_json.dumps(run) if flags["as_json"] else _line(run))
        pause.wait(POLL_SECONDS)


def _line(run: dict[str, Any]) -> str:
    if not tables.on_terminal():
        return "\t".join(printable(str(cell or "")) for cell in _cells(run))
    started = run["startedOn"] or "not started"
    line = f"{started:<27}  {run['workflowName']}  {run['status']}  {run['id']}  {_reason(run)}"
    return printable(line)


def _print(runs: list[dict[str, Any]], flags: dict[str, Any]) -> None:
    if flags["as_json"]:
        print_documents(runs)
        return
    if not runs:
        say_none(f"No {flags['status']} runs." if flags["status"] else "No runs yet.")
        return
    _print_history(runs)


def _print_history(runs: Sequence[dict[str, Any]]) -> None:
    if not tables.on_terminal() or tables.terminal_columns() >= WIDE_COLUMNS:
        print_rows(COLUMNS, map(_cells, runs))
        return
    print_rows(COLUMNS[:-1], (_cells(run)[:-1] for run in runs))
    for run in runs:
        if reason := _reason(run):
            click.echo(printable(f"{run['id']}: {reason}"))


def _report_calls_without_run(history: _History, url: str, flags: dict[str, Any]) -> None:
    if flags["as_json"] or not (counts := history.calls_without_run()):
        return
    reasons = ", ".join(f"{reason} {count}" for reason, count in counts.most_common())
    line = f"Calls that started nothing: {reasons}; {url}/runs lists the latest."
    click.echo(printable(line), err=True)


def _cells(run: dict[str, Any]) -> tuple[object, ...]:
    return run["startedOn"], run["workflowName"], run["status"], run["id"], _reason(run)


def _reason(run: dict[str, Any]) -> str:
    due = [f"due on {run['dueOn']}"] if run.get("dueOn") else []  # an older mock does not say it
    remarks = [run["error"]] if run["error"] else run.get("notes", ())
    return "; ".join([*due, *remarks, *run.get("hints", ())])
