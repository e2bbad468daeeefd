"""Checks of where the credential stood."""

import pytest

from contracts.verification.checks.token_places import credentials, no_credentials
from contracts.verification.traffic import Credential
from support.recorded_calls import call, evidence


@pytest.mark.parametrize("place", ["header", "basic"])
def test_the_token_may_stand_in_its_header(place):
    assert list(credentials(evidence(call(token_in=frozenset({place}))))) == []


@pytest.mark.parametrize(
    ("place", "where"),
    [
        ("query", "the URL"),
        ("body", "the body"),
        ("other-header", "a header that is not for it"),
    ],
)
def test_the_token_in_another_place_is_told_even_of_a_call_that_was_taken(place, where):
    token_in = frozenset({"basic", place})
    assert list(credentials(evidence(call(2, token_in=token_in)))) == [
        f"entry 2: the API token stands in {where}, expected only X-API-TOKEN or HTTP Basic"
    ]


def test_a_call_elsewhere_must_not_carry_the_token():
    elsewhere = call(5, is_trigger=False, url="evil.test/x", token_in=frozenset({"basic"}))
    (said,) = credentials(evidence(call(), elsewhere))
    assert said.startswith("entry 5: a call to evil.test/x carries the API token")
    assert not list(credentials(evidence(call(is_trigger=False))))
    (said,) = credentials(evidence(call(is_trigger=False, token_in=frozenset({"query"}))))
    assert "stands in the URL" in said


def test_a_wrong_credential_is_told():
    (said,) = credentials(evidence(call(status=401)))
    assert "not the account's (401)" in said


def test_a_missing_credential_is_told_where_it_was_refused_for_a_trigger_may_ask_for_none():
    refused = call(2, status=400, credential=Credential.NONE)
    assert list(credentials(evidence(call(1, credential=Credential.NONE), refused))) == [
        "entry 2: there is no credential; expected X-API-TOKEN or HTTP Basic"
    ]


def test_a_call_that_a_mock_refused_for_something_else_need_not_have_come_to_the_credential():
    unknown = call(status=404, credential=Credential.NONE, reason="unknown-trigger")
    assert list(credentials(evidence(unknown))) == []


def test_another_kind_of_credential_is_told():
    (said,) = credentials(evidence(call(status=400, credential=Credential.OTHER)))
    assert "neither X-API-TOKEN nor HTTP Basic" in said


def test_a_recording_without_credentials_cannot_tell_where_they_stood():
    assert "record with sensitive data" in no_credentials(evidence(call(credential=None)))
    assert no_credentials(evidence(call(credential=None), call())) == ""
    assert no_credentials(evidence()) == "no call was recorded"


@pytest.mark.parametrize(
    ("credential", "said"),
    [
        (Credential.NONE, "there is no credential; expected X-API-TOKEN or HTTP Basic"),
        (Credential.OTHER, "the credential is neither X-API-TOKEN nor HTTP Basic"),
        (Credential.TOKEN, "the credential is not the account's (401); expected the right one"),
        (None, "the credential is not the account's (401); expected the right one"),
    ],
)
def test_of_a_401_it_is_told_what_was_sent(credential, said):
    (told,) = credentials(evidence(call(status=401, credential=credential)))
    assert told == f"entry 1: {said}"


def test_calls_of_an_older_release_cannot_tell_where_the_token_stood():
    assert "an older release" in no_credentials(evidence(call(token_in=None), call()))
    wrong = call(token_in=None, status=401)
    assert no_credentials(evidence(wrong)) == ""
    assert len(list(credentials(evidence(wrong)))) == 1


def test_what_is_wrong_is_told_though_the_recording_has_no_credentials():
    assert no_credentials(evidence(call(credential=None, status=401))) == ""
