"""``mock-qualtrics reset``: empty a tenant's journal in a running mock."""

import click

from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock, say

EXAMPLE = "Example: mock-qualtrics reset"


@click.command(epilog=EXAMPLE)
@asks_a_mock
def reset(mock: RunningMock, *, as_json: bool) -> None:
    """Forget a tenant's calls, runs and faults, and set its clock back; its workflows stay."""
    tenant = mock.control.reset(mock.tenant()["id"])
    done = f"Reset {tenant['id']}: no calls, no runs, no faults."
    say({"id": tenant["id"]}, done, as_json=as_json)
