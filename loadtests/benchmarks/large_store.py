"""Makes a store with very many runs quickly: their rows are written as a server writes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Final

from mock_qualtrics import ids
from mock_qualtrics.clock import SECOND, VIRTUAL_START
from mock_qualtrics.engine import Engine
from mock_qualtrics.journal import Outcome, State, Store, TenantCounters
from mock_qualtrics.journal.batch import Batch, pending_run
from mock_qualtrics.journal.minutes.minute import MINUTE, Minute
from mock_qualtrics.journal.run_queue import REAL_CLOCK
from mock_qualtrics.model import NewRun, RequestRow
from mock_qualtrics.settings import Settings
from mock_qualtrics.store.schema import call_sequence

OLDEST_ONLY: Final = "only the oldest run says this"
CALLS_A_SECOND: Final = 50
_AT_ONCE: Final = 10_000
_BODY: Final = (
    b'{"person": {"name": {"firstName": "Profile %(name)d"}}, "identityMap": {"Email": '
    b'[{"id": "profile-%(name)d@example.com", "primary": true}]}, "segmentMembership": {"ups": '
    b'{"046456e3b-18e1-48a6-9bda-d68547861283": {"status": "realized"}}}}'
)
_DETAIL: Final = (
    '{"fields":{"firstName":"Profile %(name)d"},"tasks":[{"name":"Invite","type":"email",'
    '"status":"Succeeded","attempts":1,"error":null,"settings":{"to":'
    '"profile-%(name)d@example.com","subject":"Hello Profile %(name)d"}}],"notifications":[]}'
)


@dataclass(frozen=True, slots=True)
class LargeStore:
    """A store with one tenant and one workflow, all of whose runs succeeded but the oldest one.

    Attributes:
        url: for ``serve --store``.
        tenant_number: the tenant.
        tenant_id: its id.
        workflow_id: the workflow.
    """

    url: str
    tenant_number: int
    tenant_id: str
    workflow_id: str


def make_store(path: Path, runs: int) -> LargeStore:
    """Make a store with that many runs in a new file."""
    url = f"sqlite:///{path}"
    engine = Engine(Settings(store=url))
    try:
        # Virtual: beside the real time its runs would be past retention, and deleted.
        tenant = engine.tenants.create({"clock": "virtual"})
        workflow = engine.tenants.add_workflow(tenant, {"name": "Send the survey"})
        seed_key = ids.seed_key(engine.settings.seed)
    finally:
        engine.close()
    made = LargeStore(url, tenant.number, tenant.id, workflow.id)
    store = Store(url)
    try:
        for batch in _batches(tenant.number, workflow.number, runs, seed_key):
            with store.writing() as transaction:
                batch.write(transaction, store.hot, batch.counted())
    finally:
        store.close()
    return made


def _batches(tenant: int, workflow: int, runs: int, key: bytes) -> Iterator[Batch]:
    counters, minutes = TenantCounters(tenant), dict[int, Minute]()
    for first in range(1, runs + 1, _AT_ONCE):
        batch = Batch()
        for number in range(first, min(first + _AT_ONCE, runs + 1)):
            request = _request(tenant, number, key)
            _add(batch, number, request, workflow)
            _count(minutes, batch, request, succeeded=number > 1)
        last = min(first + _AT_ONCE, runs + 1) - 1
        counters.calls = counters.received = counters.accepted = last
        counters.succeeded, counters.failed = last - 1, 1
        counters.now = VIRTUAL_START + last * SECOND // CALLS_A_SECOND
        batch.counters[tenant] = counters
        yield batch


def _add(batch: Batch, number: int, request: RequestRow, workflow: int) -> None:
    at = request.received_at
    sequence = call_sequence(request.tenant_number or 0, number)
    run = pending_run(sequence, REAL_CLOCK, request, NewRun(workflow, at))
    detail = _DETAIL % {"name": number}
    outcome = Outcome(State.SUCCEEDED, at, at, detail=detail)
    if number == 1:
        outcome = Outcome(State.FAILED, at, at, OLDEST_ONLY, detail)
    batch.add_request(sequence, request, 1)
    batch.add_run(run, None)
    batch.change_run(run, outcome)


def _count(
    minutes: dict[int, Minute], batch: Batch, request: RequestRow, *, succeeded: bool
) -> None:
    tenant, at = request.tenant_number or 0, request.received_at
    minute = minutes.setdefault(at // MINUTE, Minute(tenant, at // MINUTE))
    minute.count(request)
    minute.count_end(at, at, at, succeeded=succeeded)
    batch.minutes[tenant, minute.number] = minute


def fill_minutes(store_url: str, tenant_number: int, minutes: int, chance: Random) -> None:
    """Count 60 calls, with their runs, in each of the minutes before a virtual clock's start."""
    store, end = Store(store_url), VIRTUAL_START // MINUTE
    try:
        with store.writing() as transaction:
            rows = [
                _full_minute(tenant_number, number, chance).to_row()
                for number in range(end - minutes, end)
            ]
            transaction.many(store.hot.put_minute, rows)
    finally:
        store.close()


def _full_minute(tenant_number: int, number: int, chance: Random) -> Minute:
    minute = Minute(tenant_number, number, received=60, accepted=60, succeeded=60)
    for _ in range(60):
        minute.delay.count(int(chance.lognormvariate(14, 1)))
        minute.duration.count(int(chance.lognormvariate(11, 1)))
        minute.latency.count(int(chance.lognormvariate(6, 0.7)))
    return minute


def _request(tenant: int, number: int, key: bytes) -> RequestRow:
    body = _BODY % {b"name": number}
    return RequestRow(
        request_id=ids.request_id(key, call_sequence(tenant, number)),
        tenant_number=tenant,
        received_at=VIRTUAL_START + number * SECOND // CALLS_A_SECOND,
        method="POST",
        path="/inbound-event/v1/events/json/triggers",
        status=202,
        error_code=None,
        reason=None,
        trace_id=f"trace-{number}",
        headers=(("content-type", "application/json"),),
        body_bytes=len(body),
        body=body,
        accepted=True,
    )
