"""Both transports and what may lead a call elsewhere: redirects, a netrc file."""

import pytest

from sender.transport.outcomes import Answered


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
