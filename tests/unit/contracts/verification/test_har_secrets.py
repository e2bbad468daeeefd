"""The secrets of a recording are found first, and shown nowhere."""

import base64
from typing import Any

import pytest

from contracts.verification.har_parts import har_entry
from contracts.verification.har_secrets import HarSecrets, basic_password, query_has_token
from support.recorded_calls import API_TOKEN, TRIGGER, basic, entry

ODD = 'PLACEHOLDER "é" &'


def secrets(*written: dict[str, Any]) -> HarSecrets:
    return HarSecrets(har_entry("a.har", n, one) for n, one in enumerate(written, 1))


@pytest.mark.parametrize(
    "written",
    [
        entry(headers={"Authorization": basic("PLACEHOLDER-1")}),
        entry(headers={"Authorization": None, "X-API-TOKEN": "PLACEHOLDER-1"}),
        entry(headers={"Authorization": "Bearer PLACEHOLDER-1"}),
        entry(headers={"Cookie": "a=b; session=PLACEHOLDER-1"}),
        entry(headers={"X-Secret-Key": "PLACEHOLDER-1"}),
        entry(cookies=[{"name": "session", "value": "PLACEHOLDER-1"}]),
        entry(url="https://a.test/?password=PLACEHOLDER-1"),
        entry(url="https://dave:PLACEHOLDER-1@a.test/"),
        entry(url="https://a.test/?urlTokenId=PLACEHOLDER-1"),
    ],
)
def test_a_secret_is_hidden_wherever_it_stood(written):
    assert "PLACEHOLDER" not in secrets(written).hide("it was PLACEHOLDER-1.")


def test_secrets_of_an_answer_are_hidden_too():
    written = entry()
    written["response"]["headers"] = [{"name": "Set-Cookie", "value": "s=PLACEHOLDER-1; Path=/"}]
    written["response"]["cookies"] = [{"name": "t", "value": "PLACEHOLDER-2"}]
    assert secrets(written).hide("PLACEHOLDER-1, PLACEHOLDER-2, Path=/") == "***, ***, Path=/"


def test_a_secret_is_hidden_in_a_url_and_in_json_too():
    found = secrets(entry(headers={"Authorization": basic(ODD)}))
    for form in (ODD, "PLACEHOLDER%20%22%C3%A9%22%20%26", 'PLACEHOLDER \\"\\u00e9\\" &'):
        assert "PLACEHOLDER" not in found.hide(f"it was {form}")
    assert basic(ODD).split()[1] not in found.hide(f"it was {basic(ODD)}")


def test_short_values_are_not_hidden_for_they_stand_in_words():
    assert secrets(entry(headers={"Cookie": "a=be"})).hide("it may be") == "it may be"


def test_without_secrets_what_looks_like_one_is_hidden():
    assert secrets().hide("dave@example.com") == "d***@e***.com"


def test_the_api_token_is_what_triggers_are_called_with():
    other = entry(url="https://other.test/x", headers={"Authorization": basic("PLACEHOLDER-other")})
    found = secrets(entry(), other)
    assert found.tokens == {API_TOKEN}
    assert found.stands_in(f"x{API_TOKEN}x")
    assert found.stands_in(f"x{API_TOKEN.replace('-', '%2D')}x")
    assert not found.stands_in("PLACEHOLDER-other")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Basic",
        "Basic %%%",
        "Bearer abc",
        f"Basic {base64.b64encode(b'no colon').decode()}",
        f"Basic {base64.b64encode(bytes([255])).decode()}",
    ],
)
def test_what_is_no_basic_credential_has_no_password(header):
    assert basic_password(header) is None


@pytest.mark.parametrize(
    ("query", "has_one"),
    [("X-API-TOKEN=a", True), ("api_token=", True), ("Password=x", True), ("force=true", False)],
)
def test_a_parameter_for_a_token_is_known_by_its_name(query, has_one):
    assert query_has_token(har_entry("a", 1, entry(url=f"{TRIGGER}&{query}"))) is has_one


def test_base64_of_a_token_in_a_parameter_is_known_by_its_form():
    pair = basic("PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL").split()[1]
    assert query_has_token(har_entry("a", 1, entry(url=f"{TRIGGER}&a={pair}")))
    assert not query_has_token(har_entry("a", 1, entry(url=f"{TRIGGER}&a={pair[:30]}")))


def test_the_api_token_is_known_and_hidden_in_base64_too():
    found = secrets(entry(headers={"Authorization": None, "X-API-TOKEN": API_TOKEN}))
    pair = basic().split()[1]
    assert found.stands_in(f"a={pair}&b")
    assert not found.stands_plainly_in(f"a={pair}&b")
    assert found.hide(f"a={pair}&b") == "a=***&b"


def test_of_a_longer_secret_that_begins_with_the_token_nothing_is_left():
    cookie = {"Cookie": f"a={API_TOKEN}-and-more", "X-API-TOKEN": API_TOKEN}
    assert secrets(entry(headers=cookie)).hide(f"it was {API_TOKEN}-and-more") == "it was ***"


def test_a_password_in_the_url_is_one_too():
    url = TRIGGER.replace("://", "://dave:PLACEHOLDER@")
    assert query_has_token(har_entry("a", 1, entry(url=url)))


@pytest.mark.parametrize("half", ["\ud800", "\udcff"], ids=ascii)  # noqa: PT014  they differ
def test_a_secret_with_half_a_surrogate_is_hidden_and_breaks_nothing(half):
    secret = f"PLACEHOLDER{half}of-a-proxy"
    found = HarSecrets([har_entry("a", 1, entry(headers={"X-API-TOKEN": secret}))])
    assert "PLACEHOLDER" not in found.hide(f"it was {secret}")
