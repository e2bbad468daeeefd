"""The controls: clock, faults, limits, sample events, reset and tenants."""

from flask import Blueprint

from mock_qualtrics.web.pages.controls import actions, samples, view


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.add_app_template_global(samples.known_samples)
    blueprint.get("/controls")(view.controls)
    blueprint.post("/controls/tenants")(actions.create_tenant)
    for path, action in actions.OF_A_TENANT.items():
        blueprint.post(f"/controls/<tenant_id>/{path}")(action)
