"""An engine of its own for each test, and calls as a connector makes them.

The fixtures ``rehearse`` and ``rehearsal`` are known to all tests: ``tests/conftest.py`` loads
this module as a plugin.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from mock_qualtrics.engine import Engine
from mock_qualtrics.model import Answer, Call
from mock_qualtrics.settings import Settings
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow

TRIGGER_PATH = "/inbound-event/v1/events/json/triggers"


def step_until_idle(engine: Engine) -> float | None:
    """Step until nothing is due; return the seconds until something is, None for nothing.

    A step ends when its time is over, on a busy machine perhaps before anything was done.
    """
    while (wait := engine.step()) == 0.0:
        pass
    return wait


def trigger_call(engine: Engine, body: bytes = b"{}", workflow: Workflow | None = None) -> Call:
    """Return a valid call of the default tenant's workflow."""
    tenant = engine.tenants.default
    query = (workflow or tenant.workflows[0]).urls("")["triggerUrl"].partition("?")[2]
    headers = (("x-api-token", tenant.api_token.reveal()), ("content-type", "application/json"))
    return Call("POST", TRIGGER_PATH, query, headers, body)


@dataclass
class Rehearsal:
    """One tenant on a virtual clock with one workflow, and the connector that calls it."""

    engine: Engine
    tenant: Tenant
    workflow: Workflow

    def call(self, body: bytes = b"{}", trace: str | None = None, **changes: object) -> Call:
        headers = [
            ("content-type", "application/json"),
            ("x-api-token", self.tenant.api_token.reveal()),
        ]
        if trace is not None:
            headers.append(("x-trace-id", trace))
        query = self.workflow.urls("")["triggerUrl"].partition("?")[2]
        given = {"method": "POST", "path": TRIGGER_PATH, "query": query, "headers": tuple(headers)}
        return Call(**{**given, "body": body, **changes})

    def send(self, body: bytes = b"{}", **changes: object) -> Answer:
        return self.engine.receive(self.call(body, **changes))

    def advance(self, seconds: float) -> int:
        return self.engine.advance(self.tenant.id, seconds)

    def runs(self, **question: object) -> tuple[dict[str, Any], ...]:
        return self.engine.journal.runs_page(self.workflow.id, **question).items

    def requests(self) -> tuple[dict[str, Any], ...]:
        return self.engine.journal.requests_page(self.tenant.number).items

    def totals(self) -> dict[str, Any]:
        return self.engine.journal.totals(self.tenant.number)


Rehearse = Callable[..., Rehearsal]


@pytest.fixture
def rehearse() -> Iterator[Rehearse]:
    """Make an engine, a tenant with a virtual clock and a workflow; close them afterwards."""
    engines: list[Engine] = []

    def make(
        workflow: dict[str, Any] | None = None,
        tenant: dict[str, Any] | None = None,
        **settings: object,
    ) -> Rehearsal:
        engine = Engine(Settings(**settings))
        engines.append(engine)
        made = engine.tenants.create({"clock": "virtual", **(tenant or {})})
        given = {"name": "Survey", **(workflow or {})}
        return Rehearsal(engine, made, engine.tenants.add_workflow(made, given))

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture
def rehearsal(rehearse: Rehearse) -> Rehearsal:
    return rehearse()
