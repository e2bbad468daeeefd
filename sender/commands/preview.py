"""``preview``: prints the messages that an export would send; sends and stores nothing."""

import json
import sys
from collections import Counter

import click

from contracts.terminal import printable
from sender.clock import RealClock
from sender.commands.shared import common_options, errors_and_exit
from sender.commands.shared.selection import Choice, Selection, selection_options
from sender.delivery.row_batches import previewed
from sender.mapping.hints.identity_hints import IdentityHints
from sender.profiles import BrokenRow, UnreadRows

SHOWN_BROKEN_ROWS = 20


@click.command(
    "preview", epilog="Example: qualtrics-sender preview --dataflow dataflow.toml profiles.jsonl"
)
@common_options.dataflow_options
@click.argument("profiles", nargs=-1, required=True)
@selection_options
@common_options.json_option
def command(
    dataflow_path: str,
    url: str | None,
    username: str | None,
    profiles: tuple[str, ...],
    *,
    choice: Choice,
    as_json: bool,
) -> None:
    """Print the messages that a first export of PROFILES would send; nothing is sent.

    One message per line; on a terminal, without --json, they are indented. PROFILES are .jsonl,
    .json, .csv or .parquet files, or - for standard input.
    """
    indented = not as_json and sys.stdout.isatty()
    with errors_and_exit.reported_errors():
        dataflow = common_options.load_dataflow(dataflow_path, url, username)
        selection = Selection(
            profiles,
            dataflow,
            choice,
        )
        for warning in selection.source.warnings:
            errors_and_exit.tell(f"warning: {warning}")
        exclusions: Counter[str] = Counter()
        hints = IdentityHints()
        messages = broken = unread = 0
        for item in previewed(selection, dataflow, RealClock().now()):
            if isinstance(item, bytes):
                messages += 1
                click.echo(_indented(item) if indented else item.decode())
            elif isinstance(item, UnreadRows):
                unread += 1
                errors_and_exit.tell(f"not read: {item}")
            elif isinstance(item, BrokenRow):
                broken += 1
                if broken <= SHOWN_BROKEN_ROWS:
                    errors_and_exit.tell(f"broken row: {item}")
            else:
                exclusions[item.reason.value] += 1
                hints.add(item.hint)
        errors_and_exit.explain_hints(list(hints.sentences()))
        _sum_up(messages, exclusions, broken)
    sys.exit(errors_and_exit.EXIT_FAILED if broken or unread else 0)


def _sum_up(messages: int, exclusions: Counter[str], broken: int) -> None:
    errors_and_exit.tell(errors_and_exit.counted(messages, "message"))
    for reason, count in exclusions.most_common():
        errors_and_exit.tell(f"{count} excluded: {reason}")
    if broken:
        errors_and_exit.tell(errors_and_exit.counted(broken, "broken row"))


def _indented(message: bytes) -> str:
    text = json.dumps(json.loads(message), indent=2, ensure_ascii=False)
    return printable(text, keep="\n")
