"""``reconcile``: compares an outbox with the mock's journal, message by message."""

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, Final

import click

from contracts.control_token import control_token_options
from contracts.masking import mask_identity
from contracts.option_numbers import Finite
from contracts.secret import Secret
from contracts.tables import Column, on_terminal, print_rows
from contracts.terminal import printable
from sender.clock import RealClock
from sender.commands.shared import common_options, errors_and_exit
from sender.destination.message_identities import MOST_ASKED, MessageIdentities
from sender.destination.mock_journal import MockJournal
from sender.destination.received_calls import ReceivedCalls
from sender.destination.reconciliation import OUTCOMES, Reconciliation, findings
from sender.errors import ConfigurationError
from sender.outbox import Outbox

SHOWN_ROWS: Final = 1_000  # a table is held in memory to be laid out
_COLUMNS: Final = (
    Column("Trace id", whole=True),
    Column("Outcome", whole=True),
    Column("Sender"),
    Column("Run ids", whole=True),
    Column("Identity"),
    Column("Accepted"),
    Column("Uncertain attempts"),
    Column("What is not well"),
)
_COUNT_NAMES: Final = {"never-arrived": "neverArrived", "arrived-twice": "arrivedTwice"}


@click.command(
    "reconcile",
    epilog="Example: qualtrics-sender reconcile --outbox FILE --mock http://127.0.0.1:8084",
)
@common_options.outbox_option
@click.option("--mock", "mock_url", metavar="URL", required=True, help="Where the mock runs.")
@click.option(
    "--url", envvar="QUALTRICS_URL", show_envvar=True, help="Takes the place of the dataflow's."
)
@control_token_options("For a mock that requires one.")
@click.option(
    "--wait",
    "wait_seconds",
    type=Finite(0, 86_400),
    default=0.0,
    metavar="SECONDS",
    help="First wait up to this long for pending runs; a clock that skips jumps to what is due.",
)
@click.option(
    "--strict",
    is_flag=True,
    help="Fail also when the mock accepted calls that belong to no message in the outbox.",
)
@common_options.show_identities_option
@common_options.json_option
def command(  # noqa: PLR0913  options, which click passes by name
    outbox_path: str,
    mock_url: str,
    url: str | None,
    control_token: str | None,
    wait_seconds: float,
    *,
    strict: bool,
    show_identities: bool,
    as_json: bool,
) -> None:
    """Say of every message whether it was delivered once and its run succeeded.

    Lists each message that is not well: ignored by a disabled workflow, its run failed, blocked or
    pending, never arrived, arrived twice, or not known to the sender as delivered. An activated
    message that never arrived has no identity: neither side keeps one.

    Off a terminal each is one line of cells between tabs: trace id, outcome, the sender's state,
    run ids, identity, times accepted, uncertain attempts, what is not well.
    """
    with errors_and_exit.reported_errors():
        path = common_options.existing_outbox(outbox_path)
        secret = None if control_token is None else Secret(control_token)
        shown = str if show_identities else mask_identity
        with (
            Outbox(path, writable=False) as outbox,
            MockJournal(mock_url, secret, shown) as journal,
            ReceivedCalls() as received,
        ):
            dataflow = outbox.binding.dataflow()
            if dataflow is None:
                raise ConfigurationError(f"{path}: nothing was ever exported with this outbox")
            trigger_url = url or dataflow.url
            if wait_seconds:
                journal.wait_for_runs(trigger_url, wait_seconds, RealClock())
            journal.copy_to(received, trigger_url)
            identities = MessageIdentities(journal, shown)
            result = _compare(outbox, received, identities)
            (_print_json if as_json else _show)(result, received)
    _explain(result, identities)
    fails = result.not_well or (strict and result.foreign)
    sys.exit(errors_and_exit.EXIT_FAILED if fails else 0)


def _compare(
    outbox: Outbox, received: ReceivedCalls, identities: MessageIdentities
) -> Reconciliation:
    """Compare all messages; what is not well is kept beside the calls, not in memory."""
    result = Reconciliation(foreign=received.accepted())

    def not_well() -> Iterator[tuple[bool, str]]:
        for finding in findings(outbox.messages.traces(), received.of, identities):
            result.add(finding)
            if not finding.is_well:
                yield finding.disagrees, json.dumps(finding.to_mapping(), ensure_ascii=False)

    received.keep_findings(not_well())
    return result


def _print_json(result: Reconciliation, received: ReceivedCalls) -> None:
    """Print one JSON object, whose lists are written as they are read."""
    counts = {
        "messages": result.messages,
        "agreeing": result.agreeing,
        "foreign": result.foreign,
        "outcomes": {_COUNT_NAMES.get(name, name): result.outcomes[name] for name in OUTCOMES},
        "hint": result.hint(),
    }
    click.echo(json.dumps(counts, indent=2, ensure_ascii=False).removesuffix("\n}"), nl=False)
    _print_list("disagreements", received.findings(disagreeing_only=True))
    _print_list("notWell", received.findings())
    click.echo("\n}")


def _print_list(name: str, documents: Iterable[str]) -> None:
    click.echo(f',\n  "{name}": [', nl=False)
    between = "\n    "
    for document in documents:
        click.echo(between + printable(document), nl=False)
        between = ",\n    "
    click.echo("\n  ]" if between.startswith(",") else "]", nl=False)


def _show(result: Reconciliation, received: ReceivedCalls) -> None:
    rows = (_cells(json.loads(document)) for document in received.findings())
    if not on_terminal():
        for row in rows:
            print_rows(_COLUMNS, [row])
    elif first := list(islice(rows, SHOWN_ROWS)):
        print_rows(_COLUMNS, first)
        if more := result.not_well - len(first):
            click.echo(f"{more:,} more are not well; off a terminal and with --json all are listed")
    for line in _summary(result):
        click.echo(line, err=not on_terminal())


def _cells(finding: dict[str, Any]) -> tuple[object, ...]:
    runs = ",".join(finding["runIds"])
    names = ("accepted", "uncertainAttempts", "meaning")
    ends = (finding[name] for name in names)
    return (
        finding["traceId"],
        finding["outcome"],
        finding["state"],
        runs,
        finding["identity"],
        *ends,
    )


def _summary(result: Reconciliation) -> Iterator[str]:
    if not result.not_well:
        yield "every message that was to be sent was delivered once, and its run succeeded"
    if result.foreign:
        calls = errors_and_exit.counted(result.foreign, "call")
        yield f"foreign: the mock took {calls} that belong to no message of this outbox"
    counted = ", ".join(f"{n:,} {name}" for name in OUTCOMES if (n := result.outcomes[name]))
    disagreements = errors_and_exit.counted(result.disagreements, "disagreement")
    messages = errors_and_exit.counted(result.messages, "message")
    yield f"total: {', '.join(filter(None, (messages, counted, disagreements)))}"


def _explain(result: Reconciliation, identities: MessageIdentities) -> None:
    if hint := result.hint():
        errors_and_exit.tell(f"hint: {hint}")
    if result.outcomes["pending"]:
        errors_and_exit.tell(
            "hint: --wait SECONDS waits for pending runs; a virtual clock has to be advanced"
        )
    if identities.not_asked:
        errors_and_exit.tell(
            f"note: {identities.not_asked:,} identities are left out: only the first "
            f"{MOST_ASKED:,} that the mock has to be asked for are"
        )
