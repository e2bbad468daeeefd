"""Tenants: create, show, change, reset, delete, and give a new API token."""

from typing import Any

from flask import Blueprint, Response, request

from mock_qualtrics.tenants.registry import Tenant
from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import no_content, to_json


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/tenants")(create_tenant)
    blueprint.get("/tenants")(list_tenants)
    blueprint.get("/tenants/<tenant_id>")(show_tenant)
    blueprint.patch("/tenants/<tenant_id>")(change_tenant)
    blueprint.delete("/tenants/<tenant_id>")(delete_tenant)
    blueprint.post("/tenants/<tenant_id>/reset")(reset_tenant)
    blueprint.post("/tenants/<tenant_id>/token")(new_token)


def base_url() -> str:
    """Return scheme, host and port: the public URL's, or else those of the caller's URL."""
    return current_engine().settings.public_url or request.host_url.rstrip("/")


def shown(tenant: Tenant) -> dict[str, Any]:
    """Return a tenant as the ready file shows it."""
    return dict(tenant.to_mapping(base_url()))


def create_tenant() -> Response:
    """Create a tenant with its own credentials, limits, clock, faults, seed and journal."""
    settings = inputs.body("tenant-settings", required=False)
    return to_json(shown(current_engine().tenants.create(settings)), 201)


def list_tenants() -> Response:
    """List all tenants."""
    return to_json({"tenants": [shown(tenant) for tenant in current_engine().tenants.all()]})


def show_tenant(tenant_id: str) -> Response:
    """Show one tenant."""
    return to_json(shown(current_engine().tenants.get(tenant_id)))


def change_tenant(tenant_id: str) -> Response:
    """Change limits and assumptions; what the rate window has counted still counts."""
    tenants = current_engine().tenants
    tenants.get(tenant_id)  # an unknown tenant is reported before an invalid body
    return to_json(shown(tenants.change_settings(tenant_id, inputs.body("tenant-patch"))))


def delete_tenant(tenant_id: str) -> Response:
    """Delete a tenant with its workflows and its journal."""
    current_engine().tenants.delete(tenant_id)
    return no_content()


def reset_tenant(tenant_id: str) -> Response:
    """Delete a tenant's journal, counters and faults, and set its clock back to the start."""
    engine = current_engine()
    engine.tenants.reset(tenant_id)
    return to_json(shown(engine.tenants.get(tenant_id)))


def new_token(tenant_id: str) -> Response:
    """Give the tenant another API token; the old one is refused from now on (Q-AUTH-6)."""
    return to_json(shown(current_engine().tenants.new_token(tenant_id)))
