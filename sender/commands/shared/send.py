"""Shared by ``export``, ``resume`` and ``replay``: send, show progress, print the report, exit."""

import contextlib
import dataclasses
import json
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import click

from contracts.errors import UnwritableReportError
from contracts.reports.files import check_kept, check_writable, write_whole
from sender import events
from sender.commands.shared import console, errors_and_exit, explanations
from sender.commands.shared.options import ExportOptions
from sender.commands.shared.selection import Selection
from sender.dataflow import Dataflow
from sender.delivery.rates.pace import AS_THE_POLICY_SAYS, kept_limit
from sender.errors import ConfigurationError, ExportStoppedError
from sender.exporter import Exporter
from sender.policies import RetryPolicy
from sender.reporting.report import Report
from sender.reporting.report_page import print_report, report_html
from sender.text import printable_text


@dataclass(frozen=True, slots=True)
class Job:
    """One invocation of a command that sends.

    Attributes:
        dataflow: destination, mapping and audiences.
        policy: how messages are delivered.
        outbox: the outbox's file.
        selection: the profiles; None if none are read.
        kept: the delivery options that the outbox keeps, for a command that goes on with them.
    """

    dataflow: Dataflow
    policy: RetryPolicy
    outbox: Path
    selection: Selection | None = None
    kept: Mapping[str, Any] = field(default_factory=dict)


class NothingToDo(Exception):  # noqa: N818  no error: the command has done what there was to do
    """Raised by an action for which the outbox has nothing; the text says so."""


def send(job: Job, options: ExportOptions, act: Callable[[Exporter], Report]) -> None:
    """Send, print the report, and exit with the code for the result.

    Args:
        job: what to send.
        options: the options of the command.
        act: calls the exporter and returns its report.

    Raises:
        ConfigurationError: the configuration is invalid; nothing was sent.
    """
    _refuse_unwritable_paths(job, options)
    options = _with_kept(options, job.kept)
    if options.retry_after is not None:
        policy = job.policy.retrying_after(options.retry_after)
        job = dataclasses.replace(job, policy=policy)
    if options.give_up_after_seconds is not None:
        policy = job.policy.giving_up_after(options.give_up_after_seconds)
        job = dataclasses.replace(job, policy=policy)
    watched = console.Watched(
        job.policy, explanations.command_line("resume", job.outbox), job.selection
    )
    with (
        _exit_on_second_interrupt(job.outbox),
        console.subscribers_for(watched, options) as subscribers,
        _exporter(job, options, subscribers) as exporter,
        _stopped_by_signals(exporter),
    ):
        stopped, note, report = _attempt(exporter, act)
        broken = exporter.broken_rows()
        hints = exporter.identity_hints()
        kept = exporter.kept_memberships()
    written = _write_report(report, job.dataflow.name, options, note)
    explanations.print_broken_rows(broken, report)
    errors_and_exit.explain_hints(hints)
    explanations.explain_kept(kept)
    if job.selection is not None:
        explanations.explain_unchanged(report, job.outbox)
    alerted = explanations.alert(report, options)
    explanations.explain_answers(report)
    explanations.explain_replay(report, job.policy, job.outbox)
    if stopped is None:
        explanations.explain_unread(report)
    if stopped is not None:
        explanations.explain_stop(stopped, report, job.outbox)
        sys.exit(
            errors_and_exit.EXIT_INTERRUPTED if stopped.interrupted else errors_and_exit.EXIT_FAILED
        )
    sys.exit(0 if report.all_well and written and not alerted else errors_and_exit.EXIT_FAILED)


def _with_kept(options: ExportOptions, kept: Mapping[str, Any]) -> ExportOptions:
    """Return the options, and those that the outbox keeps where none is given."""
    retry_after = options.retry_after or tuple(kept.get("retryAfter", ())) or None
    minute, day, offered = options.calls_per_minute, options.calls_per_day, options.offered_rate
    return dataclasses.replace(
        options,
        retry_after=retry_after,
        calls_per_minute=kept_limit(kept, "callsPerMinute") if minute is None else minute,
        calls_per_day=kept_limit(kept, "callsPerDay") if day is None else day,
        offered_rate=kept_limit(kept, "offeredRate") if offered is None else offered,
    )


