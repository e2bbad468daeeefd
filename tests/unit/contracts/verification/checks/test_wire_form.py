"""Checks of the form of each call."""

import pytest

from contracts.verification.checks.wire_form import media_types, methods, recorded, sizes
from contracts.verification.evidence import Evidence
from contracts.verification.traffic import Traffic
from support.recorded_calls import call, evidence


def test_something_must_be_recorded():
    assert list(recorded(evidence(call()))) == []
    (said,) = recorded(evidence())
    assert said == "no message was recorded: expected at least one POST to a trigger"


def test_what_was_recorded_in_place_of_messages_is_told():
    (said,) = recorded(Evidence(Traffic("", (call(is_trigger=False),), strangers=2)))
    assert said.endswith("; recorded: 1 other call; 2 calls name no account")
    (said,) = recorded(Evidence(Traffic("", (), strangers=1)))
    assert said.endswith("to a trigger; 1 call names no account")
    assert list(recorded(evidence(call(method="GET"))))


def test_messages_of_which_none_names_a_workflow_were_not_verified():
    lost = [call(n, status=404, reason="unknown-trigger") for n in (1, 2)]
    (said,) = recorded(evidence(*lost))
    assert said == "no message reached a workflow: the URL of 2 messages names none (entry 1)"
    assert list(recorded(evidence(*lost, call(3, status=404, reason="workflow-draft")))) == []


def test_a_trigger_is_called_with_post():
    assert list(methods(evidence(call(1), call(2, method="PUT")))) == [
        "entry 2: the method is PUT, expected POST"
    ]


@pytest.mark.parametrize(
    "given",
    ["application/json", "Application/JSON; charset=UTF-8", 'application/ld+json;charset="utf8"'],
)
def test_json_in_utf_8_is_the_right_media_type(given):
    assert list(media_types(evidence(call(headers={"content-type": given})))) == []


@pytest.mark.parametrize("given", ["text/plain", "application/json; charset=latin-1", "json"])
def test_another_media_type_is_told(given):
    (said,) = media_types(evidence(call(3, headers={"content-type": given})))
    assert said == f"entry 3: Content-Type is {given!r}, expected application/json"


def test_a_missing_media_type_is_told_only_where_it_was_refused():
    refused = call(2, headers={}, status=415, reason="media-type")
    assert list(media_types(evidence(call(1, headers={}), refused))) == [
        "entry 2: no Content-Type, expected application/json"
    ]


def test_a_compressed_body_is_told():
    json = {"content-type": "application/json"}
    plain = call(1, headers={**json, "content-encoding": "identity"})
    packed = call(2, headers={**json, "content-encoding": "gzip"})
    assert list(media_types(evidence(plain, packed))) == [
        "entry 2: Content-Encoding is 'gzip', expected none"
    ]


def test_a_body_may_have_102400_bytes_and_no_more():
    calls = (call(1, body_bytes=102_400), call(2, body_bytes=102_401), call(3, body_bytes=None))
    assert list(sizes(evidence(*calls))) == [
        "entry 2: the body has 102,401 bytes, expected at most 102,400"
    ]


def test_a_tenants_own_limit_counts():
    assert list(sizes(Evidence(Traffic("", (call(body_bytes=11),), largest_bytes=10))))


def test_of_an_unknown_size_the_body_is_counted():
    assert list(sizes(evidence(call(body=b"x" * 102_401, body_bytes=None))))
