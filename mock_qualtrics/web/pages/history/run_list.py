"""The contents of Run history; no HTML here."""

from typing import TYPE_CHECKING, Any

from mock_qualtrics.journal import UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.counters import RUN_NOW
from mock_qualtrics.web.pages.calls.call_explanations import all_calls, explained

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.journal.calls.run_documents import View
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
        unattributed = self._calls_without_run(None)
        common: dict[str, Any] = {
            "workflows": workflows,
            "workflow": None,
            "tenant": None,
            "refused": unattributed,
            "tenant_id": None,
        }
        chosen = self._chosen(workflows, workflow_id)
        if chosen is None:
            return common
        page = self._engine.journal.runs_page(
            chosen.id, view=view, status=status, limit=PAGE_ROWS, cursor=cursor
        )
        tenant = next(tenant for tenant in tenants if tenant.number == chosen.tenant_number)
        totals = self._engine.journal.totals(tenant.number)
        stray = self._engine.journal.totals(UNATTRIBUTED)
        return common | {
            "workflow": chosen,
            "tenant": tenant,
            "tenant_id": tenant.id,
            "view": view,
            "status": status,
            "runs": page.items,
            "next": page.next,
            "totals": totals,
            "hints": hints(chosen.state, totals, all_calls(stray)),
            "refused": self._calls_without_run(tenant.number) + unattributed,
        }

    def _chosen(self, workflows: "list[Workflow]", workflow_id: str | None) -> "Workflow | None":
        if workflow_id is not None:
            return self._engine.tenants.workflow(workflow_id)
        return workflows[0] if workflows else None

    def _calls_without_run(self, tenant_number: int | None) -> list[dict[str, Any]]:
        wanted = CallFilter(without_run=True)
        page = self._engine.journal.requests_page(tenant_number, REFUSED_ROWS, wanted=wanted)
        return explained(self._engine, page.items)


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
    if ignored := totals["ignored"]:
        texts.append(f"{calls_were(ignored)} ignored, because a workflow was disabled.")
    if refused := totals["refused"]:
        texts.append(f"{calls_were(refused)} refused: {_by_reason(totals['refusedBy'])}.")
    others = dict(totals["otherCallsBy"])
    if by_hand := others.pop(RUN_NOW, 0):
        runs_were = "1 run was" if by_hand == 1 else f"{by_hand} runs were"
        texts.append(f"{runs_were} started by Run now, without a call of the trigger (Q-WF-7).")
    if others:
        were = calls_were(sum(others.values()))
        texts.append(f"{were} to other paths: {_by_reason(others)}.")
    if unattributed:
        number = "1 call" if unattributed == 1 else f"{unattributed} calls"
        texts.append(
            f"{number} named no workflow: is the URL in the destination this workflow's own?"
        )
    if not all_calls(totals) and not unattributed:
        texts.append("No call has come in yet.")
    return texts


def calls_were(count: int) -> str:
    """Return ``1 call was``, or with another number ``calls were``."""
    return "1 call was" if count == 1 else f"{count} calls were"


def _by_reason(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())
