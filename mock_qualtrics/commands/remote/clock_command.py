"""``mock-qualtrics clock``: move a tenant's clock in a running mock."""

import click

from contracts.finite import Finite
from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock, say

EXAMPLE = "Example: mock-qualtrics clock advance 3600"


@click.group("clock", epilog=EXAMPLE)
def clock_command() -> None:
    """Move a tenant's clock."""


@clock_command.command("advance", epilog=EXAMPLE)
@click.argument("seconds", type=Finite(0))
@asks_a_mock
def advance(mock: RunningMock, seconds: float, *, as_json: bool) -> None:
    """Advance a virtual or skipping clock by SECONDS, and wait until all that is due is done."""
    now = mock.control.advance_clock(mock.tenant()["id"], seconds)
    say({"now": now}, f"It is {now}.", as_json=as_json)
