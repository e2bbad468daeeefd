"""Sample events, sent as real calls: one that succeeds, and three that fail each in another way.

They are judged, journalled and counted as a connector's calls are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.events.sample_event import sample_event
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.model import Call
from mock_qualtrics.tenants.registry import DEFAULT_WORKFLOW

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Sample:
    """A sample.

    Attributes:
        text: what its button says.
        explanation: what happens then.
        fails: whether it is to fail.
    """

    text: str
    explanation: str
    fails: bool = True


FAILING_WORKFLOW: Final = {
    "name": "Sample that fails",
    "fields": [{"name": "email", "path": "$.identityMap.Email[0].id"}],
    "tasks": [
        {
            "name": "Invite",
            "type": "email",
            "settings": {"to": "~{aedj://email}"},
            "failProbability": 1,
        }
    ],
    "delay": {"kind": "fixed", "seconds": 0},
}
SAMPLES: Final[Mapping[str, Sample]] = {
    "succeeds": Sample(
        "Send a sample event",
        "Accepted by the first enabled workflow, and starts a run. Where none is enabled, the "
        "workflow “Rehearsal” is added for it.",
        fails=False,
    ),
    "wrong-token": Sample(
        "Send it with a wrong token", "Refused with 401: the API token is not the tenant's."
    ),
    "unknown-url": Sample(
        "Send it to a wrong URL", "Refused with 404: the URL's token names no workflow."
    ),
    "run-fails": Sample(
        "Send one whose run fails",
        "Accepted, but its task is set to fail: the workflow “Sample that fails” is added for it, "
        "once.",
    ),
}
_WRONG_TOKEN: Final = "WRONG" * 8
_UNKNOWN_QUERY: Final = "urlTokenId=00000000-0000-4000-8000-000000000000"


def known_samples() -> Mapping[str, Sample]:
    """Return all samples by name; ``controls/samples.html`` asks, on whatever page it is."""
    return SAMPLES


def send(engine: "Engine", tenant: "Tenant", name: str) -> str:
    """Send a sample; return the id of the call.

    Raises:
        NotFoundError: there is no such sample.
        StoreFailedError: the store refused.
    """
    if name not in SAMPLES:
        raise NotFoundError("sample", name)
    answer = engine.receive(_call(tenant, _workflow(engine, tenant, name), name))
    return str(json.loads(answer.body)["meta"]["requestId"])


def _call(tenant: "Tenant", workflow: "Workflow", name: str) -> Call:
    token = _WRONG_TOKEN if name == "wrong-token" else tenant.api_token.reveal()
    own_query = workflow.urls("")["triggerUrl"].partition("?")[2]
    headers = (
        ("x-api-token", token),
        ("content-type", "application/json"),
        ("user-agent", "mock-qualtrics sample"),
    )
    event = json.dumps(sample_event(workflow.to_mapping("")), ensure_ascii=False)
    query = _UNKNOWN_QUERY if name == "unknown-url" else own_query
    return Call("POST", TRIGGER_PATH, query, headers, event.encode())


def _workflow(engine: "Engine", tenant: "Tenant", name: str) -> "Workflow":
    """Return the workflow that a sample is sent to; add one when there is none."""
    wanted = FAILING_WORKFLOW if name == "run-fails" else DEFAULT_WORKFLOW
    with engine.lock:  # two clicks at once add one workflow
        for workflow in tenant.workflows:
            if workflow.enabled and _is_meant(workflow, name):
                return workflow
        return engine.tenants.add_workflow(tenant, wanted)


def _is_meant(workflow: "Workflow", name: str) -> bool:
    """Return whether a sample may go to a workflow: the failing one is for its own sample alone."""
    return (workflow.settings.name == FAILING_WORKFLOW["name"]) == (name == "run-fails")
