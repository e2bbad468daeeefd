"""``status``: prints the report of an outbox's last run, also while an export is running."""

import sys

import click

from sender.clock import RealClock
from sender.commands.shared import common_options, errors_and_exit
from sender.errors import ConfigurationError
from sender.outbox import Outbox
from sender.outbox.file import is_in_use
from sender.reporting.report_page import print_report
from sender.reporting.run_report import report_from


@click.command("status", epilog="Example: qualtrics-sender status --outbox dataflow.outbox.sqlite")
@common_options.outbox_option
@common_options.json_option
def command(outbox_path: str, *, as_json: bool) -> None:
    """Print the report of an outbox's last run.

    Off a terminal each row is one line of cells between tabs: term, value, note.
    """
    with errors_and_exit.reported_errors():
        path = common_options.existing_outbox(outbox_path)
        goes_on = is_in_use(path)
        with Outbox(path, writable=False) as outbox:
            run, dataflow = outbox.runs.last(), outbox.binding.dataflow()
            if run is None or dataflow is None:
                raise ConfigurationError(f"{path}: nothing was ever exported with this outbox")
            report = report_from(outbox, run, RealClock().now(), goes_on=goes_on)
    if as_json:
        errors_and_exit.print_json(report.to_mapping())
    else:
        print_report(report, dataflow.name)
    sys.exit(0 if report.all_well else errors_and_exit.EXIT_FAILED)
