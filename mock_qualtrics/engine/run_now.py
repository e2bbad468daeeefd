"""A run without a call: "Run now", the test button of a workflow (Q-WF-7).

It takes nothing from the minute, asks for no credential, and works on a draft as well. The journal
has it as a call of the control API, which totals count beside the trigger calls, and its run as one
of the extra runs.
"""

from contracts import CONTROL_PATH
from mock_qualtrics import ids
from mock_qualtrics.errors import InvalidEventError, NotFoundError
from mock_qualtrics.events import strict_json
from mock_qualtrics.journal import Journal
from mock_qualtrics.model import CallEntry, RequestRow
from mock_qualtrics.runs.scheduling import run_started_now
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.settings_documents import as_run_now_has_it

CREATED = 201


def stage_run_now(tenants: TenantRegistry, journal: Journal, workflow_id: str, event: bytes) -> int:
    """Stage a run of a workflow with an event; return its call's number in the journal.

    Call it under the engine's lock.

    Raises:
        NotFoundError: there is no such workflow.
        InvalidEventError: the event is no JSON object.
    """
    workflow = tenants.workflow(workflow_id)
    tenant = tenants.by_number(workflow.tenant_number)
    if tenant is None:
        raise NotFoundError("workflow", workflow_id)
    _refuse_no_object(event)
    now = tenant.clock.now()
    chosen = as_run_now_has_it(workflow, tenant.answers)
    run = run_started_now(tenant, chosen, journal, now)
    row = RequestRow(
        request_id=ids.request_id(tenant.key, journal.next_sequence(tenant.number)),
        tenant_number=tenant.number,
        received_at=now,
        method="POST",
        path=f"{CONTROL_PATH}/workflows/{workflow_id}/run",
        status=CREATED,
        error_code=None,
        reason=None,
        trace_id=None,
        headers=(),
        body_bytes=len(event),
        body=event,
        trigger=False,
    )
    return journal.stage(CallEntry(row, (run,)))


def _refuse_no_object(event: bytes) -> None:
    try:
        value = strict_json.read(event).value
    except strict_json.NotJsonError as error:
        raise InvalidEventError([f"$: found no JSON ({error}), expected an object"]) from None
    if not isinstance(value, dict):
        raise InvalidEventError(["$: found a JSON value of another kind, expected an object"])
