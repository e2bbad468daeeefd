"""What the pages show, gathered from the engine; no HTML here."""

import json
from typing import TYPE_CHECKING, Any

from mock_qualtrics.events.raw_json import RawJson

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.queries import View
    from mock_qualtrics.model import RunStatus
    from mock_qualtrics.tenants.workflow import Workflow

PAGE_ROWS = 50
REFUSED_ROWS = 10


class History:
    """Gathers what one page shows."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def page(
        self,
        workflow_id: str | None,
        view: "View | None",
        status: "RunStatus | None",
        cursor: str | None,
    ) -> dict[str, Any]:
        """Return a page of Run history: the chosen workflow's, or the first one's.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor belongs to another list.
        """
        tenants = self._engine.tenants.all()
        workflows = [workflow for tenant in tenants for workflow in tenant.workflows]
        unattributed = self._unattributed()
        shown: dict[str, Any] = {"workflows": workflows, "workflow": None, "refused": unattributed}
        chosen = self._chosen(workflows, workflow_id)
        if chosen is None:
            return shown
        page = self._engine.journal.runs_page(
            chosen.id, view=view, status=status, limit=PAGE_ROWS, cursor=cursor
        )
        tenant = next(one for one in tenants if one.number == chosen.tenant_number)
        totals = self._engine.journal.totals(tenant.number)
        refused = [call for call in self._calls(tenant.number) if call["reason"]][:REFUSED_ROWS]
        return shown | {
            "workflow": chosen,
            "view": view,
            "status": status,
            "runs": page.items,
            "next": page.next,
            "totals": totals,
            "hints": list(hints(chosen.enabled, totals, len(unattributed))),
            "refused": refused + unattributed,
        }

    def details(self, run_id: str) -> dict[str, Any]:
        """Return all that is known of one run.

        Raises:
            NotFoundError: there is no such run.
        """
        run = self._engine.journal.run(run_id)
        workflow = self._engine.tenants.workflow(run["workflowId"])
        event = run["event"].text if isinstance(run["event"], RawJson) else pretty(run["event"])
        return {"run": run, "workflow_name": workflow.name, "event": event, "pretty": pretty}

    def _chosen(self, workflows: "list[Workflow]", workflow_id: str | None) -> "Workflow | None":
        if workflow_id is not None:
            return self._engine.tenants.workflow(workflow_id)
        return workflows[0] if workflows else None

    def _calls(self, tenant_number: int | None) -> list[dict[str, Any]]:
        page = self._engine.journal.requests_page(tenant_number, limit=PAGE_ROWS, cursor=None)
        return list(page.items)

    def _unattributed(self) -> list[dict[str, Any]]:
        posted = [call for call in self._calls(None) if call["method"] == "POST"]
        return posted[:REFUSED_ROWS]


def hints(enabled: bool, totals: dict[str, Any], unattributed: int) -> list[str]:
    """Return what tells a wrong URL from a disabled workflow: both leave no run (Q-WF-1)."""
    found = []
    if not enabled:
        found.append("This workflow is disabled: calls are answered as usual, and start nothing.")
    if totals["ignored"]:
        found.append(f"{totals['ignored']} calls were ignored, because a workflow was disabled.")
    if totals["refused"]:
        reasons = ", ".join(f"{reason} {count}" for reason, count in totals["refusedBy"].items())
        found.append(f"{totals['refused']} calls were refused: {reasons}.")
    if unattributed:
        found.append(
            "Some calls named no workflow: is the URL in the destination this workflow's own?"
        )
    if not totals["received"] and not unattributed:
        found.append("No call has come in yet.")
    return found


def pretty(value: object) -> str:
    """Return a JSON value for reading."""
    return json.dumps(value, indent=2, ensure_ascii=False)
