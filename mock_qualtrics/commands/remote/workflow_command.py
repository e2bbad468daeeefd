"""``mock-qualtrics workflow``: list, enable, disable and publish a running mock's."""

from collections.abc import Mapping
from typing import Any, Final

import click

from contracts.tables import Column
from mock_qualtrics.commands.remote.lists import print_list
from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock, say

EXAMPLE = 'Example: mock-qualtrics workflow disable "Send the survey"'
_COLUMNS: Final = (
    Column("Workflow name"),
    Column("State", whole=True),
    Column("Workflow", whole=True),
    Column("Trigger URL", whole=True),
)


@click.group("workflow", epilog=EXAMPLE)
def workflow_command() -> None:
    """List, enable, disable and publish workflows."""


@workflow_command.command("list", epilog="Example: mock-qualtrics workflow list")
@asks_a_mock
def list_workflows(mock: RunningMock, *, as_json: bool) -> None:
    """List a tenant's workflows: name, state, id and trigger URL."""
    found = [mock.control.workflow(entry["id"]) for entry in mock.tenant()["workflows"]]
    print_list(found, _COLUMNS, _cells, "No workflows.", as_json=as_json)


@workflow_command.command("enable", epilog='Example: mock-qualtrics workflow enable "My survey"')
@click.argument("name", required=False)
@asks_a_mock
def enable(mock: RunningMock, name: str | None, *, as_json: bool) -> None:
    """Enable the workflow of this NAME or id, and publish its edits.

    NAME may be left out where there is only one.
    """
    _say(mock.control.enable_workflow(mock.workflow(name)["id"]), as_json=as_json)


@workflow_command.command("disable", epilog=EXAMPLE)
@click.argument("name", required=False)
@asks_a_mock
def disable(mock: RunningMock, name: str | None, *, as_json: bool) -> None:
    """Disable the workflow of this NAME or id: calls to it are refused.

    NAME may be left out where there is only one.
    """
    _say(mock.control.disable_workflow(mock.workflow(name)["id"]), as_json=as_json)


@workflow_command.command("publish", epilog='Example: mock-qualtrics workflow publish "My survey"')
@click.argument("name", required=False)
@asks_a_mock
def publish(mock: RunningMock, name: str | None, *, as_json: bool) -> None:
    """Make the edits live that were kept for the workflow of this NAME or id.

    NAME may be left out where there is only one.
    """
    _say(mock.control.publish_workflow(mock.workflow(name)["id"]), as_json=as_json)


def _say(workflow: Mapping[str, Any], *, as_json: bool) -> None:
    say(workflow, f"{workflow['name']} ({workflow['id']}): {_state(workflow)}", as_json=as_json)


def _cells(workflow: Mapping[str, Any]) -> tuple[str, ...]:
    return workflow["name"], _state(workflow), workflow["id"], workflow["triggerUrl"]


def _state(workflow: Mapping[str, Any]) -> str:
    state = str(workflow["state"])
    return f"{state}, with unpublished edits" if workflow.get("unpublished") else state
