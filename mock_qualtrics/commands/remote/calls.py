"""``mock-qualtrics calls``: every call that a running mock has received, refused ones too."""

import heapq
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final

import click

from contracts.option_numbers import Integer
from contracts.tables import Column, print_rows
from contracts.terminal import printable
from mock_qualtrics.commands.remote.lists import print_documents, say_none
from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock
from mock_qualtrics.model import token_advice

EXAMPLE = "Example: mock-qualtrics calls --reason rate-limit --limit 5"
LARGEST_PAGE: Final = 500
MOST_CALLS: Final = 1_000_000_000
COLUMNS: Final = (
    Column("Received at", whole=True),
    Column("Status", whole=True),
    Column("Reason", whole=True),
    Column("Method", whole=True),
    Column("Path"),
    Column("Run", whole=True),
    Column("Trace id", whole=True),
    Column("Call", whole=True),
    Column("Workflow"),
    Column("Token in"),
    Column("Faults"),
)
_NOT_ENABLED: Final = {"workflow-draft": "a draft", "workflow-disabled": "disabled"}


@click.command(epilog=EXAMPLE)
@click.option("--reason", help="Only calls that were refused for this reason.")
@click.option("--status", type=Integer(100, 599), help="Only calls answered so.")
@click.option("--trace-id", metavar="ID", help="Only calls with this X-Trace-Id.")
@click.option("--identity", help="Only calls whose body has this identity.")
@click.option(
    "--limit", type=Integer(1, MOST_CALLS), default=50, show_default=True, help="How many."
)
@asks_a_mock
def calls(mock: RunningMock, *, limit: int, as_json: bool, **filters: Any) -> None:  # noqa: ANN401  click's own values
    """List the calls that a running mock has received, newest first.

    Off a terminal a call is one line of cells between tabs: when it came, status, reason, method,
    path, run, trace id, the call's id, the workflow that its URL names, where its tenant's API
    token stood (header, basic, query, body), and the faults that it met. Without --tenant the calls
    that name no tenant, by URL or credential, are listed too.
    """
    tenant = mock.tenant()
    page_rows = min(limit, LARGEST_PAGE)
    lists = [mock.control.all_requests(tenant["id"], page_rows=page_rows, **filters)]
    if mock.tenant_id is None:
        lists.append(mock.control.all_unattributed(page_rows=page_rows, **filters))
    newest = heapq.merge(*lists, key=lambda call: call["receivedAt"], reverse=True)
    found = list(islice(newest, limit))
    if as_json:
        print_documents(found)
        return
    if not found:
        say_none(_nothing(mock, tenant["id"], filters))
        return
    names = {workflow["id"]: workflow["name"] for workflow in tenant["workflows"]}
    print_rows(COLUMNS, (_cells(call, names) for call in found))
    for advice in _advice(mock, found, names):
        click.echo(printable(advice), err=True)


def _advice(
    mock: RunningMock, found: Sequence[Mapping[str, Any]], names: Mapping[str, str]
) -> list[str]:
    """Return which workflows refused calls because they were not enabled, and the way round.

    Calls whose token stood in the URL or the body are pointed at, too.
    """
    counted = Counter((_state_then(call), call.get("workflowId") or "") for call in found)
    ways = [
        f"{count} of these: the workflow {names[id_]!r} was {state}; {_way_round(mock, id_, names)}"
        for (state, id_), count in counted.items()
        if state and id_ in names
    ]
    misplaced = Counter(text for call in found for text in token_advice(call.get("tokenIn")))
    return [*ways, *(f"{count} of these: {text}" for text, count in misplaced.items())]


def _way_round(mock: RunningMock, workflow_id: str, names: Mapping[str, str]) -> str:
    """Return how to enable a workflow; by its id where a command would not find its name."""
    if mock.control.workflow(workflow_id)["enabled"]:
        return "it is enabled now"
    name = names[workflow_id]
    is_alone = list(names.values()).count(name) == 1
    word = name if is_alone and not name.startswith("-") else workflow_id
    option = f" --tenant {mock.tenant_id}" if mock.tenant_id else ""
    return f"to enable it: mock-qualtrics workflow enable {shlex.quote(word)}{option}"


def _state_then(call: Mapping[str, Any]) -> str | None:
    """Return the workflow's state when it did not start a run; None where it was enabled."""
    is_ignored = call["reason"] is None and call["runId"] is None
    return "disabled" if is_ignored else _NOT_ENABLED.get(call["reason"])


def _cells(call: Mapping[str, Any], names: Mapping[str, str]) -> tuple[object, ...]:
    status = "unanswered" if call["status"] is None else call["status"]
    place = (call["method"], call["path"])
    return (
        call["receivedAt"],
        status,
        call["reason"],
        *place,
        call["runId"],
        call["traceId"],
        call["requestId"],
        names.get(call.get("workflowId", "")),
        # A mock of an older release tells neither.
        ", ".join(call.get("tokenIn") or ()),
        ", ".join(call.get("faults") or ()),
    )


def _nothing(mock: RunningMock, tenant_id: str, filters: Mapping[str, object]) -> str:
    """Return a sentence that says what there is instead of what was asked for."""
    if not any(value is not None for value in filters.values()):
        return "No calls yet."
    totals = mock.control.totals(tenant_id)
    count = totals["received"] + totals.get("otherCalls", 0)
    reasons: Counter[str] = Counter(totals["refusedBy"]) + Counter(totals.get("otherCallsBy", {}))
    if mock.tenant_id is None:
        stray = Counter(call["reason"] for call in mock.control.all_unattributed())
        count, reasons = count + stray.total(), reasons + stray
    told = _told(reasons.items())
    return printable(f"No such calls; {count} came in{told}.")


def _told(reasons: Iterable[tuple[str, int]]) -> str:
    listed = ", ".join(f"{reason} {count}" for reason, count in reasons)
    return f", by reason: {listed}" if listed else ", none was refused"
