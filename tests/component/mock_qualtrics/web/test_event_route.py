"""``GET /events`` without a server that keeps answers open, and who is refused."""

import pytest

from mock_qualtrics import Settings, create_app
from mock_qualtrics.engine import Engine
from mock_qualtrics.web import access
from mock_qualtrics.web.pages.live import position_of
from support.rehearsal import trigger_call

CONTROL_TOKEN = "PLACEHOLDER-CONTROL-TOKEN"


def test_the_answer_says_what_is_new_and_when_to_come_again(engine, client):
    engine.receive(trigger_call(engine))
    answer = client.get("/events")
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Accel-Buffering"] == "no"
    retry, event, *_ = answer.text.split("\n\n")
    assert retry == "retry: 1000"
    assert f"id: {position_of(engine, engine.tenants.default)}" in event
    assert '"received":1' in event


def test_who_knows_the_position_is_told_nothing_and_the_header_wins(engine, client):
    here = position_of(engine, engine.tenants.default)
    nothing = "retry: 1000\n\n: nothing new\n\n"
    assert client.get(f"/events?tenant=tenant-1&after={here}").text == nothing
    assert client.get("/events?after=old", headers={"Last-Event-ID": here}).text == nothing
    told = client.get(f"/events?after={here}", headers={"Last-Event-ID": "old"})
    assert "event: change" in told.text


def test_without_any_tenant_the_calls_that_name_none_are_told(engine, client):
    engine.tenants.delete("tenant-1")
    assert f"id: {position_of(engine, None)}" in client.get("/events").text


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ("tenant=tenant-9", 404, "There is no tenant 'tenant-9'"),
        ("from=1", 400, "Unknown query parameter 'from': expected after, tenant"),
        ("after=1&after=2", 400, "The query parameter after is given 2 times"),
    ],
)
def test_a_wrong_parameter_is_named(client, query, status, error):
    answer = client.get(f"/events?{query}")
    assert (answer.status_code, answer.json) == (status, {"error": error})


def test_head_has_no_body_and_no_other_method_is_taken(client):
    answer = client.head("/events")
    assert (answer.status_code, answer.mimetype, answer.data) == (200, "text/event-stream", b"")
    assert client.post("/events").status_code == client.post("/no-such-page").status_code


@pytest.mark.parametrize("headers", [{"Host": "attacker.example"}, {"Origin": "https://a.example"}])
def test_other_sites_are_refused(client, headers):
    assert client.get("/events", headers=headers).status_code == 403


def test_the_control_token_is_required_as_bearer_or_cookie():
    with Engine(Settings(control_token=CONTROL_TOKEN)) as engine:
        client = create_app(engine=engine).test_client()
        refused = client.get("/events")
        assert refused.status_code == 401  # no redirect, which an EventSource would follow
        assert "WWW-Authenticate" in refused.headers
        bearer = {"Authorization": f"Bearer {CONTROL_TOKEN}"}
        assert client.get("/events", headers=bearer).status_code == 200
        client.set_cookie(access.COOKIE, access.login_cookie(CONTROL_TOKEN))
        assert client.get("/events").status_code == 200
