"""Whom a message is about."""

import pytest

from sender.mapping.message_identity import first_identity, identity_in


def test_the_first_identity_of_the_map_is_taken():
    message = {"identityMap": {"Email": [], "ECID": [{"x": 1}, {"id": 4711}, {"id": "later"}]}}
    assert first_identity(message) == "4711"


@pytest.mark.parametrize(
    "message", [None, [], "x", {}, {"identityMap": []}, {"identityMap": {"Email": "a"}}]
)
def test_what_is_no_message_has_none(message):
    assert first_identity(message) is None


@pytest.mark.parametrize("body", [None, b"", b'{"identityMap": {"Em', b"\xff", "[" * 100_000])
def test_a_body_that_is_gone_cut_or_no_json_has_none(body):
    assert identity_in(body) is None


@pytest.mark.parametrize("encode", [str, str.encode])
def test_a_whole_body_is_about_its_first_identity(encode):
    body = encode('{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "a": 1}')
    assert identity_in(body) == "dave@example.com"
