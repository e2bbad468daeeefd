"""Two runs side by side: what differs in event, fields, tasks, status and times; no HTML here."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from contracts.exact_values import exact_value
from mock_qualtrics.events.findings import shown
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.web.pages.masked import addresses_in, masked
from mock_qualtrics.web.pages.run_details.differences import Difference, differences
from mock_qualtrics.web.pages.run_details.elapsed import between
from mock_qualtrics.web.pages.run_details.run_contents import event_text

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

Run = Mapping[str, Any]
MOST_DIFFERENCES: Final = 200


def comparison(engine: "Engine", here_id: str, there_id: str) -> dict[str, Any]:
    """Return the contents of the page that compares two runs.

    Raises:
        NotFoundError: there is no such run.
    """
    here, there = engine.journal.run(here_id), engine.journal.run(there_id)
    workflow = engine.tenants.workflow(here["workflowId"])
    texts = event_text(here), event_text(there)
    identities = {one for text in texts for one in identities_in(text) | addresses_in(text)}
    event = differences(exact_value(texts[0]), exact_value(texts[1]))
    names = {one["id"]: engine.tenants.workflow(one["workflowId"]).name for one in (here, there)}

    def hidden(difference: Difference) -> dict[str, str]:
        both = {"here": difference.here, "there": difference.there}
        absent = {"only here": "there", "only there": "here"}.get(difference.kind)
        values = {
            side: "" if side == absent else masked(shown(value), identities)
            for side, value in both.items()
        }
        return {"path": masked(difference.path, identities), "kind": difference.kind, **values}

    return {
        "tenant": engine.tenants.by_number(workflow.tenant_number),
        "here": here,
        "there": there,
        "names": names,
        "facts": [_masked_row(row, identities) for row in _facts(here, there, names)],
        "event": [*map(hidden, event[:MOST_DIFFERENCES])],
        "event_more": max(0, len(event) - MOST_DIFFERENCES),
        "fields": [*map(hidden, differences(here["fields"], there["fields"]))],
        "tasks": [_masked_row(row, identities) for row in _tasks(here, there)],
    }


def _facts(here: Run, there: Run, names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    yield _row("Workflow name", names[here["id"]], names[there["id"]])
    yield _row("Status", here["status"], there["status"])
    yield _row("Reason", here["error"], there["error"])
    yield _row("Notes", "; ".join(here.get("notes", ())), "; ".join(there.get("notes", ())))
    for name, first, last in (
        ("From received to started", "receivedOn", "startedOn"),
        ("From started to finished", "startedOn", "finishedOn"),
    ):
        yield _row(name, _passed(here, first, last), _passed(there, first, last))


def _passed(run: Run, first: str, last: str) -> str:
    if run[first] is None or run[last] is None:
        return "not known"
    return between(run[first], run[last])


def _tasks(here: Run, there: Run) -> Iterator[dict[str, Any]]:
    ours, theirs = ({task["name"]: task for task in run["tasks"]} for run in (here, there))
    for name in dict.fromkeys([*ours, *theirs]):
        yield _row(name, _outcome(ours.get(name)), _outcome(theirs.get(name)))


def _outcome(task: Mapping[str, Any] | None) -> str:
    if task is None:
        return "no such task"
    tries = f" after {task['attempts']} attempts" if task["attempts"] > 1 else ""
    return f"{task['status']}{tries}" + (f": {task['error']}" if task["error"] else "")


def _row(name: str, here: str | None, there: str | None) -> dict[str, Any]:
    return {"name": name, "here": here or "", "there": there or "", "is_same": here == there}


def _masked_row(row: dict[str, Any], identities: set[str]) -> dict[str, Any]:
    return {**row, **{side: masked(row[side], identities) for side in ("here", "there")}}
