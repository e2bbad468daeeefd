"""Why calls started nothing, and how many there are; no HTML here."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mock_qualtrics.gate.checks import WHOAMI_PATH
from mock_qualtrics.journal import IGNORED

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine


def all_calls(totals: dict[str, Any]) -> int:
    """Return how many calls totals count, trigger calls and others."""
    return int(totals["received"] + totals["otherCalls"])


def explained(engine: "Engine", calls: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return calls with why each started nothing, and the name of the workflow that it names."""
    of_tenants = [workflow for tenant in engine.tenants.all() for workflow in tenant.workflows]
    names = {workflow.id: workflow.name for workflow in of_tenants}
    return [{**call, "why": why(call), "workflow": names.get(call["workflowId"])} for call in calls]


def why(call: dict[str, Any]) -> str:
    """Return why a call started nothing."""
    if call["reason"] is not None:
        return str(call["reason"])
    return "whoami, answered" if call["path"] == WHOAMI_PATH else IGNORED
