"""Shared by ``export``, ``resume`` and ``replay``: send, show progress, print the report, exit."""

import contextlib
import dataclasses
import json
import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import click

from sender import events
from sender.commands.shared import console, errors_and_exit
from sender.commands.shared.options import ExportOptions
from sender.commands.shared.selection import Selection
from sender.dataflow import Dataflow
from sender.delivery.pace import AS_THE_POLICY_SAYS, kept_limit
from sender.errors import ConfigurationError, ExportStoppedError
from sender.exporter import Exporter
from sender.mapping.exclusions import ExclusionReason
from sender.policies import LOSSLESS, RetryPolicy
from sender.reporting.report import Report
from sender.reporting.report_page import print_report, rate_text, report_html
from sender.text import printable_text
from sender.transport.outcomes import Answered, hopeless_reason

SHOWN_BROKEN_ROWS = 20


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
    _refuse_unwritable_paths(job, options.report_path, options.html_path)
    options = _with_kept(options, job.kept)
    if options.retry_after is not None:
        policy = job.policy.retrying_after(options.retry_after)
        job = dataclasses.replace(job, policy=policy)
    if options.give_up_after_seconds is not None:
        policy = job.policy.giving_up_after(options.give_up_after_seconds)
        job = dataclasses.replace(job, policy=policy)
    watched = console.Watched(job.policy, _command("resume", job.outbox), job.selection)
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
    _print_broken_rows(broken, report)
    errors_and_exit.explain_identities(hints)
    _explain_kept(kept)
    _explain_unchanged(report, job.outbox)
    alerted = _alert(report, options)
    _explain_answers(report)
    _explain_replay(report, job)
    if stopped is None:
        _explain_unread(report)
    if stopped is not None:
        _explain_stop(stopped, report, job.outbox)
        sys.exit(
            errors_and_exit.EXIT_INTERRUPTED if stopped.interrupted else errors_and_exit.EXIT_FAILED
        )
    sys.exit(0 if report.all_well and written and not alerted else errors_and_exit.EXIT_FAILED)


def _with_kept(options: ExportOptions, kept: Mapping[str, Any]) -> ExportOptions:
    """Return the options, and those that the outbox keeps where none is given."""
    retry_after = options.retry_after or tuple(kept.get("retryAfter", ())) or None
    day, offered = options.calls_per_day, options.offered_rate
    return dataclasses.replace(
        options,
        retry_after=retry_after,
        calls_per_day=kept_limit(kept, "callsPerDay") if day is None else day,
        offered_rate=kept_limit(kept, "offeredRate") if offered is None else offered,
    )


def _refuse_unwritable_paths(job: Job, *paths: str | None) -> None:
    """Check the paths of reports now; otherwise an error would appear only after sending."""
    names = () if job.selection is None else job.selection.names
    taken = {os.path.realpath(name) for name in (str(job.outbox), *names)}
    for path in filter(None, paths):
        if Path(path).is_dir() or not Path(path).parent.is_dir():
            raise ConfigurationError(f"{path}: cannot be written: no file can be there")
        if os.path.realpath(path) in taken:
            raise ConfigurationError(
                f"{path}: would be overwritten; expected a file of its own for each report"
            )
        if not Path(path).is_char_device():  # several reports may go to a device such as /dev/null
            taken.add(os.path.realpath(path))


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
        errors_and_exit.tell(f"interrupted; go on with: {_command('resume', outbox)}")
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
        Path(path).write_text(text, "utf-8")
    except OSError as error:
        errors_and_exit.tell(f"error: {path}: cannot be written: {error.strerror}")
        return False
    return True


def _print_broken_rows(broken: list[tuple[str, int | None, str]], report: Report) -> None:
    for source, line, reason in broken[:SHOWN_BROKEN_ROWS]:
        errors_and_exit.tell(f"broken row: {source}:{line or '?'}: {reason}")
    more = report.broken_rows - len(broken[:SHOWN_BROKEN_ROWS])
    if more > 0:
        errors_and_exit.tell(f"broken rows: {more} more")


def _explain_unchanged(report: Report, outbox: Path) -> None:
    """Explain why a second export of the same profiles sends nothing (A-EXP-1)."""
    unchanged = any(e.reason == ExclusionReason.NOTHING_CHANGED for e in report.exclusions)
    if unchanged and not (report.identities_activated or report.pending or report.failed):
        errors_and_exit.tell(
            f"note: nothing was sent, for {outbox} knows these profiles as exported;"
            " for a destination that starts anew, delete it or name another --outbox"
        )


def _explain_kept(kept: dict[str, int]) -> None:
    for audience, count in kept.items():
        errors_and_exit.tell(
            f"note: {errors_and_exit.counted(count, 'profile')} stayed in the audience {audience} "
            "as exported before: the source does not tell whether they have left it"
        )


def _explain_unread(report: Report) -> None:
    if report.stopped_because is not None:
        errors_and_exit.tell(
            f"error: not everything was read: {report.stopped_because}; what was read is exported;"
            " export the whole file once it can be read, what was exported is not sent again"
        )


def _alert(report: Report, options: ExportOptions) -> bool:
    """Print an alert if the run has failures or a low activation rate (A-ALRT-1)."""
    reasons = []
    if report.failed or report.uncertain:
        reasons.append(f"{report.failed} failed, {report.uncertain} uncertain")
    if report.is_rate_below(options.alert_below):
        reasons.append(f"the activation rate is {rate_text(report)}")
    if reasons:
        errors_and_exit.tell(f"alert: {'; '.join(reasons)}")
    return bool(reasons)


def _explain_answers(report: Report) -> None:
    """Say what an answer means that every message would get, where Adobe's policies go on."""
    for failures in report.failures:
        status = failures.status
        reason = None if status is None else hopeless_reason(Answered(status))
        if reason is not None:
            count = errors_and_exit.counted(failures.count, "message")
            errors_and_exit.tell(f"note: {count} failed because {reason}")


def _explain_replay(report: Report, job: Job) -> None:
    failed = report.failed + report.failed_before
    if not failed:
        return
    earlier = f", {report.failed_before:,} of them of earlier exports" * bool(report.failed_before)
    replay = _command("replay", job.outbox)
    if job.policy.drops_messages:
        replay += f" --policy {LOSSLESS.name}"  # the same policy would probably drop them again
    errors_and_exit.tell(
        f"{errors_and_exit.counted(failed, 'message')} failed{earlier}; replay: {replay}"
    )


def _explain_stop(stopped: ExportStoppedError, report: Report, outbox: Path) -> None:
    kind = "interrupted" if stopped.interrupted else f"error: {stopped}"
    errors_and_exit.tell(kind)
    pending = errors_and_exit.counted(report.pending, "message")
    resume = _command("resume", outbox)
    if not stopped.url_in_doubt:
        errors_and_exit.tell(f"{pending} pending; go on with: {resume}")
        return
    errors_and_exit.tell(
        f"{pending} pending for this URL; if the URL is right, publish and enable its workflow, "
        f"then go on with: {resume}; if it is wrong, write the right one into the dataflow and "
        "export again with --outbox and a new file's name, for another URL is another "
        f"destination: what is pending in {outbox} is not sent there"
    )


def _command(name: str, outbox: Path) -> str:
    return f"qualtrics-sender {name} --outbox {shlex.quote(str(outbox))}"
