"""Calls as the lists show them: each with why it started nothing, and what to do; no HTML here."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from mock_qualtrics.journal import IGNORED
from mock_qualtrics.journal.counters import ANSWERED, RUN_NOW
from mock_qualtrics.web.pages.calls.explained_calls import Circumstances, explained
from mock_qualtrics.web.pages.calls.refusal_words import words

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow


class ReasonCount(NamedTuple):
    """How many calls started nothing for one reason."""

    reason: str
    label: str
    calls: int


def reason_counts(totals: dict[str, Any]) -> list[ReasonCount]:
    """Return how many calls started nothing, by reason, trigger calls and others together.

    The most frequent reasons come first.
    """
    refused, others = totals["refusedBy"], totals["otherCallsBy"]
    ignored = {IGNORED: totals["ignored"]} if totals["ignored"] else {}
    reasons = {*refused, *others, *ignored} - {ANSWERED, RUN_NOW}
    counts = [
        ReasonCount(
            reason,
            words(reason).label,
            sum(part.get(reason, 0) for part in (refused, others, ignored)),
        )
        for reason in reasons
    ]
    return sorted(counts, key=lambda one: (-one.calls, one.label))


def workflows_of(engine: "Engine", tenant: "Tenant | None") -> Sequence["Workflow"]:
    """Return the workflows that a call may have meant: its tenant's, without one those of all."""
    tenants = engine.tenants.all() if tenant is None else (tenant,)
    return [workflow for one in tenants for workflow in one.workflows]


def call_rows(
    engine: "Engine", calls: Iterable[dict[str, Any]], tenant: "Tenant | None"
) -> list[dict[str, Any]]:
    """Return calls of a tenant, or of none, each with its workflow's name and its explanation."""
    calls = list(calls)
    workflows = workflows_of(engine, tenant)
    names = {workflow.id: workflow.name for workflow in workflows}
    texts = engine.journal.call_texts([call["requestId"] for call in calls])
    rows = []
    for call in calls:
        query, answer = texts.get(call["requestId"], ("", ""))
        case = Circumstances(call, query, answer, tenant, workflows)
        workflow = names.get(call["workflowId"])
        rows.append({**call, "explanation": explained(case), "workflow": workflow})
    return rows
