"""Errors that say the same are one group, whatever differs from run to run."""

import pytest

from mock_qualtrics.journal.search.error_groups import pieces, said


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        ("Web Service answered 500 after 1.25 s", "Web Service answered … after … s"),
        ("$.a: found \"x y\", it's no 'number'", "$.a: found …, it's no …"),
        ("run RUN_00ab12cd34ef56ab failed", "run … failed"),
        ("id 1f0c9a5e-1111-4222-8333-0123456789ab", "id …"),
        ("no inbox for dave@example.com today", "no inbox for … today"),
        ("conditions were not met", "conditions were not met"),
    ],
)
def test_numbers_quoted_parts_addresses_and_ids_are_made_equal(error, expected):
    assert said(error) == expected


def test_the_pieces_are_in_every_error_of_the_group():
    errors = [f'Web Service "{name}" answered {status}' for name, status in (("a", 5), ("b", 60))]
    (says,) = {said(error) for error in errors}
    assert pieces(says) == ("Web Service", "answered")
    assert pieces("… a …") == ()
