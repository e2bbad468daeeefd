"""``replay``: sends failed messages again."""

import click

from sender.commands.resume import stored_job
from sender.commands.shared import common_options, errors_and_exit, send
from sender.commands.shared.options import ExportOptions, sending_options
from sender.exporter import Exporter
from sender.reporting.report import Report


@click.command("replay", epilog="Example: qualtrics-sender replay --outbox FILE --error-code 500")
@common_options.outbox_option
@common_options.policy_option
@click.option(
    "--failed", is_flag=True, help="Changes nothing: only failed messages can be replayed."
)
@click.option(
    "--error-code", metavar="CODE", help="Only messages that failed with this error code."
)
@click.option(
    "--url", envvar="QUALTRICS_URL", show_envvar=True, help="Takes the place of the dataflow's."
)
@common_options.plain_http_option
@sending_options
def command(
    outbox_path: str,
    policy_name: str | None,
    error_code: str | None,
    url: str | None,
    options: ExportOptions,
    *,
    failed: bool,  # noqa: ARG001  only failed messages can be replayed, with or without the flag
) -> None:
    """Send again the messages that failed for good; they count in the outbox's last run."""
    with errors_and_exit.reported_errors():
        job = stored_job(outbox_path, url, policy_name)
        common_options.token()
        send.send(job, options, lambda exporter: _replay(exporter, error_code))


def _replay(exporter: Exporter, error_code: str | None) -> Report:
    codes = exporter.replayable_codes()
    if not codes:
        raise send.NothingToDo("nothing is replayed: no message that failed can be sent again")
    if error_code is not None and error_code not in codes:
        known = ", ".join(f"{code} ({count:,})" for code, count in codes.items())
        raise send.NothingToDo(
            f"nothing is replayed: no failed message has the error code {error_code}, expected "
            f"one of: {known}"
        )
    return exporter.replay_failed(error_code)
