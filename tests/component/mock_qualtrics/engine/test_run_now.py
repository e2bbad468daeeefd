"""Run now: what a restart keeps of it, and what the store's refusal leaves."""

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.errors import NotFoundError
from mock_qualtrics.settings import Settings

CONDITIONAL = {
    "conditions": {"all": [{"path": "$.vip", "equals": True}]},
    "tasks": [{"name": "Invite", "type": "email"}],
}


def test_a_run_that_was_started_now_is_executed_as_such_after_a_restart(tmp_path):
    settings = Settings(store=f"sqlite:///{tmp_path / 'mock.db'}", clock="virtual")
    with Engine(settings) as engine:
        (workflow,) = engine.tenants.default.workflows
        engine.tenants.update_workflow(workflow.id, CONDITIONAL)
        started = engine.run_now(workflow.id, b'{"vip": false}')
    with Engine(settings) as engine:
        assert engine.journal.run(started["id"])["status"] == "Pending"
        engine.advance(engine.tenants.default.id, 1)
        run = engine.journal.run(started["id"])
        totals = engine.journal.totals(engine.tenants.default.number)
    assert (run["tasks"][0]["status"], run["runNow"]) == ("Succeeded", True)
    assert (totals["extraRuns"], totals["succeeded"], totals["received"]) == (1, 1, 0)


def test_an_unknown_workflow_has_no_test_button():
    with Engine(Settings()) as engine, pytest.raises(NotFoundError):
        engine.run_now("WF_000000000000000", b"{}")
