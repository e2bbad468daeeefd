"""Both transports behind a proxy, and over TLS."""

import random
import ssl

import pytest
import trustme

from contracts.control_client import ControlClient, control_url_of
from contracts.errors import ControlUnreachableError, ProbeError
from contracts.probe.calls import Caller, Target
from contracts.secret import Secret
from sender.destination.check import check_destination, test_messages
from sender.transport.outcomes import (
    Answered,
    Impossible,
    Lost,
    NotConnected,
    describe,
    hopeless_reason,
)

test_messages.__test__ = False  # no test, whatever its name


def said_by_check(kit, url):
    return check_destination(kit.dataflow(url), Secret(kit.token))[-1].detail


def said_by_test(kit, url):
    dataflow, profiles = kit.dataflow(url), kit.profiles(1)
    (exchange,) = test_messages(dataflow, Secret(kit.token), profiles, random.Random(1))
    return exchange.answer


def said_by_probe(kit, url):
    caller = Caller(Target(url, kit.username, Secret(kit.token)), most_calls=1)
    with pytest.raises(ProbeError) as raised:
        caller.post()
    caller.close()
    return str(raised.value)


def said_by_control(kit, url):
    control = ControlClient(control_url_of(url.partition("/inbound")[0]))
    with control, pytest.raises(ControlUnreachableError) as raised:
        control.health()
    return str(raised.value)


FAILED = {
    "check": said_by_check,
    "test": said_by_test,
    "probe": said_by_probe,
    "control": said_by_control,
}


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
    assert isinstance(outcome, Impossible)
    assert outcome.reason.startswith(hopeless_reason(Answered(407)))


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_failed_call_names_the_variable_whose_proxy_it_took(
    make, kit, monkeypatch, closed_port, posted, scheme
):
    monkeypatch.setenv("ALL_PROXY", f"http://user:PLACEHOLDER@127.0.0.1:{closed_port}")
    (outcome,) = posted(make(kit.endpoint(f"{scheme}://qualtrics.example/?x")))
    assert "the proxy of ALL_PROXY" in describe(outcome)
    assert "PLACEHOLDER" not in describe(outcome)


def test_an_error_that_a_proxy_may_have_answered_names_its_variable(
    server, make, kit, monkeypatch, posted
):
    server.always(kit.answer(502, body=b"<h1>"))
    monkeypatch.setenv("HTTP_PROXY", server.url.split("/inbound")[0])
    (outcome,) = posted(make(kit.endpoint("http://qualtrics.example/?x")))
    assert describe(outcome).startswith("the destination answered 502 (through the proxy of HTTP_P")


@pytest.fixture
def dead_proxies(monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.mark.usefixtures("dead_proxies")
def test_a_call_to_this_machine_takes_no_proxy(server, endpoint, make, posted):
    assert posted(make(endpoint)) == [Answered(200)]


@pytest.mark.usefixtures("dead_proxies")
def test_no_other_call_to_this_machine_takes_one(server, dataflow, kit):
    server.always(kit.answer(body=b'{"status": "ok"}'))
    assert all(check.passed for check in check_destination(dataflow, Secret(kit.token)))
    (exchange,) = test_messages(dataflow, Secret(kit.token), kit.profiles(1), random.Random(1))
    assert exchange.activated
    caller = Caller(Target(server.url, kit.username, Secret(kit.token)), most_calls=1)
    assert caller.post().status_code == 200
    caller.close()
    with ControlClient(control_url_of(server.url.split("/inbound")[0])) as control:
        assert control.health() == {"status": "ok"}


@pytest.mark.parametrize("call", ["check", "test", "probe", "control"])
def test_every_other_call_that_fails_names_the_variable_too(kit, monkeypatch, closed_port, call):
    monkeypatch.setenv("HTTPS_PROXY", f"http://user:PLACEHOLDER@127.0.0.1:{closed_port}")
    said = FAILED[call](
        kit, "https://qualtrics.example/inbound-event/v1/events/json/triggers?urlTokenId=x"
    )
    assert "the proxy of HTTPS_PROXY" in said
    assert "PLACEHOLDER" not in said


@pytest.fixture
def authority(server, tmp_path):
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    server.wrap_tls(context)
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    return path


def test_https_to_a_server_without_tls_is_said_in_words(server, make, kit, posted):
    url = server.url.replace("http://", "https://")
    (outcome,) = posted(make(kit.endpoint(url)))
    assert isinstance(outcome, Impossible)
    for said in (outcome.reason, said_by_check(kit, url), said_by_test(kit, url)):
        assert "the URL says https, and the server there answers in plain HTTP" in said
        assert "REQUESTS_CA_BUNDLE" not in said


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
