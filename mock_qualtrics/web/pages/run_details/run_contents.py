"""The contents of the page of one run; no HTML here."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from mock_qualtrics.clock import format_instant
from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.events import strict_json
from mock_qualtrics.events.findings import why_not_met
from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.journal.search.deliveries import CALLS_AROUND
from mock_qualtrics.web.pages.calls.refusal_words import words
from mock_qualtrics.web.pages.masked import addresses_in, masked
from mock_qualtrics.web.pages.run_details import picked
from mock_qualtrics.web.pages.run_details.elapsed import between
from mock_qualtrics.web.pages.run_details.event_view import event_view
from mock_qualtrics.web.pages.run_details.reasons import is_blocked, reason
from mock_qualtrics.web.pages.run_details.timeline import timeline

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine
    from mock_qualtrics.tenants.workflow import Workflow

EVENT = "event"
"""What ``reveal`` is for the whole event; for one field it is its place, such as ``field-1``."""


class Shown:
    """Shows texts with the identities of an event masked, or as they are where revealed.

    Args:
        event: the body as it came.
        revealed: ``reveal`` of the page's address.
    """

    def __init__(self, event: str, revealed: str) -> None:
        self.identities: Collection[str] = identities_in(event) | addresses_in(event)
        self.revealed = revealed

    def __call__(self, value: object) -> str:
        """Return a text, or a JSON value as indented text, masked unless all is revealed."""
        text = value if isinstance(value, str) else pretty(value)
        return text if self.revealed == EVENT else masked(text, self.identities)

    def field(self, field: Mapping[str, Any], place: int) -> dict[str, Any]:
        """Return a field with its value masked, and whether a click can reveal it."""
        name = f"field-{place}"
        is_open = self.revealed in (EVENT, name)
        value = field["value"]
        hidden = None if value is None else masked(value, self.identities)
        return {
            **field,
            "id": name,
            "value": value if is_open else hidden,
            "remark": self(field["remark"]),
            "is_open": is_open,
            "is_masked": hidden != value,
        }


def run_contents(
    engine: "Engine", run_id: str, base_url: str = "", revealed: str = ""
) -> dict[str, Any]:
    """Return the contents of the page of one run.

    Args:
        engine: the engine.
        run_id: the run.
        base_url: scheme, host and port of this server.
        revealed: what is shown with its identities: `EVENT`, one field's place, or nothing.

    Raises:
        NotFoundError: there is no such run.
    """
    run = engine.journal.run(run_id)
    workflow = engine.tenants.workflow(run["workflowId"])
    tenant = engine.tenants.by_number(workflow.tenant_number)
    call = call_details(engine.journal.kept_call(run["requestId"]), engine.tenants, base_url)
    event = event_text(run)
    shown = Shown(event, revealed)
    now = (engine.clock if tenant is None else tenant.clock).now()
    explained = _explained(run, workflow, event, shown)
    deliveries = [] if run["runNow"] else _deliveries(engine, run_id)
    own = next((one["run_ids"] for one in deliveries if one["is_given"]), ())
    return {
        "tenant": tenant,
        "run": run,
        "siblings": [one for one in own if one != run_id],
        "workflow_name": workflow.name,
        "reason": shown(reason(run, explained.pop("not_met"), now)),
        "is_blocked": is_blocked(run),
        "took": _took(run),
        "steps": [
            step._replace(detail=shown(step.detail)) for step in timeline(run, call["status"])
        ],
        "event": event_view(
            event,
            shown.identities,
            workflow.urls(base_url)["triggerUrl"],
            f"{run_id}.json",
            revealed=revealed == EVENT,
            ca_file=engine.settings.ca_file,
        ),
        "call": call,
        "deliveries": deliveries,
        "calls_around": CALLS_AROUND,
        "masked": shown,
        **explained,
    }


def _explained(
    run: Mapping[str, Any], workflow: "Workflow", text: str, shown: Shown
) -> dict[str, Any]:
    """Return what the page shows of fields, conditions and tasks."""
    settings = workflow.settings
    event = strict_json.read(text.encode()).value
    conditions = picked.conditions_shown(settings, event)
    fields = picked.fields_shown(run, settings, event)
    return {
        "settings_note": picked.settings_note(run, settings),
        "fields": [shown.field(field, place) for place, field in enumerate(fields)],
        "conditions": conditions,
        "tasks": picked.tasks_shown(run, settings, event),
        "not_met": why_not_met(conditions),
    }


def _deliveries(engine: "Engine", run_id: str) -> list[dict[str, Any]]:
    """Return the calls that brought a run's message, newest first, as the page shows them."""
    return [
        {
            **asdict(one),
            "received_on": format_instant(one.received_at),
            "why": words(one.reason).label if one.reason else None,
        }
        for one in engine.journal.search.deliveries(run_id)
    ]


def event_text(run: Mapping[str, Any]) -> str:
    """Return the body of a run's call as it came."""
    event = run["event"]
    return event.text if isinstance(event, RawJson) else pretty(event)


def _took(run: Mapping[str, Any]) -> str | None:
    if run["finishedOn"] is None:
        return None
    return between(run["receivedOn"], run["finishedOn"])


def pretty(value: object) -> str:
    """Return a JSON value as indented text."""
    return json.dumps(value, indent=2, ensure_ascii=False)
