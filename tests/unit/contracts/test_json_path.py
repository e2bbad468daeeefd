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
    ("$..[", ""),
    ("$[?unknown(@)]", ""),
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
