"""Text that every database can store."""

import pytest

from mock_qualtrics.storable import storable


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("", ""),
        ("Größe 名 😀\n", "Größe 名 😀\n"),
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a?b"),
    ],
)
def test_only_what_no_database_takes_is_replaced(text, stored):
    assert storable(text) == stored
