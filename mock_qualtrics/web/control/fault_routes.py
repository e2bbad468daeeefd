"""Faults of one tenant: add, list, remove."""

from flask import Blueprint, Response

from mock_qualtrics.web.context import current_engine
from mock_qualtrics.web.control import inputs
from mock_qualtrics.web.control.answers import no_content, to_json


def register(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.post("/tenants/<tenant_id>/faults")(add_fault)
    blueprint.get("/tenants/<tenant_id>/faults")(list_faults)
    blueprint.delete("/tenants/<tenant_id>/faults")(clear_faults)
    blueprint.delete("/tenants/<tenant_id>/faults/<fault_id>")(remove_fault)


def add_fault(tenant_id: str) -> Response:
    """Add a fault; those that break connections need ``--wire-faults``."""
    engine = current_engine()
    tenant = engine.tenants.get(tenant_id)
    mapping = inputs.body("fault")
    fault = tenant.faults.add(mapping, wire_faults=engine.settings.wire_faults)
    return to_json(fault.to_mapping(), 201)


def list_faults(tenant_id: str) -> Response:
    """List a tenant's faults, in the order they were added."""
    faults = current_engine().tenants.get(tenant_id).faults.all()
    return to_json({"faults": [fault.to_mapping() for fault in faults]})


def clear_faults(tenant_id: str) -> Response:
    """Remove all faults."""
    current_engine().tenants.get(tenant_id).faults.clear()
    return no_content()


def remove_fault(tenant_id: str, fault_id: str) -> Response:
    """Remove one fault."""
    current_engine().tenants.get(tenant_id).faults.remove(fault_id)
    return no_content()
