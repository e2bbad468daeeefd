"""Both transports and what may lead a call elsewhere: redirects, a netrc file."""

import pytest

from contracts.control_client import ControlClient, control_url_of
from contracts.errors import ControlRefusedError
from contracts.probe.calls import Caller, Target
from contracts.secret import Secret
from sender.destination.check import check_destination
from sender.transport.outcomes import Answered

UNREADABLE = [
    "http://h:99999/x",
    "http://[::1/x",
    "http://[zz]/",
    "/\xe9\xff",
    "http://127.0.0.1\\@h/",
    "/\x01\x1b[2J",
    "http://" + "a" * 70 + "/",
    "http://\xef\xbc\x8fh/",
]


def test_a_redirect_elsewhere_is_not_followed(server, endpoint, make, kit, posted):
    away = "http://localhost:9/inbound-event/v1/events/json/triggers?urlTokenId=secret"
    server.always(kit.answer(307, headers={"Location": away}))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == 307
    assert outcome.location.startswith("http://localhost:9/")
    assert "secret" not in outcome.location
    assert len(server.seen) == 1


@pytest.mark.parametrize("status", [307, 308])
def test_a_redirect_on_the_same_server_is_followed_with_message_and_credential(
    server, endpoint, make, kit, status, posted
):
    server.answers(kit.answer(status, headers={"Location": "/moved"}, body=b""))
    assert posted(make(endpoint)) == [Answered(200)]
    first, second = server.seen
    assert (second.path, second.body) == ("/moved", first.body)
    assert second.headers["authorization"] == first.headers["authorization"]


@pytest.mark.parametrize("location", UNREADABLE)
def test_a_redirect_that_nobody_can_read_is_an_answer_like_any_other(
    server, endpoint, make, kit, location, posted
):
    server.always(kit.answer(307, headers={"Location": location}))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == 307
    assert outcome.location.isprintable()
    assert len(server.seen) == 1


@pytest.mark.parametrize("location", [*UNREADABLE, "http://localhost:9/x"])
def test_no_other_call_reads_where_a_redirect_leads(server, dataflow, kit, location):
    server.always(kit.answer(307, headers={"Location": location}))
    base = server.url.partition("/inbound")[0]
    check = check_destination(dataflow, Secret(kit.token))[-1]
    assert (check.passed, "answered 307" in check.detail) == (False, True)
    caller = Caller(Target(server.url, kit.username, Secret(kit.token)), most_calls=1)
    assert caller.post().status_code == 307
    caller.close()
    refused = pytest.raises(ControlRefusedError, match="answered 307")
    with ControlClient(control_url_of(base), "token") as control, refused:
        control.health()
    assert len(server.seen) == 3


@pytest.mark.parametrize("brand", ["[" * 100_000, '{"result":{"brandId":"\\ud800\\u001b[2J"}}'])
def test_a_check_reads_whatever_is_answered(server, dataflow, kit, brand):
    server.always(kit.answer(200, body=brand.encode()))
    check = check_destination(dataflow, Secret(kit.token))[-1]
    assert (check.passed, check.detail.isprintable()) == (True, True)


@pytest.mark.parametrize("status", [301, 302, 303])
def test_a_redirect_that_drops_the_message_is_not_followed(
    server, endpoint, make, kit, status, posted
):
    server.always(kit.answer(status, headers={"Location": "/moved"}, body=b""))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == status
    assert len(server.seen) == 1


def test_redirects_that_go_round_in_circles_end(server, endpoint, make, kit, posted):
    server.always(kit.answer(307, headers={"Location": "/again"}, body=b""))
    (outcome,) = posted(make(endpoint))
    assert outcome.status == 307
    assert len(server.seen) == 3


def test_a_netrc_does_not_replace_the_credential(
    server, endpoint, make, tmp_path, monkeypatch, posted
):
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    posted(make(endpoint))
    assert server.seen[0].headers["authorization"] == endpoint.authorization()
