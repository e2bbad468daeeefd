"""The contents of the list of workflows; no HTML here."""

from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.events.sample_event import sample_event
from mock_qualtrics.journal import State as RunState
from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.curl_line import curl_line

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.tenant import Tenant
    from mock_qualtrics.tenants.workflow import Workflow

MOST_COUNTED: Final = 500
STATES: Final = {
    State.DRAFT: ("draft", "never published or enabled: calls are answered 404"),
    State.PUBLISHED: ("published", "never enabled: calls are answered 404"),
    State.ACTIVE: ("enabled", "calls start runs"),
    State.DISABLED: ("disabled", "calls start nothing"),
}
"""What is said of each state (Q-WF-1, Q-WF-6): its name on the pages, and what it means."""
_COUNTS: Final = {
    RunState.SUCCEEDED: ("Succeeded", {"status": "succeeded"}),
    RunState.FAILED: ("Failed", {"view": "started", "status": "failed"}),
    RunState.NOT_STARTED: ("Failed to start", {"view": "failed-to-start"}),
    RunState.PENDING: ("Pending", {"status": "pending"}),
}


def workflow_entry(engine: "Engine", workflow: "Workflow") -> dict[str, Any]:
    """Return what the list shows of a workflow, without its URLs."""
    state, meaning = STATES[workflow.state]
    newest = engine.journal.runs_page(workflow.id, limit=1).items
    return {
        "id": workflow.id,
        "name": workflow.name,
        "enabled": workflow.enabled,
        "state": state,
        "meaning": meaning,
        "unpublished": bool(workflow.version.waiting),
        "last_run": newest[0] if newest else None,
        "counts": run_counts(engine, workflow.id),
        "warnings": workflow.settings.warnings(),
    }


def run_counts(engine: "Engine", workflow_id: str) -> list[dict[str, Any]]:
    """Return how many runs a workflow has, by what became of them.

    Returns:
        For each a name, the number as text (``500+`` stands for 500 or more) and the filter with
        which Run history shows them.
    """
    found = engine.journal.reader.run_counts(workflow_id, MOST_COUNTED)
    return [
        {"name": name, "text": count_text(found[state]), "filter": wanted}
        for state, (name, wanted) in _COUNTS.items()
    ]


def count_text(count: int) -> str:
    """Return a count as it is shown: exact, or ``500+``."""
    return str(count) if count < MOST_COUNTED else f"{MOST_COUNTED}+"


def calling(
    tenant: "Tenant",
    workflow: "Workflow",
    base_url: str,
    *,
    with_token: bool,
    ca_file: str | None = None,
) -> dict[str, Any]:
    """Return how one calls a workflow: both forms of its URL (Q-URL-1, Q-URL-2) and a curl line.

    Args:
        tenant: its tenant.
        workflow: the workflow.
        base_url: of this server.
        with_token: whether the curl line has the API token; else it takes it from the environment.
        ca_file: the certificate authority that the curl line names, with ``--tls``.
    """
    urls = workflow.urls(base_url)
    token = tenant.api_token.reveal() if with_token else None
    event = sample_event(workflow.settings.to_mapping())
    line = curl_line(urls["triggerUrl"], event, token, ca_file)
    return {**urls, "curl": line, "with_token": with_token}
