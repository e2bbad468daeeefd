"""The first identity of an event: in mapping order, cheap for a large event."""

import json

import pytest

from mock_qualtrics.journal.search.first_identity import SMALL_BYTES, first_identity

FILLER = {"filler": 'not "identityMap": {"email": [{"id": "a"}]} ' + "x" * SMALL_BYTES}


@pytest.mark.parametrize("filler", [{}, FILLER], ids=["small", "large"])
@pytest.mark.parametrize(
    ("identity_map", "expected"),
    [
        ({"email": [{"id": "d@e.example"}, {"id": "2"}], "crm": [{"id": "3"}]}, "d@e.example"),
        ({"crm": [], "email": [{"xid": "1"}, {"id": "Zoë"}]}, "Zoë"),
        ({"crm": [{"id": 4711}]}, "4711"),
        ({"crm": [{"id": None}, "text"], "email": "text"}, None),
        ({}, None),
        ("text", None),
    ],
    ids=str,
)
def test_it_is_the_first_id_in_the_order_of_the_event(identity_map, expected, filler):
    event = {**filler, "identityMap": identity_map, "after": filler}
    assert first_identity(json.dumps(event).encode()) == expected


@pytest.mark.parametrize(
    "body",
    [b"[]", b"3", b"{}", b"[" * 3_000, b'{"a":' * 900 + b"1", b'{"identityMap":{' + b" " * 5_000],
    ids=lambda body: str(body[:20]),
)
def test_an_event_without_one_has_none(body):
    assert first_identity(body) is None


def test_an_id_of_many_digits_is_its_digits():
    body = b'{"identityMap": {"crm": [{"id": ' + b"9" * 5_000 + b"}]}}"
    assert first_identity(body) == "9" * 5_000
