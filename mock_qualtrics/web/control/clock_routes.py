"""Advance a virtual clock."""

from flask import Blueprint, Response

from mock_qualtrics.clock import format_instant
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import to_json


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/tenants/<tenant_id>/clock/advance")(advance_clock)


def advance_clock(tenant_id: str) -> Response:
    """Advance a virtual clock; answer once all runs that became due are executed."""
    engine = current_engine()
    engine.tenants.get(tenant_id)  # an unknown tenant is reported before an invalid body
    seconds = inputs.seconds_to_advance()
    if seconds is None:
        ended = engine.advance_until_idle(tenant_id)
        return to_json({**ended._asdict(), "now": format_instant(ended.now)})
    return to_json({"now": format_instant(engine.advance(tenant_id, seconds))})
