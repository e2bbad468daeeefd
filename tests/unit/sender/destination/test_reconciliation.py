"""What an outbox and a journal disagree on, and addresses that are none."""

import re

import pytest

from contracts.secret import Secret
from sender.destination.reconciliation import Disagreement, MockJournal, Reconciliation, reconciled
from sender.errors import ConfigurationError
from sender.outbox.records import Trace


def said_of(url: str) -> str:
    with pytest.raises(ConfigurationError) as raised:
        MockJournal(url).accepted("http://127.0.0.1/?urlTokenId=x")
    assert not re.search(r"[a-z]Error|Exception|Invalid[A-Z]|Missing[A-Z]", str(raised.value))
    return str(raised.value)


def test_reconciling_finds_every_kind_of_disagreement():
    traces = [
        Trace("fine", 2, 1, 0),
        Trace("lost", 2, 1, 0),
        Trace("double", 2, 2, 1),
        Trace("pending", 0, 1, 0),
        Trace("failed", 3, 3, 1),
        Trace("uncertain", 4, 3, 3),
    ]
    accepted = {"fine": 1, "double": 2, "failed": 1, "stranger": 1, "": 2}
    found = reconciled(traces, accepted)
    assert [(d.trace_id, d.meaning) for d in found.disagreements] == [
        ("lost", "activated, but never accepted"),
        ("double", "accepted 2 times"),
        ("failed", "accepted, but failed"),
    ]
    assert (found.messages, found.agreeing, found.foreign) == (6, 3, 3)
    assert reconciled(traces[1:2], {}).disagreements == (
        Disagreement("lost", "activated", 0, 0, "activated, but never accepted"),
    )
    assert reconciled([], {}) == Reconciliation(0, (), 0)


def test_a_proxy_s_address_that_cannot_be_used_is_said_without_it(monkeypatch):
    monkeypatch.setenv("http_proxy", "socks9://user:PLACEHOLDER@127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    assert "a proxy's address cannot be used" in said_of("http://qualtrics.example")
    assert "PLACEHOLDER" not in said_of("http://qualtrics.example")


@pytest.mark.parametrize("url", ["127.0.0.1:8084", "localhost", "ftp://x", "http://", "http://[x"])
def test_what_is_no_address_of_a_mock_is_refused_with_one_that_would_be(url):
    assert "expected one such as http://127.0.0.1:8084" in said_of(url)


def test_a_token_that_no_header_can_carry_is_refused():
    with pytest.raises(ConfigurationError, match="expected ASCII"):
        MockJournal("http://127.0.0.1:8084", Secret("ä€"))
