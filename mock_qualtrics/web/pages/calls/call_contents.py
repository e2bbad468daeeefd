"""The contents of the page of one call; no HTML here."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.web.pages.calls.call_rows import workflows_of
from mock_qualtrics.web.pages.calls.explained_calls import Circumstances, explained, reason_of
from mock_qualtrics.web.pages.calls.repeat_line import repeat_line
from mock_qualtrics.web.pages.masked import masked

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

_PLACES: Final = {
    "header": "a header",
    "basic": "HTTP Basic",
    "query": "the URL",
    "body": "the body",
    "other-header": "a header that is not for it",
}


def details_contents(
    engine: "Engine", request_id: str, base_url: str, *, is_revealed: bool = False
) -> dict[str, Any]:
    """Return the contents of the page of one call.

    Args:
        engine: the engine.
        request_id: the call.
        base_url: scheme, host and port of this server.
        is_revealed: whether identities are shown as they came.

    Raises:
        NotFoundError: there is no such call.
    """
    kept = engine.journal.kept_call(request_id)
    call = call_details(kept, engine.tenants, base_url)
    tenant = None if call["tenantId"] is None else engine.tenants.get(call["tenantId"])
    workflows = workflows_of(engine, tenant)
    case = Circumstances(kept.shown, kept.query or "", kept.answer or "", tenant, workflows)
    body = call["body"]
    hidden = None if body is None else masked(body, identities_in(body))
    shown = body if is_revealed else hidden
    return {
        "tenant": tenant,
        "call": call,
        "has_reason": reason_of(kept.shown) is not None,
        "explanation": explained(case),
        "body": shown,
        "is_masked": shown != body,
        "is_revealed": is_revealed and hidden != body,
        "curl": repeat_line(
            call, kept.query or "", case.workflow, base_url, shown, engine.settings.ca_file
        ),
        "workflow": case.workflow,
        "token": token_shown(call),
        "base_url": base_url,
    }


def token_shown(call: Mapping[str, Any]) -> str:
    """Return where the tenant's API token stood in a call, in words; never the token."""
    if call["tokenIn"] is None:
        return "not known: it names no tenant, is no call of the API, or an older release stored it"
    if not call["tokenIn"]:
        return "not in the call: the token that its tenant had then stands nowhere in it"
    return "in " + " and in ".join(_PLACES[place] for place in call["tokenIn"])
