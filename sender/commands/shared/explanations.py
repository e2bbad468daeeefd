"""What a command that sent says after its report: what went wrong, why, and how to go on."""

import shlex
from pathlib import Path
from typing import Final

from sender.commands.shared import errors_and_exit
from sender.commands.shared.options import ExportOptions
from sender.errors import ExportStoppedError
from sender.mapping.exclusions import EXPORTS_NOTHING, ExclusionReason
from sender.policies import LOSSLESS, RetryPolicy
from sender.reporting.report import Report
from sender.reporting.report_page import rate_text
from sender.transport.outcomes import Answered, hopeless_reason

SHOWN_BROKEN_ROWS: Final = 20


def print_broken_rows(broken: list[tuple[str, int | None, str]], report: Report) -> None:
    """Print the first rows that were not a profile, and how many more there were."""
    for source, line, reason in broken[:SHOWN_BROKEN_ROWS]:
        errors_and_exit.tell(f"broken row: {source}:{line or '?'}: {reason}")
    more = report.broken_rows - len(broken[:SHOWN_BROKEN_ROWS])
    if more > 0:
        errors_and_exit.tell(f"broken rows: {more} more")


def explain_unchanged(report: Report, outbox: Path) -> None:
    """Explain why a second export of the same profiles sends nothing (A-EXP-1).

    Where a change was not exported because it is switched off, the report says so, and to delete
    the outbox would be wrong.
    """
    reasons = {exclusion.reason for exclusion in report.exclusions}
    unchanged = ExclusionReason.NOTHING_CHANGED in reasons and reasons.isdisjoint(EXPORTS_NOTHING)
    if unchanged and not (report.identities_activated or report.pending or report.failed):
        errors_and_exit.tell(
            f"note: nothing was sent, for {outbox} knows these profiles as exported;"
            " for a destination that starts anew, delete it or name another --outbox"
        )


def explain_kept(kept: dict[str, int]) -> None:
    """Say who stays in an audience because the source cannot tell; ``kept`` counts by audience."""
    for audience, count in kept.items():
        errors_and_exit.tell(
            f"note: {errors_and_exit.counted(count, 'profile')} stayed in the audience {audience} "
            "as exported before: the source does not tell whether they have left it"
        )


def explain_unread(report: Report) -> None:
    """Say why the source was not read to its end although the export was not stopped."""
    if report.stopped_because is not None:
        errors_and_exit.tell(
            f"error: not everything was read: {report.stopped_because}; what was read is exported;"
            " export the whole file once it can be read; what was exported is not sent again"
        )


def alert(report: Report, options: ExportOptions) -> bool:
    """Print an alert if the run has failures or a low activation rate (A-ALRT-1)."""
    reasons = []
    if report.failed or report.uncertain:
        reasons.append(f"{report.failed} failed, {report.uncertain} uncertain")
    if report.is_rate_below(options.alert_below):
        reasons.append(f"the activation rate is {rate_text(report)}")
    if reasons:
        errors_and_exit.tell(f"alert: {'; '.join(reasons)}")
    return bool(reasons)


def explain_answers(report: Report) -> None:
    """Say what an answer means that every message would get, where Adobe's policies go on."""
    for failures in report.failures:
        status = failures.status
        reason = None if status is None else hopeless_reason(Answered(status))
        if reason is not None:
            count = errors_and_exit.counted(failures.count, "message")
            errors_and_exit.tell(f"note: {count} failed because {reason}")


def explain_replay(report: Report, policy: RetryPolicy, outbox: Path) -> None:
    """Say how many messages failed, how to see who they are, and how to send them again."""
    failed = report.failed + report.failed_before
    if not failed:
        return
    earlier = f", {report.failed_before:,} of them of earlier exports" * bool(report.failed_before)
    replay = command_line("replay", outbox)
    if policy.drops_messages:
        replay += f" --policy {LOSSLESS.name}"  # the same policy would probably drop them again
    counted = errors_and_exit.counted(failed, "message")
    errors_and_exit.tell(f"{counted} failed{earlier}; replay: {replay}")
    errors_and_exit.tell(f"who they are: {command_line('failed', outbox)}")


def explain_stop(stopped: ExportStoppedError, report: Report, outbox: Path) -> None:
    """Say why an export stopped, and how to go on with what is pending."""
    kind = "interrupted" if stopped.interrupted else f"error: {stopped}"
    errors_and_exit.tell(kind)
    pending = errors_and_exit.counted(report.pending, "message")
    resume = command_line("resume", outbox)
    if not stopped.url_in_doubt:
        errors_and_exit.tell(f"{pending} pending; go on with: {resume}")
        return
    errors_and_exit.tell(
        f"{pending} pending for this URL; if the URL is right, publish and enable its workflow, "
        f"then go on with: {resume}; if it is wrong, write the right one into the dataflow and "
        "export again with --outbox and a new file's name, for another URL is another "
        f"destination: what is pending in {outbox} is not sent there"
    )


def command_line(name: str, outbox: Path) -> str:
    """Return a command for an outbox, as it is typed."""
    return f"qualtrics-sender {name} --outbox {shlex.quote(str(outbox))}"
