"""Where the journal says that a tenant's API token stood, of real calls (Q-AUTH-1, Q-AUTH-6)."""

import pytest

from contracts import validate

WRONG = {"X-API-TOKEN": "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"}


def newest(mock):
    (call, *_) = mock.requests()
    assert validate(call, "request") == []
    return call


def asked(mock, places):
    """Return what differs in a call that has the tenant's token in these places."""
    token = mock.tenant["apiToken"]
    headers = mock.token if "header" in places else {}
    headers = {**headers, **(mock.basic() if "basic" in places else {})}
    body = f'{{"token": "{token}"}}' if "body" in places else "{}"
    query = f"&token={token}" if "query" in places else ""
    return {"headers": headers, "data": body, "url": mock.workflow["triggerUrl"] + query}


@pytest.mark.parametrize(
    "places",
    [["header"], ["basic"], ["header", "basic"], ["header", "query"], ["basic", "body"]],
)
def test_q_auth_1_every_place_of_the_token_is_told_of_an_accepted_call(mock, places):
    assert mock.post(**asked(mock, places)).status_code == 202
    assert newest(mock)["tokenIn"] == places


@pytest.mark.parametrize("places", [[], ["query"], ["body"], ["query", "body"]])
def test_q_auth_1_in_url_or_body_the_token_is_no_credential_and_is_told(mock, places):
    assert mock.post(**asked(mock, places)).status_code == 400
    call = newest(mock)
    assert (call["reason"], call["tokenIn"]) == ("no-credential", places)
    details = mock.client.request(call["requestId"])
    assert len(details["explanations"]) == len(places)
    assert mock.tenant["apiToken"] not in str(details)


def test_q_auth_1_a_token_as_oauth_would_send_it_stood_in_a_header(mock):
    bearer = {"Authorization": f"Bearer {mock.tenant['apiToken']}"}
    assert mock.post(headers=bearer).status_code == 401
    assert newest(mock)["tokenIn"] == ["header"]


def test_q_auth_1_a_token_in_a_cookie_is_told_beside_the_credential(mock):
    cookie = {"Cookie": f"session={mock.tenant['apiToken']}"}
    assert mock.post(headers={**mock.basic(), **cookie}).status_code == 202
    assert newest(mock)["tokenIn"] == ["basic", "other-header"]
    details = mock.client.request(newest(mock)["requestId"])
    assert "another header" in str(details["explanations"])
    assert mock.tenant["apiToken"] not in str(details)


def test_q_auth_1_the_right_token_of_a_wrong_user_stood_in_basic(mock):
    assert mock.post(headers=mock.basic(username="someone")).status_code == 401
    assert newest(mock)["tokenIn"] == ["basic"]


def test_q_auth_4_a_wrong_token_or_that_of_another_tenant_is_not_the_tenants(rehearse):
    mock, other = rehearse(), rehearse()
    for headers in (WRONG, other.token, other.basic(username=mock.tenant["username"])):
        assert mock.post(headers=headers).status_code == 401
        assert newest(mock)["tokenIn"] == []
    assert other.requests() == []


def test_q_auth_6_a_replaced_token_is_nowhere_and_the_new_one_is(mock):
    assert mock.post().status_code == 202
    new = mock.client.new_token(mock.id)["apiToken"]
    assert mock.post().status_code == 401
    assert mock.post(headers={"X-API-TOKEN": new}).status_code == 202
    assert [call["tokenIn"] for call in mock.requests()] == [["header"], [], ["header"]]


def test_a_credential_that_follows_a_redirect_is_told_where_it_led(mock):
    """The other host is the mock's own port: what comes there is the tenant's by its credential."""
    mock.post(url=f"{mock.url}/elsewhere")
    call = newest(mock)
    assert (call["path"], call["reason"]) == ("/elsewhere", "unknown-path")
    assert call["tokenIn"] == ["header"]
    mock.post(url=f"{mock.url}/elsewhere", headers={"X-Trace-Id": mock.id})
    strays = mock.control("GET", "/unattributed", params={"traceId": mock.id})["requests"]
    assert [stray["tokenIn"] for stray in strays] == [None]


def test_a_run_now_is_no_call_of_qualtrics(mock):
    mock.client.run_now(mock.workflow["id"], {"a": 1})
    assert newest(mock)["tokenIn"] is None
