"""The contents of the page of one run; no HTML here."""

import json
from typing import TYPE_CHECKING, Any

from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.web.pages.masked import masked

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine


def run_contents(engine: "Engine", run_id: str) -> dict[str, Any]:
    """Return the contents of the page of one run.

    Raises:
        NotFoundError: there is no such run.
    """
    run = engine.journal.run(run_id)
    workflow = engine.tenants.workflow(run["workflowId"])
    event = run["event"].text if isinstance(run["event"], RawJson) else pretty(run["event"])
    identities = identities_in(event)

    def hidden(value: object) -> str:
        return masked(value if isinstance(value, str) else pretty(value), identities)

    return {
        "tenant": engine.tenants.by_number(workflow.tenant_number),
        "run": run,
        "workflow_name": workflow.name,
        "event": hidden(event),
        "masked": hidden,
    }


def pretty(value: object) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
