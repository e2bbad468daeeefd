"""An outbox held against the mock's journal, and a journal that cannot be read."""

import json
import re

import pytest
import requests

from sender.destination.mock_journal import MockJournal
from sender.destination.received_calls import ReceivedCalls
from sender.errors import ConfigurationError


def accepted_by(url: str, trigger_url: str) -> int:
    with MockJournal(url) as journal, ReceivedCalls() as received:
        journal.copy_to(received, trigger_url)
        return received.accepted()


def test_a_mock_is_read_page_by_page_for_the_tenant_of_the_workflow(qualtrics, kit, monkeypatch):
    monkeypatch.setattr("sender.destination.mock_journal.PAGE_ROWS", 2)
    from sender import Exporter  # noqa: PLC0415  only here

    dataflow = kit.dataflow(qualtrics.trigger_url).with_username(qualtrics.username)
    with Exporter(dataflow, token=qualtrics.api_token, calls_per_minute=None) as exporter:
        exporter.export(kit.profiles(3))
    base = qualtrics.trigger_url.split("/inbound")[0]
    auth = (qualtrics.username, qualtrics.api_token)
    assert requests.get(f"{base}/API/v3/whoami", auth=auth, timeout=60).ok, "as `check` asks"
    assert accepted_by(base, qualtrics.trigger_url) == 3
    elsewhere = qualtrics.trigger_url.split("=")[0] + "=elsewhere"
    with pytest.raises(ConfigurationError, match="no tenant has the workflow"):
        accepted_by(base, elsewhere)


def test_a_mock_that_forgot_calls_cannot_vouch_for_any(server, kit):
    workflow = {"triggerUrl": server.url, "legacyTriggerUrl": server.url}
    tenants = json.dumps({"tenants": [{"id": "t", "workflows": [workflow]}]}).encode()
    server.answers(kit.answer(body=tenants), kit.answer(body=b'{"complete": false}'))
    with pytest.raises(ConfigurationError, match="the mock's journal is not complete"):
        accepted_by(server.url.split("/inbound")[0], server.url)


@pytest.mark.qualtrics(clock="virtual")
def test_a_mock_that_retired_calls_cannot_vouch_for_any_either(qualtrics, kit):
    from sender import Exporter  # noqa: PLC0415  only here

    dataflow = kit.dataflow(qualtrics.trigger_url).with_username(qualtrics.username)
    with Exporter(dataflow, token=qualtrics.api_token, calls_per_minute=None) as exporter:
        exporter.export(kit.profiles(3))
    qualtrics.clock.advance(seconds=31 * 86_400)
    whoami = f"{qualtrics.url}/API/v3/whoami"
    for _ in range(3):  # calls that the totals do not count hide none that is gone
        requests.get(whoami, auth=(qualtrics.username, qualtrics.api_token), timeout=60)
    with pytest.raises(ConfigurationError, match="has retired 3 of its calls"):
        accepted_by(qualtrics.url, qualtrics.trigger_url)


def said_of(url: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        accepted_by(url, "http://127.0.0.1/?urlTokenId=x")
    assert not re.search(r"[a-z]Error|Exception|Invalid[A-Z]|Missing[A-Z]", str(raised.value))
    return str(raised.value)


def test_a_mock_that_cannot_be_reached_is_said_to_be_so(closed_port, server):
    assert "no connection" in said_of(f"http://127.0.0.1:{closed_port}")
    tls = said_of(server.url.split("/inbound")[0].replace("http:", "https:"))
    assert "no TLS that is trusted" in tls
    assert "cannot be used" in said_of("http://a b")


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (401, b"{}", "--control-token"),
        (500, b"<h1>", "it answers 500; is it mock-qualtrics"),
        (200, b"<h1>", "it answers something that is not JSON; is it mock-qualtrics"),
        (200, b"[]", "it answers without 'tenants'; is it mock-qualtrics"),
        (200, b"{}", "it answers without 'tenants'; is it mock-qualtrics"),
    ],
)
def test_a_server_that_is_no_mock_or_wants_a_token_is_said_to_be_so(
    server, kit, status, body, says
):
    server.always(kit.answer(status, body=body))
    assert says in said_of(server.url.split("/inbound")[0])
