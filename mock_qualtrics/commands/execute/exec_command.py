"""``mock-qualtrics exec``: start a mock, run a command that uses it, stop the mock.

The server runs in a thread of this process, so that it never outlives it.
"""

import json
import logging
import os
import signal
import sys
import threading
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import Future, wait
from typing import TYPE_CHECKING, Any, Final

import click

from contracts.control_token import CONTROL_TOKEN_VARIABLE
from contracts.option_numbers import Finite
from contracts.terminal import printable
from mock_qualtrics.commands.execute.supervised_command import (
    PATIENCE_SECONDS,
    SIGNAL_SECONDS,
    SIGNALLED,
    CannotStartError,
    SupervisedCommand,
)
from mock_qualtrics.commands.logs import log_to_stderr
from mock_qualtrics.commands.serve_options import serve_options
from mock_qualtrics.commands.serving import (
    CannotServeError,
    checked,
    refusals_explained,
    run_server,
)

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer

EXAMPLE = "Example: mock-qualtrics exec --workflows workflows.toml -- npm test"
URL_VARIABLE: Final = "MOCK_QUALTRICS_URL"
_COUNTED: Final = ("succeeded", "failed", "blocked", "pending")
_JOIN_SECONDS: Final = 10.0


@click.command("exec", epilog=EXAMPLE, context_settings={"allow_interspersed_args": False})
@serve_options(port=0)
@click.option(
    "--stop-seconds",
    type=Finite(0, 86_400),
    default=PATIENCE_SECONDS,
    show_default=True,
    help="How long COMMAND may go on after SIGTERM or SIGHUP before it is killed.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the last line as JSON.")
@click.argument("words", metavar="COMMAND...", nargs=-1, required=True, type=click.UNPROCESSED)
def exec_command(words: tuple[str, ...], *, as_json: bool, **flags: Any) -> None:  # noqa: ANN401  click's own values
    """Run COMMAND beside a mock of its own, and end with COMMAND's exit code.

    COMMAND gets QUALTRICS_URL (the first workflow's trigger URL), QUALTRICS_USERNAME,
    QUALTRICS_API_TOKEN and MOCK_QUALTRICS_URL (for `mock-qualtrics runs` and its like). Its input,
    output and signals are its own; at the end one line on standard error says what came in.
    The mock ends with COMMAND: runs that are due later never run, unless COMMAND waits for them
    (`GET MOCK_QUALTRICS_URL/__control/v1/tenants/ID/wait`; `--clock skipping` makes delays short).

    Exit code: COMMAND's, 128 and the signal's number when a signal ended it, 127 there is no such
    command, 126 it cannot be executed, 2 the mock cannot be started.
    """
    if not words[0]:
        raise click.BadParameter("it is empty, expected a program's name", param_hint="COMMAND")
    flags = checked(flags)
    log_to_stderr(logging.WARNING)
    command = SupervisedCommand(_say, flags["stop_seconds"])
    with command.taking_signals(), refusals_explained(flags), _Mock(flags) as mock:
        variables = os.environ | mock.variables()
        reason = {}
        try:
            code = command.run(words, variables)
        except CannotStartError as error:
            code, reason = error.exit_code, {"notStarted": printable(f"{words[0]}: {error}")}
        summary = mock.summary(code) | reason
    _tell(json.dumps(summary) if as_json else f"mock-qualtrics: {_sentence(summary)}")
    raise SystemExit(code)


