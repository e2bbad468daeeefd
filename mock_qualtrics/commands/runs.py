"""``mock-qualtrics runs``: Run history of a running mock, on the terminal."""

import threading
from collections import Counter
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

import click
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from contracts import exact_json
from contracts.control_token import control_token_options
from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.terminal import printable

EXAMPLE = "Example: mock-qualtrics runs --status failed"
POLL_SECONDS = 0.5
PAGE_ROWS = 500
MOST_RUNS = 1_000_000_000
TIMEOUT_SECONDS = 10.0
INTERRUPTED = 3
UNAUTHORIZED = 401
WIDE_COLUMNS = 120  # a terminal of this width has room for reasons in the table
_NO_ANSWER = {
    NoAnswer.NO_CONNECTION: "nothing answers there",
    NoAnswer.CONNECT_TIMEOUT: "nothing answers there",
    NoAnswer.UNTRUSTED_CERTIFICATE: (
        "its certificate is not trusted: point REQUESTS_CA_BUNDLE at the CA of serve --tls"
    ),
}


class _History:
    """Read Run history through the control API."""

    def __init__(self, url: str, control_token: str | None) -> None:
        from contracts.control_client import ControlClient, control_url_of  # noqa: PLC0415  --help must not pay for it

        self._control = ControlClient(
            control_url_of(url), control_token, timeout_seconds=TIMEOUT_SECONDS
        )

    def workflows(self) -> list[dict[str, Any]]:
        """Return the workflows of all tenants."""
        return [workflow for tenant in self._control.tenants() for workflow in tenant["workflows"]]

    def runs(
        self, workflow: dict[str, Any], status: str | None, limit: int
    ) -> list[dict[str, Any]]:
        """Return a workflow's latest runs, newest first, each with the workflow's name."""
        rows = min(limit, PAGE_ROWS)
        latest = self._control.all_runs(workflow["id"], status=status, page_rows=rows)
        return [{**run, "workflowName": workflow["name"]} for run in islice(latest, limit)]

    def calls_without_run(self) -> Counter[str]:
        """Return the number of calls that started no run, by reason."""
        counts = Counter(row["reason"] for row in self._control.all_unattributed())
        for tenant in self._control.tenants():
            totals = self._control.totals(tenant["id"])
            counts.update(totals["refusedBy"])
            counts["workflow disabled"] += totals["ignored"]
        return +counts  # without the reasons whose count is 0


@click.command(epilog=EXAMPLE)
@click.option(
    "--url",
    default="http://127.0.0.1:8084",
    show_default=True,
    callback=lambda _context, _option, url: _address(url),
    help="The mock's address.",
)
@click.option(
    "--status",
    type=click.Choice(["succeeded", "failed", "pending"], case_sensitive=False),
    help="Only runs of this status.",
)
@click.option(
    "--limit", type=click.IntRange(1, MOST_RUNS), default=50, show_default=True, help="How many."
)
@click.option("--follow", is_flag=True, help="Go on printing runs as they come, until Ctrl-C.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a run.")
@control_token_options("The token that the mock was started with.")
def runs(**flags: Any) -> None:  # noqa: ANN401  click's own values
    """List a running mock's Run history, newest received first."""
    try:
        history = _History(flags["url"], flags["control_token"])
        if flags["follow"]:
            _follow(history, flags)
        else:
            _print(_newest(history, flags), flags)
            _report_calls_without_run(history, flags)
    except ControlTokenError:
        raise click.ClickException(
            "the control token: expected ASCII characters only, without a blank around them"
        ) from None
    except ControlError as error:
        raise click.ClickException(
            printable(f"No Run history from {flags['url']}: {_explanation(error)}")
        ) from None
    except KeyboardInterrupt:
        click.echo("Interrupted; run the command again to go on.", err=True)
        raise SystemExit(INTERRUPTED) from None


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise click.BadParameter(f"{url!r}: expected http://HOST:PORT or https://HOST:PORT")
    return url


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
    started = run["startedOn"] or "not started"
    line = f"{started:<27}  {run['workflowName']}  {run['status']}  {run['id']}  {_reason(run)}"
    return printable(line)


def _print(runs: list[dict[str, Any]], flags: dict[str, Any]) -> None:
    if flags["as_json"]:
        for run in runs:
            click.echo(exact_json.dumps(run))
        return
    if not runs:
        click.echo(f"No {flags['status']} runs." if flags["status"] else "No runs yet.")
        return
    console = Console(highlight=False)
    wide = console.width >= WIDE_COLUMNS
    console.print(_table(runs, reasons=wide))
    for run in () if wide else runs:
        if reason := _reason(run):
            console.print(escape(printable(f"{run['id']}: {reason}")))


def _report_calls_without_run(history: _History, flags: dict[str, Any]) -> None:
    if flags["as_json"] or not (counts := history.calls_without_run()):
        return
    reasons = ", ".join(f"{reason} {count}" for reason, count in counts.most_common())
    page = flags["url"].rstrip("/") + "/runs"
    line = f"Calls that started nothing: {reasons}; {page} lists the latest."
    click.echo(printable(line), err=True)


def _table(runs: list[dict[str, Any]], *, reasons: bool) -> Table:
    table = Table(box=SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("Started on", "Workflow name", "Status", "Run"):
        unbroken = heading != "Workflow name"  # a wrapped id could not be copied
        table.add_column(heading, no_wrap=unbroken, overflow="fold")
    if reasons:
        table.add_column("Error", overflow="fold")
    for run in runs:
        cells = [run["startedOn"] or "", run["workflowName"], run["status"], run["id"]]
        texts = [*cells, _reason(run)] if reasons else cells
        table.add_row(*(escape(printable(text)) for text in texts))
    return table


def _reason(run: dict[str, Any]) -> str:
    return str(run["error"] or "; ".join(run.get("notes", ())))


def _explanation(error: ControlError) -> str:
    if isinstance(error, ControlRefusedError):
        hint = (
            ": give --control-token-file FILE, or set MOCK_QUALTRICS_CONTROL_TOKEN"
            if error.status == UNAUTHORIZED
            else ""
        )
        return f"it answered {error.status}{hint}"
    if isinstance(error, ControlUnreachableError):
        return _NO_ANSWER.get(error.reason, error.detail) + error.note
    return error.detail if isinstance(error, ControlAnswerError) else str(error)
