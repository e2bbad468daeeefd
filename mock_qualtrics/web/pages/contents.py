"""The contents of the pages, read from the engine; no HTML here."""

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
    """Read the contents of one page."""

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine

    def page(
        self,
        workflow_id: str | None,
        view: "View | None",
        status: "RunStatus | None",
        cursor: str | None,
    ) -> dict[str, Any]:
        """Return a page of Run history, of the chosen workflow or by default of the first one.

        Raises:
            NotFoundError: there is no such workflow.
            BadCursorError: the cursor belongs to another list.
        """
        tenants = self._engine.tenants.all()
        workflows = [workflow for tenant in tenants for workflow in tenant.workflows]
        unattributed = self._unattributed()
        common: dict[str, Any] = {"workflows": workflows, "workflow": None, "refused": unattributed}
        chosen = self._chosen(workflows, workflow_id)
        if chosen is None:
            return common
        page = self._engine.journal.runs_page(
            chosen.id, view=view, status=status, limit=PAGE_ROWS, cursor=cursor
        )
        tenant = next(tenant for tenant in tenants if tenant.number == chosen.tenant_number)
        totals = self._engine.journal.totals(tenant.number)
        refused = [call for call in self._calls(tenant.number) if call["reason"]][:REFUSED_ROWS]
        return common | {
            "workflow": chosen,
            "view": view,
            "status": status,
            "runs": page.items,
            "next": page.next,
            "totals": totals,
            "hints": list(hints(chosen.state, totals, len(unattributed))),
            "refused": refused + unattributed,
        }

    def details(self, run_id: str) -> dict[str, Any]:
        """Return the contents of the page of one run.

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


_STARTS_NOTHING = {
    "draft": "This workflow is a draft: its calls start nothing before it is enabled.",
    "published": "This workflow was never enabled: its calls start nothing before that.",
    "disabled": "This workflow is disabled: its calls start nothing.",
}


def hints(state: str, totals: dict[str, Any], unattributed: int) -> list[str]:
    """Return hints why runs may be missing, such as a wrong URL or a disabled workflow (Q-WF-1).

    Args:
        state: the chosen workflow's place in its life cycle (Q-WF-6).
        totals: the totals of its tenant.
        unattributed: the number of calls that name no tenant.
    """
    texts = []
    if state in _STARTS_NOTHING:
        texts.append(_STARTS_NOTHING[state])
    if totals["ignored"]:
        texts.append(f"{totals['ignored']} calls were ignored, because a workflow was disabled.")
    if totals["refused"]:
        reasons = ", ".join(f"{reason} {count}" for reason, count in totals["refusedBy"].items())
        texts.append(f"{totals['refused']} calls were refused: {reasons}.")
    if unattributed:
        texts.append(
            "Some calls named no workflow: is the URL in the destination this workflow's own?"
        )
    if not totals["received"] and not unattributed:
        texts.append("No call has come in yet.")
    return texts


def pretty(value: object) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
