"""``mock-qualtrics fault``: what goes wrong on purpose in a running mock."""

import math
from collections.abc import Mapping
from typing import Any, Final

import click

from contracts import exact_json
from contracts.errors import ControlRefusedError
from contracts.option_numbers import Finite, Integer
from contracts.tables import Column
from mock_qualtrics.commands.remote.fault_options import (
    SETTINGS,
    WHEN,
    in_options,
    problems,
)
from mock_qualtrics.commands.remote.lists import print_list
from mock_qualtrics.commands.remote.running_mock import (
    RunningMock,
    WrongRequestError,
    asks_a_mock,
    say,
    unknown,
)
from mock_qualtrics.faults.kinds_of_schema import kinds

EXAMPLE = "Example: mock-qualtrics fault add status --first 3 --status 503 --retry-after 2"
_COLUMNS: Final = (
    Column("Fault", whole=True),
    Column("Kind", whole=True),
    Column("When", whole=True),
    Column("Settings"),
)


@click.group(epilog=EXAMPLE)
def fault() -> None:
    """Add, list and clear the faults of a running mock."""


@fault.command("add", epilog=EXAMPLE)
@click.argument("kind", callback=lambda _context, _parameter, kind: _known_kind(kind))
@click.option("--first", type=Integer(1), help="For the first N calls.")
@click.option("--every", type=Integer(1), help="For every Nth call.")
@click.option("--probability", type=Finite(0, 1), help="For this share of the calls.")
@click.option(
    "--between",
    nargs=2,
    metavar="FROM TO",
    help="From an instant up to another, or seconds since it was added.",
)
@click.option(
    "--since-first-call",
    nargs=2,
    type=Finite(0),
    metavar="FROM TO",
    help="From so many seconds since the first call up to others; the first after it was added.",
)
@click.option("--path", metavar="JSONPATH", help="For calls whose body has a value there.")
@click.option("--status", type=int, help="The status that is answered.")
@click.option("--retry-after", type=Integer(0), metavar="SECONDS", help="Its Retry-After.")
@click.option("--seconds", type=Finite(0), help="How much later is answered.")
@click.option("--calls-per-minute", type=Integer(0), help="The lower limit.")
@click.option("--location", metavar="URL", help="Where a redirect leads.")
@asks_a_mock
def add(mock: RunningMock, kind: str, *, as_json: bool, **options: Any) -> None:  # noqa: ANN401  click's own values
    """Add a fault of this KIND; for every call unless a condition is given.

    Kinds that break the connection need `mock-qualtrics serve --wire-faults`.
    """
    conditions = {key: options[name] for name, key in WHEN.items() if options[name] is not None}
    if len(conditions) > 1:
        given = " and ".join(map(in_options, (f"$.when.{key}" for key in conditions)))
        raise click.UsageError(f"{given}: a fault has one condition")
    if "sinceFirstCall" in conditions:
        conditions["sinceFirstCall"] = list(conditions["sinceFirstCall"])
    if "between" in conditions:
        conditions["between"] = [_instant(text) for text in conditions["between"]]
    settings = {key: options[name] for name, key in SETTINGS.items() if options[name] is not None}
    document = {"kind": kind, "when": conditions or {"every": 1}, **settings}
    if wrong := problems(document):
        raise WrongRequestError("; ".join(wrong))
    added = _added(mock, document)
    say(added, f"{added['id']}: {kind} {_when(added)}", as_json=as_json)


@fault.command("list", epilog="Example: mock-qualtrics fault list --json")
@asks_a_mock
def list_faults(mock: RunningMock, *, as_json: bool) -> None:
    """List the faults in the order in which they were added."""
    faults = mock.control.faults(mock.tenant()["id"])
    print_list(faults, _COLUMNS, _cells, "No faults.", as_json=as_json)


@fault.command("clear", epilog="Example: mock-qualtrics fault clear")
@click.argument("fault_id", metavar="[ID]", required=False)
@asks_a_mock
def clear(mock: RunningMock, fault_id: str | None, *, as_json: bool) -> None:
    """Remove one fault, or all."""
    tenant_id = mock.tenant()["id"]
    known = [each["id"] for each in mock.control.faults(tenant_id)]
    if fault_id is None:
        mock.control.clear_faults(tenant_id)
    elif fault_id in known:
        mock.control.remove_fault(tenant_id, fault_id)
    else:
        raise unknown("fault", known, fault_id)
    removed = known if fault_id is None else [fault_id]
    say({"removed": removed}, f"Removed: {', '.join(removed) or 'none'}.", as_json=as_json)


def _known_kind(kind: str) -> str:
    known = kinds()
    if kind not in known:
        raise unknown("kind of fault", known, kind, known)
    return kind


def _added(mock: RunningMock, document: Mapping[str, Any]) -> dict[str, Any]:
    """Add a fault; what only the mock can judge, such as instants, is told as options, too."""
    try:
        return mock.control.add_fault(mock.tenant()["id"], document)
    except ControlRefusedError as error:
        if not error.violations:
            raise
        raise WrongRequestError("; ".join(map(in_options, error.violations))) from None


def _instant(text: str) -> float | str:
    try:
        seconds = float(text)
    except ValueError:
        return text
    return seconds if math.isfinite(seconds) else text


def _when(document: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {exact_json.dumps(value)}" for name, value in document["when"].items()
    )


def _cells(document: Mapping[str, Any]) -> tuple[str, ...]:
    others = {key: value for key, value in document.items() if key not in ("id", "kind", "when")}
    settings = ", ".join(f"{key} {exact_json.dumps(value)}" for key, value in others.items())
    return document["id"], document["kind"], _when(document), settings
