"""Which texts are JSONPaths that can be read, and what is said of those that are not."""

import sys

import jsonpath_rfc9535
import pytest

from contracts import json_path, validate
from contracts.json_path import NoJsonPathError

LEVELS = json_path.DEEPEST_BRACKETS


def nested(levels: int) -> str:
    return "$" + "[?@" * levels + ".a" + "]" * levels


UNREADABLE = [
    ("", ""),
    ("person.name", ""),
    ("$..[", "unbalanced brackets, at character 5"),
    ("$[?unknown(@)]", "function 'unknown' is not defined, at character 4"),
    ("$[?@.a==1e999]", "a number in it is out of range"),
    ("$[?@.a==" + "9" * 1_900 + "]", "a number in it is out of range"),
    (nested(LEVELS + 1), "brackets nested deeper than 30 levels"),
    (nested(150), "brackets nested deeper than 30 levels"),
    ("$[?" + "(" * 150 + "@.a" + ")" * 150 + "]", "brackets nested deeper than 30 levels"),
    ("$[?" + "!" * 500 + "@.a]", "RFC 9535 has no double negation"),
    ("$['\ud800']", "a lone surrogate in it"),
    ("$." + "a" * 2_000, "longer than 2,000 characters"),
]


@pytest.mark.parametrize(("text", "reason"), UNREADABLE)
def test_a_text_that_cannot_be_read_is_refused_in_one_sentence(text, reason):
    with pytest.raises(NoJsonPathError) as caught:
        json_path.check(text)
    assert str(caught.value) == reason


@pytest.mark.parametrize(("text", "reason"), UNREADABLE)
@pytest.mark.parametrize("place", ["field", "condition", "fault"])
def test_it_is_a_violation_wherever_a_path_is_a_setting(text, reason, place):
    document, schema = {
        "field": ({"name": "w", "fields": [{"name": "f", "path": text}]}, "workflow-settings"),
        "condition": ({"conditions": {"all": [{"path": text, "exists": True}]}}, "workflow-patch"),
        "fault": ({"kind": "hang", "when": {"path": text}}, "fault"),
    }[place]
    (violation,) = validate(document, schema)
    assert violation.expected.endswith(reason or "such as $.person.name.firstName")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "$.segmentMembership.ups.5f1c0d52-7f0a.status",
            "\"5f1c0d52-7f0a\" cannot follow a dot, write ['5f1c0d52-7f0a'] without the dot",
        ),
        ("$.a-b", "\"a-b\" cannot follow a dot, write ['a-b'] without the dot"),
        ("$.order:id", "\"order:id\" cannot follow a dot, write ['order:id'] without the dot"),
        ("$.a.'b'", "\"'b'\" cannot follow a dot, write ['b'] without the dot"),
        ("$..5a", "\"5a\" cannot follow a dot, write ['5a'] after the two dots"),
        ("$['x.y-z'].k-l", "\"k-l\" cannot follow a dot, write ['k-l'] without the dot"),
        ("$[?@.5a == 1]", "\"5a\" cannot follow a dot, write ['5a'] without the dot"),
        ("$.dave@example.com", "\"***\" cannot follow a dot, write ['***'] without the dot"),
        ("$.a\x1b", "\"a\\u001b\" cannot follow a dot, write ['a\\u001b'] without the dot"),
        ("$.a ", "unexpected trailing whitespace, at character 5"),
        ("$.", "unexpected end of expression, at character 3"),
        ("$.a.b == 5", "expected '.', '..' or a bracketed selection, found '=', at character 7"),
    ],
)
def test_it_is_told_where_a_path_breaks_and_how_such_a_name_is_written(text, reason):
    with pytest.raises(NoJsonPathError) as caught:
        json_path.check(text)
    assert str(caught.value) == reason
    written = reason.partition("write ")[2].partition(" ")[0]
    if written:
        json_path.check(f"${written}")


def test_a_reason_stays_short_whatever_the_path_has():
    for text in ("$." + "a-" * 900, "$[?@.a == " + "x" * 1_900 + "]", "$['" + "x" * 1_900):
        with pytest.raises(NoJsonPathError) as caught:
            json_path.check(text)
        assert 10 < len(str(caught.value)) < 150


@pytest.mark.parametrize(
    "text", [nested(LEVELS), "$[?@.a == '[[((!!']", r"$['\'[']", "$[?!(!(@.a))]", "$[?@.a!=1.5e3]"]
)
def test_what_can_be_read_is_taken(text):
    json_path.check(text)


def test_whatever_the_library_raises_the_text_is_refused(monkeypatch):
    def fail(_: str) -> None:
        raise AssertionError

    monkeypatch.setattr(jsonpath_rfc9535, "compile", fail)
    with pytest.raises(NoJsonPathError):
        json_path.check("$.a")


def test_the_verdict_does_not_depend_on_how_deep_the_caller_stands():
    def called(levels: int) -> None:
        called(levels - 1) if levels else json_path.check(nested(LEVELS))

    called(sys.getrecursionlimit() // 2)
