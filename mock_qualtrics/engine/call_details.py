"""One call with all that is known of it: URL, headers, kept body, answer and the runs it started.

Every call that the journal has can be opened, refused and ignored ones too.
"""

import shlex
import urllib.parse
from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from mock_qualtrics.faults.effects import KINDS
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.gate.kept_parts import CUT, read_answer, tail
from mock_qualtrics.journal import KeptCall
from mock_qualtrics.model import Answer, token_advice
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

MOST_NAMED: Final = 5
URL_TOKEN: Final = "urlTokenId"  # noqa: S105  a parameter's name
_STARTS_NOTHING: Final = {
    "workflow-draft": "was a draft",
    "workflow-disabled": "was disabled",
}
_NOT_STORED: Final = envelope.store_failed()
OLDER_FORM: Final = ("triggerId", "contextId", "userId", "brandId")


def call_details(call: KeptCall, tenants: TenantRegistry, base_url: str) -> dict[str, Any]:
    """Return a call as the control API's ``request-details``.

    Args:
        call: the call as it is kept.
        tenants: all tenants, whose URLs the call's own is compared with.
        base_url: scheme, host and port of this server, for a call without a Host header.
    """
    tenant = None if call.tenant_number is None else tenants.by_number(call.tenant_number)
    of_tenant = tenants.all() if tenant is None else (tenant,)
    workflows = [workflow for one in of_tenant for workflow in one.workflows]
    return {
        **call.shown,
        "tenantId": None if tenant is None else tenant.id,
        "runIds": list(call.run_ids),
        "url": _url(call, base_url),
        "urlProblems": [
            *url_problems(call.shown, call.query or "", workflows),
            *_workflow_problems(call, workflows, _tenant_option(tenants, tenant)),
        ],
        "body": None if call.body is None else call.body.decode(errors="replace"),
        "notes": [] if call.note is None else [call.note],
        "answer": _shown_answer(_answer(call)),
        "explanations": explanations(call.shown),
    }


def explanations(shown: Mapping[str, Any]) -> list[str]:
    """Return a sentence for each fault that a call met, and for a token in the wrong place."""
    met = [KINDS[kind].explanation for kind in shown["faults"] or () if kind in KINDS]
    return [*token_advice(shown["tokenIn"]), *met]


def url_problems(shown: Mapping[str, Any], query: str, workflows: Iterable[Workflow]) -> list[str]:
    """Return what was wrong in the URL of a refused call, and what was expected; no whole id.

    Args:
        shown: the call as lists show it.
        query: its query, as it is kept.
        workflows: those whose URL was perhaps meant.
    """
    if shown["reason"] == "unknown-path":
        return [f"the path is {shown['path']}, expected {TRIGGER_PATH}"]
    if shown["reason"] != "unknown-trigger":
        return []
    given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    expected = _expected(workflows)
    if URL_TOKEN in given:
        found = given[URL_TOKEN] or "empty"
        words = f"ends in {found}" if found.startswith(CUT) else f"is {found}"
        return [f"{URL_TOKEN} {words}, which is no workflow's; {expected}"]
    if others := [name for name in given if name.lower() == URL_TOKEN.lower()]:
        return [f"the query has {others[0]}, expected {URL_TOKEN}"]
    if missing := [name for name in OLDER_FORM if name not in given]:
        found = "has no urlTokenId" if len(missing) == len(OLDER_FORM) else f"lacks {missing[0]}"
        return [f"the query {found}; {expected}"]
    return [f"its {', '.join(OLDER_FORM)} together name no workflow; {expected}"]


def _tenant_option(tenants: TenantRegistry, tenant: Tenant | None) -> str:
    """Return what a command needs to find the tenant: nothing for the first one."""
    return "" if tenant is None or tenant in tenants.all()[:1] else f" --tenant {tenant.id}"


def _workflow_problems(
    call: KeptCall, workflows: Collection[Workflow], tenant_option: str
) -> list[str]:
    """Return why the workflow that the URL names started nothing, and what to do about it."""
    is_ignored = call.accepted and not call.run_ids
    reason = "workflow-disabled" if is_ignored else call.shown["reason"]
    workflow = next((one for one in workflows if one.id == call.shown["workflowId"]), None)
    if reason not in _STARTS_NOTHING or workflow is None:
        return []
    was = f"the workflow {workflow.name!r} {_STARTS_NOTHING[reason]}"
    if workflow.enabled:
        return [f"{was} when this call came; it is enabled now"]
    is_alone = sum(one.name == workflow.name for one in workflows) == 1
    name = workflow.name if is_alone and not workflow.name.startswith("-") else workflow.id
    return [
        f"{was}; to enable it: mock-qualtrics workflow enable {shlex.quote(name)}{tenant_option}"
    ]


def _expected(workflows: Iterable[Workflow]) -> str:
    named = list(workflows)
    ends = [f"{tail(one.url_token_id)} ({one.name})" for one in named[:MOST_NAMED]]
    if not ends:
        return "there is no workflow yet"
    more = f" and {len(named) - MOST_NAMED} more" if len(named) > MOST_NAMED else ""
    whose = "this tenant's token ends" if len(named) == 1 else "the tokens here end"
    return f"{whose} in {', '.join(ends)}{more}"


def _url(call: KeptCall, base_url: str) -> str:
    scheme, _, address = base_url.partition("://")
    host = call.shown["headers"].get("host", address)
    query = f"?{call.query}" if call.query else ""
    return f"{scheme}://{host}{call.shown['path']}{query}"


def _answer(call: KeptCall) -> Answer | None:
    status = call.shown["status"]
    if status is None:
        return None
    kept = None if call.answer is None else read_answer(call.answer)
    if kept is not None and kept.status == status:
        return kept
    # A call that could not be stored in time was answered 503, and its row was written later.
    if status == _NOT_STORED.status and (kept is not None or call.accepted):
        return _NOT_STORED
    # The answer of a refused call is unknown in a row of an older version.
    return envelope.accepted(call.shown["requestId"], status) if call.accepted else None


def _shown_answer(answer: Answer | None) -> dict[str, Any] | None:
    if answer is None:
        return None
    headers, body = envelope.as_sent(answer)
    return {
        "status": answer.status,
        "headers": dict(headers),
        "body": body.decode(errors="replace"),
    }
