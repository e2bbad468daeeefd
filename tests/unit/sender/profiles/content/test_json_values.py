"""Profiles out of arrays, and out of objects that take several lines."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from sender.profiles import NOTHING_YET, BrokenRow, ProfileRow
from sender.profiles.content import json_values
from sender.profiles.jsonl import read_jsonl
from sender.profiles.rows import UnreadRows

TWO: list[dict[str, Any]] = [{"_id": "1", "a": ["[", {"b": '"}'}]}, {"_id": "2"}]


def read(text: str | bytes, size: int = 7) -> list[Any]:
    content = text.encode() if isinstance(text, str) else text
    # The first line comes whole, as it does from a file.
    first = content.find(b"\n") + 1 or 1
    rest = [content[n : n + size] for n in range(first, len(content), size)]
    return list(read_jsonl([content[:first], *rest], "p.json"))


def summary(rows: list[Any]) -> list[tuple[int, object]]:
    return [
        (row.line, row.profile["_id"] if isinstance(row, ProfileRow) else row.reason)
        for row in rows
    ]


@pytest.mark.parametrize("size", [1, 2, 5, 1000])
@pytest.mark.parametrize("indent", [None, 0, 3])
def test_an_array_of_profiles_is_read(indent: int | None, size: int) -> None:
    rows = read(json.dumps(TWO, indent=indent), size)
    assert [row.profile for row in rows] == TWO


@pytest.mark.parametrize("size", [1, 1000])
def test_objects_of_several_lines_are_read_one_after_the_other(size: int) -> None:
    text = "\n\n" + "\n".join(json.dumps(one, indent=2) for one in TWO) + "\n"
    content = text.encode()
    lines = content.splitlines(keepends=True)
    rows = list(read_jsonl(lines, "p.json"))
    assert summary(rows) == [(3, "1"), (12, "2")]


@pytest.mark.parametrize("text", ["[]", " [ ] \n", "[][]\n[\n]", "\n\n"])
def test_an_empty_array_holds_no_profile(text: str) -> None:
    assert read(text) == []


def test_arrays_and_objects_may_follow_each_other() -> None:
    assert summary(read('[{"_id": 1}]\n[{"_id": 2}]\n{"_id": 3}')) == [(1, 1), (2, 2), (3, 3)]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("5", "a JSON object expected, found a number"),
        ("-1.5e3", "a JSON object expected, found a number"),
        ("[1, [2]]", "a JSON object expected, found a list"),
        ("null", "a JSON object expected, found null"),
        ('"text"', "a JSON object expected, found a text"),
        ('{"a": NaN}', "NaN is not JSON"),
        ('{"a": 1, "a": 2}', "an object has the same key twice"),
        ('{"a": "\\ud800"}', "half of a surrogate pair, which no text can hold"),
        ('{"a": ' + "1" * 5_000 + "}", "a number with too many digits"),
    ],
)
def test_a_value_that_is_no_profile_costs_itself_only(value: str, reason: str) -> None:
    rows = read('[\n{"_id": "1"},\n' + value + ',\n{"_id": "2"}\n]')
    assert summary(rows) == [(2, "1"), (3, reason), (4, "2")]
    assert type(rows[1]) is BrokenRow


def test_bytes_that_are_no_text_cost_their_value_only() -> None:
    rows = read(b'[\n{"_id": "\xff"},\n{"_id": "2"}\n]')
    assert summary(rows) == [(2, "byte 10 is not UTF-8"), (3, "2")]


@pytest.mark.parametrize(
    ("rest", "line", "reason"),
    [
        ('{"_id": "2"', 3, "not JSON: Expecting ',' delimiter"),
        ('{"_id": "2', 3, "not JSON: Unterminated string starting at"),
        ('{"_id": "2"}', 3, "the array is not closed"),
        ("", 3, "the array is not closed"),
        ("tru", 3, "not JSON: Expecting value"),
        ("]]", 3, "not JSON: a value expected"),
        (",{}]", 3, "not JSON: a value expected"),
        ("{},]", 3, "not JSON: a value expected"),
        ("{}{}]", 3, "not JSON: a comma or ] expected"),
        ("{oops}" + " " * 100 + "]", 3, "not JSON: Expecting property name"),
        ("[" * 100_000, 3, "nested too deeply"),
    ],
)
def test_where_the_text_is_no_json_the_rest_is_unread(rest: str, line: int, reason: str) -> None:
    rows = read('[\n{"_id": "1"},\n' + rest, 100_000)
    assert isinstance(rows[-1], UnreadRows)
    assert rows[0].profile == {"_id": "1"}
    assert rows[-1].line == line
    assert rows[-1].reason.startswith(reason)


def test_a_value_longer_than_the_memory_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_values, "LONGEST_LINE_BYTES", 100)
    pulled = 0

    def pieces() -> Iterator[bytes]:
        nonlocal pulled
        yield b'[{"_id": "'
        for _ in range(1_000):
            pulled += 1
            yield b"x" * 10

    (row,) = read_jsonl(pieces(), "p.json")
    assert isinstance(row, UnreadRows)
    assert row.reason.startswith("longer than a profile may be; nothing from here on was read")
    assert pulled < 100


def test_what_is_no_json_is_told_without_reading_on() -> None:
    pieces = iter([b"[{oops}, " + b" " * 100, b"never read"])
    (row,) = read_jsonl(pieces, "p.json")
    assert isinstance(row, UnreadRows)
    assert list(pieces) == [b"never read"]


def test_an_array_that_comes_slowly_is_read_as_it_comes() -> None:
    pieces = [NOTHING_YET, b'[{"_id": 1}', NOTHING_YET, b', {"_id"', NOTHING_YET, b": 2}]"]
    rows = list(read_jsonl(pieces, "-"))
    assert [type(row).__name__ for row in rows] == [
        "NothingYet",
        "ProfileRow",
        "NothingYet",
        "NothingYet",
        "ProfileRow",
    ]


def test_a_brace_alone_may_be_a_broken_row_of_json_lines() -> None:
    rows = list(read_jsonl([b"{\n", NOTHING_YET, b'{"_id": 1}\n'], "p.jsonl"))
    assert [type(row).__name__ for row in rows] == ["NothingYet", "BrokenRow", "ProfileRow"]
    assert [row.line for row in rows[1:]] == [1, 2]


def test_a_source_that_is_no_text_is_told_once() -> None:
    (row,) = read_jsonl([b"\x1f\x8b\x08\n", b"noise\n"], "-")
    assert isinstance(row, UnreadRows)
    assert row.reason.startswith("found data compressed with gzip")
