"""Checks of what stands in each message."""

import pytest

from contracts.verification.checks.message_contents import plain_identities, schema
from support.recorded_calls import call, evidence, message


def test_a_valid_message_is_well():
    assert list(schema(evidence(call(sent=message(age=44))))) == []


def test_what_breaks_the_schema_is_told_with_its_place_and_no_identity():
    broken = {"identityMap": {"Email": [{"id": ""}]}, "segmentMembership": {}}
    said = list(schema(evidence(call(7, sent=broken))))
    assert all(each.startswith("entry 7: $.") for each in said)
    assert len(said) == 2


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"\xe4\xf6\xfc", "is no UTF-8: byte 0xe4 at 0"),
        (b"\x1f\x8b\x08\x00", "is no UTF-8: byte 0x8b at 1"),
        (b"", "the body is empty; expected a JSON object"),
        (b'{"n": NaN}', "is no strict JSON: NaN"),
        (b'{"a": 1, "a": 2}', 'the key "a" stands twice'),
        (b"[]", "expected an object"),
    ],
)
def test_a_body_that_is_no_message_is_told(body, said):
    (reason,) = schema(evidence(call(body=body)))
    assert said in reason


def test_a_body_that_is_not_recorded_is_told_for_nothing_was_verified():
    taken, refused = schema(evidence(call(4, body=None), call(5, body=None, status=503)))
    assert taken == "entry 4: the recording has no whole body; expected one, to be judged"
    assert refused.startswith("entry 5: the recording has no whole body")


def test_of_what_a_mock_refused_for_its_body_the_reason_is_told():
    large = call(1, body=None, status=413, reason="payload-too-large")
    limited = call(2, body=None, status=429, reason="rate-limit")
    assert list(schema(evidence(large, limited))) == [
        "entry 1: the mock refused the body: payload-too-large"
    ]


def test_the_same_message_is_judged_once():
    assert len(list(schema(evidence(call(1, sent={"a": 1}), call(2, sent={"a": 1}))))) == 1


def test_other_methods_are_not_asked_for_a_body():
    assert list(schema(evidence(call(method="GET", body=None)))) == []


@pytest.mark.parametrize("digits", [32, 40, 64, 128])
@pytest.mark.parametrize("namespace", ["Email", "email"])
def test_an_e_mail_of_as_many_hex_digits_as_a_hash_is_told(digits, namespace):
    hashed = {"identityMap": {namespace: [{"id": "aB" * (digits // 2)}]}}
    (said,) = plain_identities(evidence(call(sent=hashed)))
    assert f"{digits} hexadecimal digits" in said
    assert "aBaB" not in said


@pytest.mark.parametrize(
    "sent",
    [
        message("Email-2Sf6C"),
        message("a" * 33),
        {"identityMap": {"ECID": [{"id": "a" * 32}]}},
        {"identityMap": {"Email": {"id": "a" * 32}}},
        {"a": 1},
    ],
)
def test_other_identities_are_plain(sent):
    assert list(plain_identities(evidence(call(sent=sent)))) == []


def test_a_byte_order_mark_is_told_by_its_name():
    (said,) = schema(evidence(call(body=b"\xef\xbb\xbf{}")))
    assert said == "entry 1: the body begins with a byte order mark; expected JSON alone"
