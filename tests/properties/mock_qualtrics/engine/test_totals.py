"""The journal cannot lie: totals always balance, and agree with its rows, whatever happens."""

import json
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Call
from mock_qualtrics.settings import Settings

DELAYS = st.sampled_from(
    [
        {"kind": "fixed", "seconds": 0},
        {"kind": "fixed", "seconds": 7_200},
        {"kind": "uniform", "lowSeconds": 0, "highSeconds": 90},
        {"kind": "queue", "workers": 1, "serviceSeconds": 20},
        {"kind": "lognormal", "medianSeconds": 5, "p95Seconds": 500},
    ]
)
FAULTS = st.sampled_from(
    [
        {"kind": "status", "status": 503, "when": {"probability": 0.4}},
        {"kind": "run-twice", "when": {"every": 2}},
        {"kind": "run-failed", "when": {"first": 3}},
        {"kind": "reset-before-read", "when": {"every": 3}},
        {"kind": "lower-limit", "callsPerMinute": 2, "when": {"every": 1}},
    ]
)


class Books(RuleBasedStateMachine):
    """One tenant on a virtual clock; everything that can happen to it, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = Engine(Settings())
        self.tenant = self.engine.tenants.create(
            {"clock": "virtual", "limits": {"callsPerMinute": 8, "runsPerDay": 15}}
        )
        self.answered: list[int] = []
        self.workflow = self.engine.tenants.add_workflow(
            self.tenant,
            {
                "name": "Survey",
                "retryTasks": True,
                "fields": [{"name": "n", "path": "$.n"}],
                "conditions": {"any": [{"path": "$.n", "exists": True}]},
                "tasks": [
                    {
                        "name": "T",
                        "type": "record",
                        "settings": {"n": "~{aedj://n}"},
                        "failProbability": 0.5,
                    }
                ],
            },
        )

    @rule(body=st.sampled_from([b'{"n": 1}', b'{"n": 2}', b"{}", b"[]", b"{", b"\xff"]))
    def call(self, body: bytes) -> None:
        headers = (
            ("x-api-token", self.tenant.api_token.reveal()),
            ("content-type", "application/json"),
        )
        query = self.workflow.urls("")["triggerUrl"].partition("?")[2]
        path = "/inbound-event/v1/events/json/triggers"
        self.engine.receive(Call("POST", path, query, headers, body))

    @rule(event=st.sampled_from([b'{"n": 1}', b"{}"]))
    def run_now(self, event: bytes) -> None:
        self.engine.run_now(self.workflow.id, event)

    @rule(seconds=st.sampled_from([0, 0.5, 60, 3_600, 90_000, 40 * 86_400]))
    def advance(self, seconds: float) -> None:
        self.engine.advance(self.tenant.id, seconds)

    @rule(delay=DELAYS, enabled=st.booleans())
    def change(self, delay: dict[str, Any], enabled: bool) -> None:
        changes = {"delay": delay, "enabled": enabled}
        self.engine.tenants.update_workflow(self.workflow.id, changes)

    @rule(fault=FAULTS)
    def break_something(self, fault: dict[str, Any]) -> None:
        self.tenant.faults.add(fault)

    @precondition(lambda self: self.tenant.faults.all())
    @rule()
    def mend_everything(self) -> None:
        self.tenant.faults.clear()

    @rule()
    def reset(self) -> None:
        self.engine.tenants.reset(self.tenant.id)

    @invariant()
    def totals_balance(self) -> None:
        totals = self.engine.journal.totals(self.tenant.number)
        assert totals["received"] == totals["refused"] + totals["accepted"]
        assert totals["refused"] == sum(totals["refusedBy"].values())
        ended = ("ignored", "succeeded", "failed", "blocked", "pending")
        assert totals["accepted"] + totals["extraRuns"] == sum(totals[name] for name in ended)
        assert min(value for value in totals.values() if isinstance(value, int)) >= 0

    @invariant()
    def what_waits_is_in_the_journal(self) -> None:
        totals = self.engine.journal.totals(self.tenant.number)
        page = self.engine.journal.runs_page(self.workflow.id, status="Pending", limit=500)
        assert len(page.items) == totals["pending"]

    def teardown(self) -> None:
        runs = self.engine.journal.runs_page(self.workflow.id, limit=500).items
        assert json.dumps([run["id"] for run in runs])
        self.engine.close()


Books.TestCase.settings = settings(max_examples=40, stateful_step_count=30, deadline=None)
TestBooks = Books.TestCase
