"""The server counts how long its answers to trigger calls take, in real time (A-LIM-1)."""

from collections.abc import Iterator

import pytest
import requests

from mock_qualtrics import serve_in_thread
from mock_qualtrics.clock import FIRST_INSTANT, LAST_INSTANT
from mock_qualtrics.histograms import Histogram
from mock_qualtrics.journal import UNATTRIBUTED
from mock_qualtrics.server import RunningServer
from support import until

DELAY_SECONDS = 0.2


@pytest.fixture
def server() -> Iterator[RunningServer]:
    with serve_in_thread() as running:
        yield running


def latencies(server: RunningServer, tenant_number: int, calls: int) -> Histogram:
    """Return the latencies once there are so many: a caller may have read its answer before."""
    journal = server.engine.journal

    def found() -> Histogram:
        (step,) = journal.minutes(tenant_number, FIRST_INSTANT, LAST_INSTANT, 1)
        return step.latency

    until(lambda: found().total >= calls)
    return found()


def send(server: RunningServer, body: bytes = b"{}", url: str = "") -> int:
    tenant = server.engine.tenants.default
    headers = {"X-API-TOKEN": tenant.api_token.reveal(), "Content-Type": "application/json"}
    urls = tenant.workflows[0].urls(server.url)
    return requests.post(url or urls["triggerUrl"], body, headers=headers, timeout=60).status_code


def test_every_answer_counts_once_accepted_or_refused(server):
    number = server.engine.tenants.default.number
    assert [send(server), send(server, b"no json"), send(server)] == [202, 400, 202]
    assert latencies(server, number, 3).total == 3


def test_the_latency_that_a_fault_injects_is_part_of_it(server):
    tenant = server.engine.tenants.default
    fault = {"kind": "latency", "seconds": DELAY_SECONDS, "when": {"every": 1}}
    tenant.faults.add(fault)
    send(server)
    assert latencies(server, tenant.number, 1).percentile(1) >= DELAY_SECONDS / 1.1


def test_a_call_that_a_fault_leaves_without_an_answer_has_none(server):
    tenant = server.engine.tenants.default
    tenant.faults.add({"kind": "reset-after-journal", "when": {"first": 1}})
    with pytest.raises(requests.ConnectionError):
        send(server)
    send(server)
    assert latencies(server, tenant.number, 1).total == 1


def test_calls_of_no_tenant_have_latencies_too(server):
    url = f"{server.url}/inbound-event/v1/events/json/triggers?urlTokenId=unknown"
    requests.post(url, b"{}", headers={"Content-Type": "application/json"}, timeout=60)
    assert latencies(server, UNATTRIBUTED, 1).total == 1
