"""``failed``: prints who was lost: the messages that failed permanently or are uncertain."""

import csv
import datetime as dt
import io
import json
from collections import Counter
from collections.abc import Callable
from typing import Any, Final

import click

from contracts.masking import mask_identity
from contracts.terminal import printable
from sender.commands.shared import common_options, errors_and_exit
from sender.mapping.message_identity import identity_in
from sender.outbox import Outbox
from sender.outbox import schema as sql
from sender.outbox.records import LostMessage
from sender.text import instant_text

_STATES: Final = {sql.FAILED: "failed", sql.UNCERTAIN: "uncertain"}
_NAMES: Final = (
    "identity",
    "traceId",
    "state",
    "errorCode",
    "description",
    "attempts",
    "uncertainAttempts",
    "firstFailedAt",
    "canBeReplayed",
)

_Line = Callable[[dict[str, Any]], str]


@click.command(
    "failed", epilog="Example: qualtrics-sender failed --outbox dataflow.outbox.sqlite --csv"
)
@common_options.outbox_option
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV with a header instead.")
@common_options.show_identities_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON lines, which is the default.")
def command(outbox_path: str, *, as_csv: bool, show_identities: bool, as_json: bool) -> None:
    """Print each lost message of all exports with this outbox, as one JSON line.

    The state "failed" means that it was refused for good; "uncertain" means that nobody knows
    whether it arrived. The identity of somebody who has opted out since is not kept: it is null.
    firstFailedAt is in UTC.
    """
    if as_csv and as_json:
        raise click.UsageError("--csv and --json: found both, expected at most one")
    with errors_and_exit.reported_errors():
        path = common_options.existing_outbox(outbox_path)
        shown = str if show_identities else mask_identity
        line = _csv_line if as_csv else _json_line
        if as_csv:
            click.echo(line(dict(zip(_NAMES, _NAMES, strict=True))))
        counts: Counter[int] = Counter()
        with Outbox(path, writable=False) as outbox:
            for message in outbox.losses.lost():
                counts[message.state] += 1
                click.echo(line(_mapping(message, shown)))
            pending = _pending(outbox)
    failed = errors_and_exit.counted(counts[sql.FAILED], "message")
    waiting = f"; {pending} of the last run pending" if pending else ""
    errors_and_exit.tell(f"{failed} failed, {counts[sql.UNCERTAIN]} uncertain{waiting}")


def _pending(outbox: Outbox) -> int:
    """Return how many messages of the last run may still be lost, replayed ones too."""
    run = outbox.runs.last()
    states = {} if run is None else outbox.runs.tally(run.id).states
    return states.get(sql.PENDING, 0) + states.get(sql.IN_FLIGHT, 0)


def _mapping(message: LostMessage, shown: Callable[[str], str]) -> dict[str, Any]:
    identity = identity_in(message.body)
    values = (
        None if identity is None else shown(identity),
        message.trace_id,
        _STATES[message.state],
        message.error_code,
        message.description,
        message.attempts,
        message.uncertain_attempts,
        _instant(message.first_failed_at),
        message.can_be_replayed,
    )
    return dict(zip(_NAMES, values, strict=True))


def _instant(seconds: float | None) -> str | None:
    return None if seconds is None else instant_text(dt.datetime.fromtimestamp(seconds, dt.UTC))


def _json_line(values: dict[str, Any]) -> str:
    return printable(json.dumps(values, ensure_ascii=False))


def _csv_line(values: dict[str, Any]) -> str:
    line = io.StringIO()
    cells = (json.dumps(v) if isinstance(v, bool) else v for v in values.values())
    csv.writer(line, lineterminator="").writerow(cells)
    return printable(line.getvalue())
