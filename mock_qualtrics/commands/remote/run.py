"""``mock-qualtrics run``: one run of a running mock, with its tasks and why it failed."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import click

from contracts import exact_json
from contracts.terminal import printable
from mock_qualtrics.commands.remote.running_mock import RunningMock, asks_a_mock, unknown

EXAMPLE = "Example: mock-qualtrics run RUN_0123456789abcdef0123"
BEGINNING: Final = "RUN_"

SHOWN: Final = (
    "id",
    "status",
    "error",
    "workflowId",
    "receivedOn",
    "dueOn",
    "startedOn",
    "finishedOn",
    "requestId",
    "traceId",
)


@click.command(epilog=EXAMPLE)
@click.argument("run_id", metavar="ID")
@asks_a_mock
def run(mock: RunningMock, run_id: str, *, as_json: bool) -> None:
    """Show one run: when it was due, its fields, its tasks, and why it failed."""
    if not run_id.startswith(BEGINNING):
        raise click.BadParameter(
            f"found {printable(run_id)!r}, expected a run's id, which begins with {BEGINNING}: "
            "`mock-qualtrics runs` lists them, and `calls` names the run of each call",
            param_hint="ID",
        )
    found = mock.control.run(run_id)
    if mock.tenant_id is not None:
        workflows = [workflow["id"] for workflow in mock.tenant()["workflows"]]
        if found["workflowId"] not in workflows:
            raise unknown(f"run {run_id} of tenant {mock.tenant_id}", [])
    if as_json:
        click.echo(exact_json.dumps(found))
        return
    for line in _lines(found):
        click.echo(printable(line))


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    for key in SHOWN:
        if found.get(key) is not None:
            yield f"{key + ':':<13}{found[key]}"
    for field, value in found["fields"].items():
        yield f"field {field}: {_text(value)}"
    for task in found["tasks"]:
        error = f", {task['error']}" if task["error"] else ""
        tries = f" after {task['attempts']} attempts" if task["attempts"] > 1 else ""
        yield f"task {task['name']} ({task['type']}): {task['status']}{tries}{error}"
        for name, value in task["settings"].items():
            yield f"  {name}: {_text(value)}"
    for kind in ("notes", "hints"):
        yield from (f"{kind.removesuffix('s')}: {text}" for text in found.get(kind, ()))
    yield f"event: {exact_json.dumps(found['event'])}"


def _text(value: Any) -> str:  # noqa: ANN401  any JSON value
    return value if isinstance(value, str) else exact_json.dumps(value)
