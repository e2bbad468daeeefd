"""Reports a run of a command, however it ends: in files, on the terminal, in the CI's summary.

A command judges inside :meth:`Reporter.run`. When that ends, also by an error or by Ctrl-C, every
report is written with what was judged until then, and says why it is not all.
"""

import errno
import json
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

import click

from contracts.clock import Clock
from contracts.errors import ContractsError, UnwritableReportError
from contracts.reports.case_table import print_cases
from contracts.reports.files import append_summary, is_summary, rendered, write_whole
from contracts.reports.run_report import RunReport, one_sentence, run_report, urgency
from contracts.reports.texts import on_one_line, shown
from contracts.terminal import printable
from contracts.verdicts import (
    EXIT_INTERRUPTED,
    EXIT_NO_VERDICT,
    EXIT_WELL,
    Outcome,
    Verdict,
    Verdicts,
)

INTERRUPTED: Final = "interrupted before all was judged; give the same command again"
UNREAD: Final = "the output could not be written"


class Collected:
    """The verdicts of a run, as they come."""

    def __init__(self, planned: Sequence[str]) -> None:
        self._planned = tuple(planned)
        self._verdicts: dict[str, Verdict] = {}

    def add(self, *verdicts: Verdict) -> None:
        """Take verdicts, in any order, from any thread.

        Of two with the same name the one that needs a look stays, so that none is lost.
        """
        for verdict in verdicts:
            before = self._verdicts.get(verdict.name, verdict)
            self._verdicts[verdict.name] = min(verdict, before, key=urgency)

    def verdicts(self, ended_by: str = "") -> tuple[Verdict, ...]:
        """Return one for each planned case, in that order, then the others as they came."""
        unjudged = ("not judged, for the run ended before",) if ended_by else ("not judged",)
        planned = {name: Verdict(name, Outcome.ERROR, unjudged) for name in self._planned}
        return tuple({**planned, **self._verdicts}.values())


class Reporter:
    """Where the reports of a command go.

    Args:
        paths: the files to write, by format (:data:`contracts.reports.files.FORMATS`).
        as_json: whether standard output gets JSON, in place of a table.
        environ: the environment, which may name a file for the CI's summary.
        clock: what dates and times a run.
    """

    def __init__(
        self, paths: Mapping[str, str], *, as_json: bool, environ: Mapping[str, str], clock: Clock
    ) -> None:
        self._paths = paths
        self.as_json = as_json
        self._environ = environ
        self._clock = clock
        self.exit_code = EXIT_NO_VERDICT
        self.all_written = False

    @contextmanager
    def run(
        self,
        tool: str,
        subject: str,
        *,
        planned: Sequence[str] = (),
        cases_key: str | None = "checks",
    ) -> Iterator[Collected]:
        """Collect verdicts, report them, and leave the exit code in :attr:`exit_code`.

        SIGTERM, which a CI system sends to what it cancels, and SIGHUP are taken as Ctrl-C is.

        Args:
            tool: the subcommand, such as ``conformance``.
            subject: what is judged; for a command
                :func:`contracts.redaction.command_line` writes it without its secrets.
            planned: the names of the cases, in order; one that gets no verdict is an error.
            cases_key: under which key ``--json`` lists them; None for a command that prints what
                came of them itself.

        Raises:
            SystemExit: with 3 when it was interrupted, with 5 after an error of the harness.
            click.ClickException: raised inside, for wrong usage: nothing is reported.
            OSError: raised inside by a command that prints itself, whose output has no reader or no
                space; it is reported first.
        """
        started, began = self._clock.now(), self._clock.monotonic()
        collected, ended_by = Collected(planned), ""
        left: Exception | None = None
        try:
            with signals_as_interrupt():
                yield collected
        except click.ClickException:
            raise
        except KeyboardInterrupt:
            ended_by = INTERRUPTED
        except ContractsError as error:
            ended_by = str(error)
        except Exception as error:  # noqa: BLE001  an error of the harness is never a failure of what is judged
            if cases_key is None and _is_of_output(error):
                ended_by, left = UNREAD, error
            else:
                traceback.print_exc()
                ended_by = f"an error of the harness: {type(error).__name__}: {error}"
        verdicts = Verdicts(subject, collected.verdicts(ended_by))
        seconds = self._clock.monotonic() - began
        self._report(run_report(tool, verdicts, started, seconds, ended_by), cases_key)
        if left is not None:
            raise left
        if ended_by:
            sys.exit(EXIT_INTERRUPTED if ended_by == INTERRUPTED else EXIT_NO_VERDICT)

    def _report(self, report: RunReport, cases_key: str | None) -> None:
        written = [_tried(self._write, name, report) for name in self._paths]
        _tried(self._summarize, report)
        self.all_written = all(written)
        self.exit_code = report.exit_code
        if not self.all_written and self.exit_code == EXIT_WELL:
            self.exit_code = EXIT_NO_VERDICT
        says_it_itself = cases_key is None and report.ended_by in ("", UNREAD)
        if report.trouble is not None and not says_it_itself:
            _tell(f"error: {one_sentence(report.trouble)}")
        if cases_key is not None:
            self._show(report, cases_key)

    def _show(self, report: RunReport, cases_key: str) -> None:
        if self.as_json:
            click.echo(json.dumps(report.to_mapping(cases_key), indent=2))
        else:
            print_cases(report)
        _tell(f"{report.tool}: {report.score}")

    def _write(self, name: str, report: RunReport) -> None:
        write_whole(self._paths[name], rendered(name, report))

    def _summarize(self, report: RunReport) -> None:
        markdown = self._paths.get("markdown")
        if markdown is not None and is_summary(markdown, self._environ):
            return  # it is in there already
        path = append_summary(report, self._environ)
        if path is not None:
            _tell(f"added to the job's summary: {path}")


def _is_of_output(error: Exception) -> bool:
    """Return whether standard output is full, or its reader has left, as `head` does."""
    is_known = isinstance(error, OSError) and error.errno in (errno.EPIPE, errno.ENOSPC)
    return is_known and getattr(error, "filename", None) is None


def _tried(act: Callable[..., None], *arguments: object) -> bool:
    try:
        act(*arguments)
    except UnwritableReportError as error:
        _tell(f"error: {error}")
        return False
    return True


def _tell(text: str) -> None:
    click.echo(printable(on_one_line(shown(text))), err=True)


def _interrupt(*_: Any) -> None:  # noqa: ANN401  signal's
    raise KeyboardInterrupt


@contextmanager
def signals_as_interrupt() -> Iterator[None]:
    """Raise KeyboardInterrupt for SIGTERM and SIGHUP, so that what was started is ended.

    A closed terminal sends SIGHUP; ``nohup`` asks that it is ignored. In the main thread only.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, _interrupt) for number in _ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ending_signals() -> list[signal.Signals]:
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is None or signal.getsignal(hangup) is signal.SIG_IGN:
        return [signal.SIGTERM]
    return [signal.SIGTERM, hangup]
