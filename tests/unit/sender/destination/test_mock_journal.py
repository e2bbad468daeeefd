"""Addresses and tokens with which no mock's journal can be read."""

import re

import pytest

from contracts.secret import Secret
from sender.destination.mock_journal import MockJournal
from sender.destination.received_calls import ReceivedCalls
from sender.errors import ConfigurationError


def said_of(url: str) -> str:
    with pytest.raises(ConfigurationError) as raised, ReceivedCalls() as received:
        MockJournal(url).copy_to(received, "http://127.0.0.1/?urlTokenId=x")
    assert not re.search(r"[a-z]Error|Exception|Invalid[A-Z]|Missing[A-Z]", str(raised.value))
    return str(raised.value)


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
