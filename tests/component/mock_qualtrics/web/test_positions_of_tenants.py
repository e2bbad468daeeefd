"""Where a tenant stands: elsewhere after each durable change, and where it was after a restart."""

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings
from mock_qualtrics.web.changes.positions import position_of, standing_of
from support.rehearsal import Rehearsal, trigger_call

STRAY = Call("GET", "/nowhere", "", (), b"")


def position(connector: Rehearsal) -> str:
    return position_of(connector.engine, connector.tenant)


def change_a_fault(connector: Rehearsal) -> None:
    connector.tenant.faults.add({"kind": "status", "status": 500, "when": {"first": 1}})


CHANGES = {
    "a call": lambda one: one.send(),
    "a refused call": lambda one: one.send(headers=()),
    "a call that names no tenant": lambda one: one.engine.receive(STRAY),
    "the clock": lambda one: one.advance(1),
    "a fault": change_a_fault,
    "a changed workflow": lambda one: one.engine.tenants.update_workflow(
        one.workflow.id, {"enabled": False}
    ),
    "a new workflow": lambda one: one.engine.tenants.add_workflow(one.tenant, {"name": "Other"}),
    "a deleted workflow": lambda one: one.engine.tenants.delete_workflow(one.workflow.id),
    "a new token": lambda one: one.engine.tenants.new_token(one.tenant.id),
    "other limits": lambda one: one.engine.tenants.change_settings(
        one.tenant.id, {"limits": {"callsPerMinute": 7}}
    ),
    "a reset": lambda one: one.engine.tenants.reset(one.tenant.id),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_each_change_is_another_position_and_is_told_to_who_listens(rehearsal, change):
    before, told = position(rehearsal), []
    rehearsal.engine.journal.listen(told.extend)
    assert position(rehearsal) == before
    change(rehearsal)
    assert position(rehearsal) != before
    assert {rehearsal.tenant.number, 0} & set(told)


def test_the_end_of_a_run_is_another_position(rehearse):
    connector = rehearse({"delay": {"kind": "fixed", "seconds": 60}})
    connector.send()
    before = position(connector)
    connector.advance(60)
    assert connector.totals()["succeeded"] == 1
    assert position(connector) != before


def test_what_another_tenant_does_is_no_change(rehearsal):
    before = position(rehearsal)
    rehearsal.engine.receive(trigger_call(rehearsal.engine))
    assert position(rehearsal) == before


def test_what_is_not_committed_is_in_no_position(rehearsal):
    before = standing_of(rehearsal.engine, rehearsal.tenant.number)
    rehearsal.engine.stage(rehearsal.call())
    assert standing_of(rehearsal.engine, rehearsal.tenant.number) == before
    rehearsal.engine.commit()
    after = standing_of(rehearsal.engine, rehearsal.tenant.number)
    assert after.position.since(before.position)["calls"] == 1
    assert after.totals == rehearsal.totals()


def test_the_same_calls_after_a_reset_are_another_position(rehearsal):
    rehearsal.send()
    before = position(rehearsal)
    rehearsal.engine.tenants.reset(rehearsal.tenant.id)
    rehearsal.send()
    assert position(rehearsal) != before


def test_a_restart_changes_no_position_and_a_reset_before_it_is_not_forgotten(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path / 'store.sqlite'}", clock="virtual")
    positions = []
    for _ in range(2):
        with Engine(settings) as engine:
            tenant = engine.tenants.default
            positions += [position_of(engine, tenant), position_of(engine, None)]
            if len(positions) == 2:
                engine.receive(trigger_call(engine))
                engine.receive(STRAY)
                calls = position_of(engine, tenant)
                engine.tenants.reset(tenant.id)
                engine.receive(trigger_call(engine))
                positions = [position_of(engine, tenant), position_of(engine, None)]
                assert positions[0] != calls
    assert positions[:2] == positions[2:]


def test_a_deleted_tenant_stands_nowhere(rehearsal):
    rehearsal.engine.tenants.delete(rehearsal.tenant.id)
    assert standing_of(rehearsal.engine, rehearsal.tenant.number) is None
    assert position_of(rehearsal.engine, rehearsal.tenant) == ""
