"""``export``: sends the messages left pending by earlier exports, then exports profiles."""

import functools
from pathlib import Path

import click

from sender.commands.shared import common_options, errors_and_exit, send
from sender.commands.shared.options import ExportOptions, sending_options
from sender.commands.shared.selection import (
    Choice,
    Selection,
    selection_options,
    source_name,
)
from sender.exporter import Exporter
from sender.outbox import Outbox
from sender.outbox.records import Run
from sender.policies import LOSSLESS, POLICIES
from sender.profiles import EarlierExports
from sender.reporting.report import Report


@click.command(
    "export", epilog="Example: qualtrics-sender export --dataflow dataflow.toml profiles.jsonl"
)
@common_options.dataflow_options
@click.argument("profiles", nargs=-1, required=True)
@click.option(
    "--policy",
    "policy_name",
    type=click.Choice(list(POLICIES)),
    default=LOSSLESS.name,
    show_default=True,
    help="How messages are delivered: lossless, or as Adobe does. "
    + "; ".join(f"{p.name} follows {p.follows}" for p in POLICIES.values() if p.follows)
    + ".",
)
@click.option(
    "--outbox",
    "outbox_path",
    metavar="FILE",
    help="Stores every message's state; by default a file beside the dataflow.",
)
@click.option(
    "--restated",
    is_flag=True,
    help="Treat all rows as ingested again: members are exported again although no value changed.",
)
@selection_options
@sending_options
def command(  # noqa: PLR0913  options, which click passes by name
    dataflow_path: str,
    url: str | None,
    username: str | None,
    profiles: tuple[str, ...],
    policy_name: str,
    outbox_path: str | None,
    *,
    restated: bool,
    choice: Choice,
    options: ExportOptions,
) -> None:
    """Export PROFILES: .jsonl, .json, .csv or .parquet files, or - for standard input.

    A profile that was exported before and has not changed is not sent again, unless --restated is
    given. An export that was killed continues when the same command is given again, or with resume.
    If rows that were already read have changed since, PROFILES are read again from the start.
    """
    with errors_and_exit.reported_errors():
        with errors_and_exit.nothing_sent_yet():  # a header on a pipe may be slow to arrive
            dataflow = common_options.load_dataflow(dataflow_path, url, username)
            common_options.token()
            outbox = (
                Path(outbox_path)
                if outbox_path
                else common_options.default_outbox(dataflow_path, dataflow)
            )
            selection = Selection(
                profiles,
                dataflow,
                choice,
                earlier=functools.partial(_earlier, outbox),
            )
            for warning in selection.source.warnings:
                errors_and_exit.tell(f"warning: {warning}")
        job = send.Job(dataflow, POLICIES[policy_name], outbox, selection)
        send.send(job, options, lambda exporter: _export(exporter, selection, restated=restated))


def _earlier(path: Path) -> EarlierExports:
    """Return what an outbox knows of earlier exports; nothing if there is no outbox yet."""
    if not path.is_file():
        return EarlierExports()
    with Outbox(path, writable=False) as outbox:
        return EarlierExports(outbox.exported.audiences_with_members(), outbox.exported.fields())


def _export(exporter: Exporter, selection: Selection, *, restated: bool) -> Report:
    source = selection.description()
    if (unread_run := exporter.left_unread(source, restated=restated)) is not None:
        was_restated = exporter.is_restated(unread_run)
        errors_and_exit.tell(f"warning: {_not_read(unread_run, was_restated=was_restated)}")
    return exporter.export(
        selection, source=source, fields=selection.source.fields, restated=restated
    )


def _not_read(run: Run, *, was_restated: bool) -> str:
    where = f"up to row {run.rows_read:,}, not to the end"
    if was_restated:
        again = "it with --restated again afterwards, or the rest counts as unchanged"
    else:
        again = "it again afterwards; what was exported is not sent twice"
    return f"the export before this one read {source_name(run)} {where}; export {again}"