def _refuse_unwritable_paths(job: Job, options: ExportOptions) -> None:
    """Check the paths of reports now; otherwise an error would appear only after sending."""
    named = {"--report": options.report_path, "--html": options.html_path}
    reports = {option: path for option, path in named.items() if path is not None}
    try:
        if reports:
            check_writable({**reports, "--outbox": str(job.outbox)})
        check_kept(reports, () if job.selection is None else job.selection.names)
    except UnwritableReportError as error:
        raise ConfigurationError(str(error)) from None


def _attempt(
    exporter: Exporter, act: Callable[[Exporter], Report]
) -> tuple[ExportStoppedError | None, str | None, Report]:
    """Return why the export stopped, why there was nothing to do, and the report."""
    try:
        return None, None, act(exporter)
    except NothingToDo as nothing:
        return None, str(nothing), exporter.report()
    except ExportStoppedError as error:
        return error, None, exporter.report()


def _exporter(job: Job, options: ExportOptions, subscribers: list[events.Subscriber]) -> Exporter:
    minute, day = options.calls_per_minute, options.calls_per_day
    return Exporter(
        job.dataflow,
        policy=job.policy,
        outbox=job.outbox,
        transport=options.transport,
        workers=options.workers,
        calls_per_minute=AS_THE_POLICY_SAYS if minute is None else minute,
        calls_per_day=AS_THE_POLICY_SAYS if day is None else day,
        offered_rate=options.offered_rate,
        alert_below=options.alert_below,
        skip_rate_above=options.skip_rate_above,
        subscribers=subscribers,
    )


@contextlib.contextmanager
def _exit_on_second_interrupt(outbox: Path) -> Iterator[None]:
    """Exit as interrupted, and say how to resume, when a second signal ended the export at once."""
    try:
        yield
    except KeyboardInterrupt:
        errors_and_exit.tell(
            f"interrupted; go on with: {explanations.command_line('resume', outbox)}"
        )
        sys.exit(errors_and_exit.EXIT_INTERRUPTED)


@contextlib.contextmanager
def _stopped_by_signals(exporter: Exporter) -> Iterator[None]:
    """Make SIGINT, SIGTERM and SIGHUP finish the calls in flight; a second one ends at once."""

    def stop(number: int, _frame: FrameType | None) -> None:
        exporter.stop()
        errors_and_exit.drop_lost_terminal()  # SIGHUP tells of that
        signal.signal(number, signal.default_int_handler)

    before = {number: signal.signal(number, stop) for number in _stopping_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stopping_signals() -> list[signal.Signals]:
    """Return the signals that stop an export; ``nohup`` asks that SIGHUP is none of them."""
    found = [signal.SIGINT, signal.SIGTERM]
    hangup: signal.Signals | None = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        found.append(hangup)
    return found


def _write_report(report: Report, name: str, options: ExportOptions, note: str | None) -> bool:
    """Write and print the report; return whether everything could be written.

    People are told why there was nothing to do instead: the report is of an earlier export.
    """
    text = json.dumps(report.to_mapping(), indent=2, ensure_ascii=False) + "\n"
    done = True
    if options.report_path is not None:
        done = _write(options.report_path, text)
    if options.html_path is not None:
        done = _write(options.html_path, report_html(report, name)) and done
    if options.as_json:
        if note is not None:
            errors_and_exit.tell(f"note: {note}")
        return _print(lambda: click.echo(text, nl=False)) and done
    if note is not None:
        return _print(lambda: click.echo(printable_text(note))) and done
    return _print(lambda: print_report(report, name)) and done


def _print(show: Callable[[], None]) -> bool:
    """Print; return whether that worked. A closed pipe must not hide what goes to stderr later."""
    try:
        show()
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):  # rich raises SystemExit for a broken pipe
        errors_and_exit.drop_output()
        return False
    return True


def _write(path: str, text: str) -> bool:
    """Write a file; print an error if that fails, and return whether it worked.

    Does not raise: everything is sent, and more has to be printed.
    """
    try:
        write_whole(path, text.encode())
    except UnwritableReportError as error:
        errors_and_exit.tell(f"error: {error}")
        return False
    return True
