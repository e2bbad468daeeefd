"""``mock-qualtrics clock``: move a tenant's clock in a running mock."""

from collections.abc import Mapping
from typing import Any

import click

from contracts.option_numbers import Finite
from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock, say

EXAMPLE = "Example: mock-qualtrics clock advance 3600"


@click.group("clock", epilog=EXAMPLE)
def clock_command() -> None:
    """Move a tenant's clock."""


@clock_command.command("advance", epilog=EXAMPLE)
@click.argument("seconds", type=Finite(0))
@asks_a_mock
def advance(mock: RunningMock, seconds: float, *, as_json: bool) -> None:
    """Advance a virtual or skipping clock by SECONDS, and wait until all that is due is done.

    Prints how many runs finished meanwhile, how they ended, and what the clock shows now.
    """
    tenant_id = mock.tenant()["id"]
    before = mock.control.totals(tenant_id)
    now = mock.control.advance_clock(tenant_id, seconds)
    after = mock.control.totals(tenant_id)
    ended = {name: after[name] - before[name] for name in ("succeeded", "failed")}
    told = {"finished": sum(ended.values()), **ended, "pending": after["pending"]}
    say({"now": now, **told}, f"{_sentence(told)} It is {now}.", as_json=as_json)


@clock_command.command("run-until-idle", epilog="Example: mock-qualtrics clock run-until-idle")
@asks_a_mock
def run_until_idle(mock: RunningMock, *, as_json: bool) -> None:
    """Advance a virtual or skipping clock until no run waits, from one due moment to the next.

    It stops after 30 days of the clock or 10,000 tries of runs. Prints what became of the runs.
    """
    ended = mock.control.advance_until_idle(mock.tenant()["id"])
    told = {"finished": ended["succeeded"] + ended["failed"], **ended}
    say(told, f"{_sentence(told)} It is {ended['now']}.", as_json=as_json)


def _sentence(told: Mapping[str, Any]) -> str:
    """Return what became of runs, such as "2 runs finished: 2 succeeded, 0 failed."."""
    count, pending = told["finished"], told["pending"]
    ended = f": {told['succeeded']} succeeded, {told['failed']} failed" if count else ""
    rest = f"; {pending} pending" if pending else ""
    return f"{count or 'No'} run{'' if count == 1 else 's'} finished{ended}{rest}."
