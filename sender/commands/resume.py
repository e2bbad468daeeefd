"""``resume``: continues an export that was stopped or killed."""

import click

from sender.commands.shared import common_options, errors_and_exit, send
from sender.commands.shared.options import ExportOptions, sending_options
from sender.commands.shared.selection import Selection, selection_of, source_name
from sender.dataflow import Dataflow
from sender.errors import ConfigurationError, SourceChangedError
from sender.exporter import Exporter
from sender.outbox import Outbox
from sender.policies import LOSSLESS, policy_named
from sender.reporting.report import Report

NOT_READ_TO_THE_END = (
    "the profiles were not read to their end, and cannot be read again: export them anew; what was "
    "exported and has not changed is not sent again"
)


@click.command("resume", epilog="Example: qualtrics-sender resume --outbox dataflow.outbox.sqlite")
@common_options.outbox_option
@common_options.policy_option
@click.option(
    "--url", envvar="QUALTRICS_URL", show_envvar=True, help="Takes the place of the dataflow's."
)
@common_options.plain_http_option
@sending_options
def command(
    outbox_path: str, policy_name: str | None, url: str | None, options: ExportOptions
) -> None:
    """Send the messages that an export left pending, and read its files to their end.

    A file whose rows have changed since they were read is not read any further: export it anew.
    """
    with errors_and_exit.reported_errors():
        job = stored_job(outbox_path, url, policy_name)
        common_options.token()
        problems: list[str] = []

        def act(exporter: Exporter) -> Report:
            if exporter.last_run().source_finished and not exporter.report().pending:
                raise send.NothingToDo(
                    "nothing to resume: no message is pending, and the profiles were read to their "
                    "end; status prints the report"
                )
            selection = _rest(exporter, job.dataflow, problems)
            try:
                return exporter.resume(selection)
            except SourceChangedError as error:
                problems.append(f"{source_name(exporter.last_run())}: {error}")
                return exporter.resume()

        try:
            send.send(job, options, act)
        finally:  # last, after the report, where it is not overlooked
            for problem in problems:
                errors_and_exit.tell(f"error: {problem}")


def stored_job(outbox_path: str, url: str | None, policy_name: str | None) -> send.Job:
    """Return the job stored in an outbox, with the URL and the policy of the options.

    Raises:
        ConfigurationError: it is not an outbox, or nothing was ever exported with it.
    """
    path = common_options.existing_outbox(outbox_path)
    with Outbox(path, writable=False) as outbox:
        dataflow = outbox.binding.dataflow()
        policy = policy_named(policy_name or outbox.binding.policy_name() or LOSSLESS.name)
        kept = outbox.binding.delivery(policy.name)
    if dataflow is None:
        raise ConfigurationError(f"{path}: the outbox is empty: nothing was ever exported with it")
    dataflow = common_options.with_given(dataflow, url)
    return send.Job(dataflow, policy, path, kept=kept)


def _rest(exporter: Exporter, dataflow: Dataflow, problems: list[str]) -> Selection | None:
    """Open the last run's source again, if it was not read to its end.

    If that is not possible, the reason is added to ``problems``: pending messages are sent anyway.
    """
    run = exporter.last_run()
    if run.source_finished:
        return None
    if run.source is None or "files" not in run.source:
        problems.append(NOT_READ_TO_THE_END)
        return None
    try:
        return selection_of(run.source, dataflow)
    except ConfigurationError as error:
        problems.append(str(error))
        return None
