"""What is stored of a workflow, and the ids that follow from its tenant and position. Pure."""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics import ids
from mock_qualtrics.gate.kept_parts import ending
from mock_qualtrics.journal.calls.workflow_ids import UrlEnds
from mock_qualtrics.tenants.life_cycle import Version
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow, WorkflowSettings


def workflow(
    tenant: Tenant, place: tuple[int, int], settings: WorkflowSettings, version: Version
) -> Workflow:
    """Return a workflow with its ids.

    Args:
        tenant: its owner.
        place: its number on the server and its position in the tenant.
        settings: those that are live.
        version: what is stored of it.
    """
    key, (number, position) = tenant.key, place
    return Workflow(
        number=number,
        position=position,
        tenant_number=tenant.number,
        id=ids.qualtrics_id(key, "WF", tenant.number, position),
        url_token_id=ids.uuid_text(ids.digest(key, tenant.number, "urlTokenId", position)),
        context_id=ids.qualtrics_id(key, "SV", tenant.number, position),
        trigger_id=ids.qualtrics_id(key, "OC", tenant.number, position),
        user_id=tenant.user_id,
        brand_id=tenant.brand_id,
        settings=settings,
        version=version,
    )


def url_keys(workflow: Workflow) -> tuple[tuple[str, ...], ...]:
    """Return the ids in both forms of its URL, as the registry looks them up (Q-URL-1, Q-URL-2)."""
    older_form = (workflow.trigger_id, workflow.context_id, workflow.user_id, workflow.brand_id)
    return ((workflow.url_token_id,), older_form)


def url_ends(workflow: Workflow) -> list[UrlEnds]:
    """Return what the journal keeps of the ids in both forms of its URL."""
    return [tuple(map(ending, key)) for key in url_keys(workflow)]


def stored(workflow: Workflow) -> dict[str, Any]:
    """Return the document that is stored; a release before the life cycle wrote fewer keys."""
    version = workflow.version
    return {
        "tenant": workflow.tenant_number,
        "position": workflow.position,
        "settings": version.chosen,
        **({"unpublished": version.waiting} if version.waiting else {}),
        **({} if version.published else {"published": False}),
    }


def version_in(document: Mapping[str, Any]) -> Version:
    """Return what a stored document says."""
    waiting = document.get("unpublished", {})
    return Version(document["settings"], waiting, document.get("published", True))
