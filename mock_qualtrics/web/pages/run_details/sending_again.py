"""Send a run's event once more: as a call of its trigger, or by Run now if that started it."""

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from mock_qualtrics import ids
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.model import Call

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

_AGENT: Final = "mock-qualtrics (sent again)"


def send_again(engine: "Engine", run_id: str) -> tuple[str, str]:
    """Send the same body, with the tenant's credential and the same trace id.

    The call is judged, journalled and counted as any other: as a duplicate too.

    Returns:
        ``run`` and the new run's id; or, when it started none, ``call`` and the new call's id.

    Raises:
        NotFoundError: there is no such run.
        StoreFailedError: the store refused.
    """
    run = engine.journal.run(run_id)
    workflow = engine.tenants.workflow(run["workflowId"])
    tenant = engine.tenants.by_number(workflow.tenant_number)
    if tenant is None:
        raise NotFoundError("run", run_id)
    body = run["event"].text.encode()
    if run["runNow"]:
        return "run", engine.run_now(workflow.id, body)["id"]
    number = engine.deliver(_call(tenant, workflow, body, run["traceId"])).call_number
    call_id = ids.request_id(tenant.key, number)
    started = engine.journal.kept_call(call_id).run_ids
    return ("run", started[0]) if started else ("call", call_id)


def _call(tenant: "Tenant", workflow: "Workflow", body: bytes, trace_id: str | None) -> Call:
    url = urlsplit(workflow.urls("")["triggerUrl"])
    headers = [
        ("content-type", "application/json"),
        ("user-agent", _AGENT),
        ("x-api-token", tenant.api_token.reveal()),
        *([] if trace_id is None else [("x-trace-id", trace_id)]),
    ]
    return Call("POST", url.path, url.query, tuple(headers), body)