class _Mock:
    """A mock in a thread, for the length of a block."""

    def __init__(self, flags: dict[str, Any]) -> None:
        self._flags = flags
        self._ready: Future[tuple[RunningServer, dict[str, Any]]] = Future()
        self._is_unwanted = False
        self._thread = threading.Thread(target=self._serve, name="mock-qualtrics", daemon=True)

    def __enter__(self) -> "_Mock":
        self._thread.start()
        try:
            while not wait([self._ready], SIGNAL_SECONDS).done:
                pass
            self._running, self._document = self._ready.result()
        except BaseException:
            self._stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()

    def variables(self) -> dict[str, str]:
        """Return the variables that tell the command how to reach the mock.

        Raises:
            CannotServeError: it has no workflow that could be triggered.
        """
        tenant = self._document["tenant"]
        if not tenant["workflows"]:
            raise CannotServeError("its store has no workflow: give --workflows FILE.toml")
        if "caFile" in self._document:
            _say(f"the CA of its certificate is in {self._document['caFile']}")
        token = self._flags["control_token"]
        return ({CONTROL_TOKEN_VARIABLE: token} if token else {}) | {
            "QUALTRICS_URL": tenant["workflows"][0]["triggerUrl"],
            "QUALTRICS_USERNAME": tenant["username"],
            "QUALTRICS_API_TOKEN": tenant["apiToken"],
            URL_VARIABLE: self._document["url"],
        }

    def summary(self, exit_code: int) -> dict[str, Any]:
        """Return what came in, of all tenants together, and the command's exit code."""
        engine = self._running.engine
        counts: Counter[str] = Counter()
        refused_by: Counter[str] = Counter()
        others_by: Counter[str] = Counter()
        for tenant in engine.tenants.all():
            totals = engine.journal.totals(tenant.number)
            refused_by.update(totals["refusedBy"])
            others_by.update(totals["otherCallsBy"])
            counts.update({key: n for key, n in totals.items() if type(n) is int})
        return {
            "exitCode": exit_code,
            "totals": dict(counts)
            | {"refusedBy": dict(refused_by), "otherCallsBy": dict(others_by)},
            "unattributed": engine.journal.unattributed_calls(),
        }

    def _serve(self) -> None:
        try:
            run_server(self._flags, self._announce)
        except BaseException as error:  # noqa: BLE001  the other thread raises it
            if not self._ready.done():
                self._ready.set_exception(error)

    def _announce(self, running: "RunningServer", document: dict[str, Any]) -> None:
        if self._is_unwanted:
            running.close()
        self._ready.set_result((running, document))

    def _stop(self) -> None:
        self._is_unwanted = True
        if self._ready.done() and self._ready.exception() is None:
            self._ready.result()[0].close()
        self._thread.join(_JOIN_SECONDS)


def _say(text: str) -> None:
    _tell(f"mock-qualtrics: {text}")


def _tell(line: str) -> None:
    # Where nobody reads it, or the disk is full, the command's own end counts all the same.
    try:
        click.echo(line, err=True)
    except (OSError, ValueError):
        sys.stderr = None  # whose rest would fail once more at the end, and change the exit code


def _sentence(summary: Mapping[str, Any]) -> str:
    if reason := summary.get("notStarted"):
        return f"The command was not started: {reason}. The exit code is {summary['exitCode']}."
    return f"{_arrivals(summary)}. The command {_end(summary['exitCode'])}."


def _arrivals(summary: Mapping[str, Any]) -> str:
    totals, unattributed = summary["totals"], summary["unattributed"]
    received = totals.get("received", 0)
    others = totals.get("otherCalls", 0)
    if not (received or unattributed or others):
        return "no call came in"
    parts = [f"{_counted(received)} came in: {totals['accepted']} accepted"]
    refused, elsewhere = _listed(totals["refusedBy"]), _listed(totals["otherCallsBy"])
    parts += [f"{totals['refused']} refused ({refused})"] if totals["refused"] else []
    parts += [f"{_counted(others)} to other paths ({elsewhere})"] if others else []
    parts += [f"{_counted(unattributed)} named no tenant"] if unattributed else []
    runs = ", ".join(f"{totals[name]} {name}" for name in _COUNTED if totals[name])
    never = " (never run: the mock ended before they were due)" if totals["pending"] else ""
    return ", ".join(parts) + (f"; runs: {runs}{never}" if runs else "")


def _listed(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())


def _counted(count: int) -> str:
    return f"{count} call{'' if count == 1 else 's'}"


def _end(exit_code: int) -> str:
    try:
        name = signal.Signals(exit_code - SIGNALLED).name
    except ValueError:
        return f"ended with exit code {exit_code}"
    return f"ended with exit code {exit_code} ({name})"
