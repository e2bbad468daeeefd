"""Identities in what the pages show: masked wherever they stand, and nothing else is."""

import pytest

from mock_qualtrics.web.pages.masked import identities_in, masked


@pytest.mark.parametrize(
    ("text", "identities", "shown"),
    [
        ("to dave@example.com, now", [], "to d***@e***.com, now"),
        ('{"id": "dave@example.com"}', ["dave@example.com"], '{"id": "d***@e***.com"}'),
        ("crm 4711-0815 and 4711-08150", ["4711-0815"], "crm 47*** and 4711-08150"),
        ('{"id": "7", "age": 7, "n": "17"}', ["7"], '{"id": "7***", "age": 7, "n": "17"}'),
        ('"d\\u00e4ve-1"', ["däve-1"], '"dä***"'),
        ("a\\1b a\\1b.", ["a\\1b"], "a\\*** a\\***."),
        ("nothing @ all, ~{aedj://email}", [], "nothing @ all, ~{aedj://email}"),
    ],
)
def test_identities_are_masked_and_nothing_else(text, identities, shown):
    assert masked(text, identities) == shown


@pytest.mark.parametrize(
    ("text", "identities"),
    [
        ('{"identityMap": {"crm": [{"id": "4711"}, {"id": 12}]}}', {"4711", "12"}),
        ('{"identityMap": [1]}', set()),
        ('{"cut": "', set()),
        ("[" * 100_000, set()),
    ],
)
def test_identities_are_those_of_the_identity_map(text, identities):
    assert identities_in(text) == identities
