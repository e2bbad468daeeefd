"""Identities in what the pages show: masked wherever they stand, and nothing else is."""

import json
import re
from time import process_time  # noqa: TID251  what a test costs, whatever else runs
from types import SimpleNamespace

import pytest

from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.web.pages.masked import addresses_in, masked

FOUND = {"4711", "12"}
CAFE = {"café-1", "caf\\u00E9-1"}


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


def test_what_is_left_of_an_identity_in_which_a_text_is_cut_is_masked():
    identities = addresses_in("from dave.bar@example.com, too") | {"Zoë 0815"}
    cut = '{"to": "dave.ba…, {"id": "Zo\\u00eb 08…, "dave…, "Zoë…, "davenport…'
    masks = "d***@e***.com", "Zo***", "d***@e***.com", "Zo***"
    shown = '{"to": "%s…, {"id": "%s…, "%s…, "%s…, "davenport…'
    assert masked(cut, identities) == shown % masks


def test_an_identity_with_escapes_is_masked_however_it_is_written():
    text = '{"identityMap": {"crm": [{"id": "caf\\u00E9-1"}, {"id": "dave\\u0040example.com"}]}}'
    shown = masked(text, identities_in(text))
    assert "00E9" not in shown
    assert "example" not in shown


def test_a_long_word_is_looked_through_once():
    began = process_time()
    assert masked("y" * 50_000) == "y" * 50_000
    assert process_time() - began < 1  # from each of its characters on it took 9 s


def test_many_identities_are_masked_in_one_pass(monkeypatch):
    passes = []
    start = re.compile(r"(?<!\w)(?=\S)")
    one_pass = SimpleNamespace(finditer=lambda text: passes.append(text) or start.finditer(text))
    monkeypatch.setattr("mock_qualtrics.web.pages.masked._WORD_START", one_pass)
    ids = [f"C{number:05d}" for number in range(300)]
    shown = masked(json.dumps(ids), ids)
    assert len(passes) == 1  # one for each took 24 s for an event of 100 KB
    assert not any(identity in shown for identity in ids)


# Tried one by one, these take minutes, and `make test` ends the test.
def test_identities_that_begin_alike_are_not_tried_one_by_one():
    ids = [f"customer-{number:05d}" for number in range(40_000)]
    assert masked(json.dumps(ids), ids) == json.dumps(["cu***"] * len(ids))


def test_addresses_that_touch_are_masked_each():
    text = "dave@example.com%2Cerin@example.com'frank@example.org"
    assert masked(text) == "d***@e***.com%***@e***.com'***@e***.org"
    assert len(addresses_in(text)) == 3


@pytest.mark.parametrize(
    ("text", "identities"),
    [
        ('{"identityMap": {"crm": [{"id": "4711"}, {"id": 12}]}}', {"4711", "12"}),
        ('{"identityMap": [1]}', set()),
        ('{"cut": "', set()),
        ("[" * 100_000, set()),
        ('{"identityMap": {"crm": [{"id": "caf\\u00E9-1"}]}, "segment": {"id": "s-1"}}', CAFE),
        ('{"n": {"id": "s-1"}, "identityMap": {"crm": [{"id": "4711"}, {"id": 12}]},,}', FOUND),
        ('{"identityMap": {"crm": [{"id": "4711"}, {"id" : 12}, {"id": "08', FOUND | {"08"}),
        ('{"identityMap": {"a": [{"id": "4711"}]}, "identityMap": {"a": [{"id": "12"}]}}', FOUND),
    ],
)
def test_identities_are_those_of_the_identity_map(text, identities):
    assert identities_in(text) == identities
