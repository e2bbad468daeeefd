"""Paths whose work is counted: they end, and within the limit find what the library finds."""

import json

import jsonpath_rfc9535
import pytest

from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events.counted_json_path import ENVIRONMENT
from mock_qualtrics.events.json_path import Path

NESTED = json.loads('{"a":' * 90 + "1" + "}" * 90)
WIDE = [1] * 30_000
TEXTS = {"one": "a" * 60_000}
DEEP_LIST = {"a": json.loads("[" * 40 + "1" + "]" * 40)}
LISTS = {"a": list(range(8_000)), "b": list(range(8_000)), "each": [0] * 8_000}


@pytest.mark.parametrize(
    ("path", "event", "why"),
    [
        ("$" + "..*" * 50, NESTED, "steps"),
        ("$" + "..a" * 30, NESTED, "steps"),
        ("$[?$[?1==1]]", WIDE, "steps"),
        ("$[?count($[*])>3]", WIDE, "steps"),
        ("$[?" + "||".join(["1==2"] * 100) + "]", WIDE, "steps"),
        ("$[?" + "||".join(["@"] * 100) + "]", WIDE, "steps"),
        ("$.each[?$.a==$.b]", LISTS, "steps"),
        ("$[?count($[::2])>3]", WIDE, "steps"),
        ("$.a" + "[0,0]" * 30, DEEP_LIST, "steps"),
        ("$" + "['a','a']" * 30, NESTED, "steps"),
        ("$.a[?count(@" + "[0,0]" * 30 + ")>1]", DEEP_LIST, "steps"),
        ("$[?search(@,'a*[bc]')]", TEXTS, "regular expressions"),
        ("$..[?search(@,'a*a*a*[bc]')]", TEXTS, "regular expressions"),
    ],
)
@pytest.mark.usefixtures("little_work")
def test_a_path_that_would_go_on_and_on_is_ended(path, event, why):
    with pytest.raises(PathFailedError, match=rf"cannot be evaluated: .*{why} .*on this event"):
        Path(path).values(event)


@pytest.mark.parametrize(
    "path",
    [
        "$..*",
        "$..status",
        "$.ups.*.status",
        "$.list[1:]",
        "$.list[0,2]",
        "$.list[?@.n > 1 && @.s != 'x' || !@.n]",
        "$.list[?match(@.s, 'a.*z')]",
        "$.list[?search(@.s, 'b')]",
        "$.list[?search(@.n, 'b')]",
        "$.list[?match(@.s, '[')]",
        "$.list[?match(@.s, 5)]",
        "$.list[?count(@.*) == 2 && length(@.s) == 3]",
        "$.list[?@.n == $.list[0].n]",
        "$.list[?@.s == value($..last)]",
    ],
)
def test_within_its_bounds_a_path_finds_what_the_library_finds(path):
    event = {
        "ups": {"x": {"status": "realized"}, "y": {"status": "exited"}},
        "list": [{"n": 1, "s": "abz"}, {"n": 2, "s": "a\nz"}, {"s": "b"}, 7, None],
        "last": "b",
    }
    assert Path(path).values(event) == jsonpath_rfc9535.find(path, event).values()


def test_a_regular_expression_longer_than_any_of_use_matches_nothing():
    event = {"long": "a" * 2_000, "list": ["a"]}
    assert Path("$.list[?search($.long, $.long)]").values(event) == []


def test_a_regular_expression_lets_other_threads_go_on(monkeypatch):
    asked = []
    search = ENVIRONMENT.function_extensions["search"]
    monkeypatch.setattr(search, "_match", lambda *_, **options: asked.append(options))
    Path("$[?search(@, 'b')]").values(["b"])
    assert [options["concurrent"] for options in asked] == [True]
