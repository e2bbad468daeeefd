"""Both transports behind a proxy, and over TLS."""

import ssl

import pytest
import trustme

from sender.transport.outcomes import Answered, Impossible, Lost, NotConnected, hopeless_reason


@pytest.mark.parametrize("variable", ["http_proxy", "HTTP_PROXY", "all_proxy"])
def test_a_proxy_from_the_environment_is_used(server, make, kit, monkeypatch, variable, posted):
    proxy = server.url.split("/inbound")[0]
    monkeypatch.setenv(variable, proxy)
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.delenv("NO_PROXY", raising=False)
    url = "http://qualtrics.example/inbound-event/v1/events/json/triggers?urlTokenId=x"
    assert posted(make(kit.endpoint(url))) == [Answered(200)]
    assert server.seen[0].path == url


@pytest.mark.parametrize("lost_after", [0, 1])
def test_an_answer_that_is_lost_behind_a_proxy_is_lost_and_not_a_missing_connection(
    server, make, kit, monkeypatch, lost_after, posted
):
    monkeypatch.setenv("http_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    server.answers(*[kit.answer()] * lost_after, kit.answer(resets=True))
    transport = make(kit.endpoint("http://qualtrics.example/?urlTokenId=x"), workers=1)
    outcomes = [posted(transport)[0] for _ in range(lost_after + 1)]
    assert isinstance(outcomes[-1], Lost)


def test_a_proxy_that_is_not_there_is_a_missing_connection(
    make, kit, monkeypatch, closed_port, posted
):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    assert isinstance(posted(make(kit.endpoint("http://qualtrics.example/?x")))[0], NotConnected)


def test_a_proxy_that_makes_no_tunnel_is_a_missing_connection(
    server, make, kit, monkeypatch, posted
):
    server.always(kit.answer(503))
    monkeypatch.setenv("https_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    assert isinstance(posted(make(kit.endpoint("https://qualtrics.example/?x")))[0], NotConnected)


def test_a_proxy_s_address_that_cannot_be_used_is_said_without_it(make, kit, monkeypatch, posted):
    monkeypatch.setenv("http_proxy", "socks9://user:PLACEHOLDER@127.0.0.1:9")
    monkeypatch.delenv("no_proxy", raising=False)
    (outcome,) = posted(make(kit.endpoint("http://qualtrics.example/?x")))
    assert isinstance(outcome, Impossible | NotConnected)  # libcurl takes it for a plain proxy
    assert "PLACEHOLDER" not in str(outcome)


def test_a_proxy_that_wants_a_credential_makes_every_call_impossible(
    server, make, kit, monkeypatch, posted
):
    server.always(kit.answer(407))
    monkeypatch.setenv("https_proxy", server.url.split("/inbound")[0])
    monkeypatch.delenv("no_proxy", raising=False)
    (outcome,) = posted(make(kit.endpoint("https://qualtrics.example/?x")))
    assert outcome == Impossible(hopeless_reason(Answered(407)))


@pytest.fixture
def authority(server, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.wrap_tls(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_tls_is_verified_against_the_bundle_in_the_environment(
    server, authority, make, kit, monkeypatch, posted
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority))
    endpoint = kit.endpoint(server.url)
    assert posted(make(endpoint), count=2) == [Answered(200)] * 2


def test_a_certificate_that_nobody_vouches_for_makes_every_call_impossible(
    server, authority, make, kit, monkeypatch, posted
):
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    (outcome,) = posted(make(kit.endpoint(server.url)))
    assert isinstance(outcome, Impossible)
    assert "REQUESTS_CA_BUNDLE" in outcome.reason
    assert server.seen == []


def test_a_bundle_that_is_not_there_makes_every_call_impossible(
    server, authority, make, kit, monkeypatch, posted
):
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(authority.with_name("none.pem")))
    (outcome,) = posted(make(kit.endpoint(server.url)))
    assert isinstance(outcome, Impossible)
