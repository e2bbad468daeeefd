"""The contents of the pages, read from the engine; no HTML here."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.gate.checks import WHOAMI_PATH
from mock_qualtrics.journal import IGNORED, UNATTRIBUTED, CallFilter
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.journal.counters import RUN_NOW
from mock_qualtrics.web.pages.masked import masked

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
            "tenant_id": tenant.id,
            "view": view,
            "status": status,
            "runs": page.items,
            "masked": masked,
            "next": page.next,
            "totals": totals,
            "hints": hints(chosen.state, totals, all_calls(stray)),
            "refused": self._calls_without_run(tenant.number) + unattributed,
        }

    def details(self, run_id: str) -> dict[str, Any]:
        """Return the contents of the page of one run.

        Raises:
            NotFoundError: there is no such run.
        """
        run = self._engine.journal.run(run_id)
        workflow = self._engine.tenants.workflow(run["workflowId"])
        event = run["event"].text if isinstance(run["event"], RawJson) else pretty(run["event"])
        identities = identities_in(event)

        def hidden(value: object) -> str:
            return masked(value if isinstance(value, str) else pretty(value), identities)

        return {
            "run": run,
            "workflow_name": workflow.name,
            "event": hidden(event),
            "masked": hidden,
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


def all_calls(totals: dict[str, Any]) -> int:
    """Return how many calls totals count, trigger calls and others."""
    return int(totals["received"] + totals["otherCalls"])


def calls_were(count: int) -> str:
    """Return ``1 call was``, or with another number ``calls were``."""
    return "1 call was" if count == 1 else f"{count} calls were"


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


def _by_reason(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in counts.items())


def pretty(value: object) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
