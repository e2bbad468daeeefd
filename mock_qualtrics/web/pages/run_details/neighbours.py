"""The runs beside one in the list that one came from, and those to compare it with."""

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.journal import State
from mock_qualtrics.journal.search.wanted_runs import WantedRuns
from mock_qualtrics.web.pages.history.list_address import PARAMETERS, ListAddress, read_address

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.workflow import Workflow

PREVIOUS: Final = "previous"
LAST_SUCCEEDED: Final = "last-succeeded"
_CHOICES: Final = {
    PREVIOUS: "the previous run of this workflow",
    LAST_SUCCEEDED: "the last one that succeeded",
}


def compared_with(engine: "Engine", run_id: str, workflow: "Workflow", choice: str) -> str | None:
    """Return the id of the run that a choice means; None when there is none.

    Args:
        engine: the engine.
        run_id: the run that is compared.
        workflow: its workflow.
        choice: `PREVIOUS`, `LAST_SUCCEEDED` or a run's id.

    Raises:
        NotFoundError: there is no such run.
    """
    wanted = WantedRuns(workflow.tenant_number, (workflow.id,))
    if choice == PREVIOUS:
        return engine.journal.search.neighbours(wanted, run_id).older
    if choice == LAST_SUCCEEDED:
        succeeded = replace(wanted, states=frozenset({State.SUCCEEDED}))
        page = engine.journal.search.find(succeeded, 2)
        return next((run.id for run in page.runs if run.id != run_id), None)
    return str(engine.journal.run(choice.strip())["id"])


def beside(engine: "Engine", run_id: str, query: Mapping[str, str]) -> dict[str, Any]:
    """Return the runs before and after one, and the list that they are in.

    Args:
        engine: the engine.
        run_id: the run.
        query: the parameters of the list that one came from; without any it is that of all runs
            of the run's workflow.

    Raises:
        BadRequestError: the list has no such view.
        NotFoundError: there is no such run, tenant or workflow.
        SearchTextError: the list's search text is wrong.
    """
    workflow = engine.tenants.workflow(engine.journal.run(run_id)["workflowId"])
    tenant = engine.tenants.by_number(workflow.tenant_number)
    is_listed = any(query.get(name) for name in PARAMETERS)
    address = read_address(query) if is_listed else None
    if address is None and tenant is not None:
        address = ListAddress(tenant, workflow, "all")
    if address is None:
        raise NotFoundError("run", run_id)
    found = engine.journal.search.neighbours(address.wanted(address.tenant.clock.now()), run_id)
    return {
        "newer": found.newer,
        "older": found.older,
        "comparable": _comparable(engine, run_id, workflow),
        "listed": address.parameters() if is_listed else {},
        "list_url": address.url(),
    }


def _comparable(engine: "Engine", run_id: str, workflow: "Workflow") -> dict[str, str]:
    """Return the choices of `compared_with` that there are, each in words."""
    return {
        name: text
        for name, text in _CHOICES.items()
        if compared_with(engine, run_id, workflow, name) is not None
    }
