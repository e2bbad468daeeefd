"""Which calls a list has: identities in a body, however it writes them."""

import pytest

from mock_qualtrics.journal.calls.call_filter import CallFilter, certain_part, has_identity


@pytest.mark.parametrize(
    ("body", "is_there"),
    [
        (b'{"identityMap": {"Email": [{"id": "a@b.c"}]}}', True),
        (b'{"identityMap": {"x": [], "Email": [{"id": "z"}, {"id": "a\\u0040b.c"}]}}', True),
        (b'{"identityMap": {"Email": [{"id": "xa@b.c"}]}}', False),
        (b'{"identityMap": {"Email": "a@b.c"}}', False),
        (b'{"identityMap": "a@b.c", "n": 1}', False),
        (b'{"identityMap": {"Email": ["a@b.c", {"id": {}}]}}', False),
        (b'["a@b.c"]', False),
        (b'{"cut": "a@b.c', True),
        (b'{"identityMap": {"Email": [{"id": "a\\u0040b.c"', True),
        (b'{"identityMap": {"E": [{"id": "a@b.c"}]}, "identityMap": {"E": []}}', True),
        (b"[" * 100_000, False),
        (b"\xff", False),
    ],
)
def test_an_identity_is_looked_for_in_the_identity_map(body, is_there):
    assert has_identity(body, "a@b.c") is is_there


def test_a_number_is_an_identity_too_whatever_its_length():
    digits = "9" * 5_000
    assert has_identity(f'{{"identityMap": {{"crm": [{{"id": {digits}}}]}}}}'.encode(), digits)


def test_what_most_spellings_have_is_searched_for_first():
    assert certain_part("d.ave-12345@example.com") == b"example"
    assert certain_part("äöü") == b""


def test_only_reasons_have_an_index():
    assert CallFilter(reason="x").by_index
    assert CallFilter(without_run=True).by_index
    assert not CallFilter(reason="x", status=404).by_index
