"""Reads the messages that were to arrive."""

import pytest

from contracts.errors import UnreadableFileError
from contracts.exact_values import same_text
from contracts.verification.expected_messages import (
    ExpectedMessage,
    listed_messages,
    read_messages,
)


def test_one_message_a_line_is_read_with_exact_numbers(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"n": 1.10}\r\n\n{"n": 9007199254740993}')
    one, other = read_messages(str(tmp_path / "a.jsonl"))
    assert same_text(one.value) == same_text({"n": 1.1})
    assert same_text(other.value) == same_text({"n": 9007199254740993})
    assert (one.place, other.place) == ("line 1 of --messages", "line 3 of --messages")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.jsonl: is empty; expected one message a line"),
        (b'{"a": 1}\n{"a"', "a.jsonl:2: is no JSON"),
        (b"\xff", "a.jsonl:1: is no JSON"),
        (b"[1]", "a.jsonl:1: is no JSON object"),
        (
            b'{"a": 1}\n{"n": [NaN]}',
            "a.jsonl:2: $.n[0]: found NaN, expected a number",
        ),
        (b'{"n": -Infinity}', "a.jsonl:1: $.n: found -Infinity, expected a number that JSON has"),
        (b'{"a":' * 3_000 + b"1" + b"}" * 3_000, "a.jsonl:1: is no JSON"),
    ],
)
def test_what_is_no_message_is_told_with_its_line(tmp_path, content, said):
    (tmp_path / "a.jsonl").write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_messages(str(tmp_path / "a.jsonl"))
    assert said in str(caught.value)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(UnreadableFileError, match="cannot be read: No such file"):
        read_messages(str(tmp_path / "a.jsonl"))


def test_messages_of_a_list_have_their_places_in_it():
    one, other = listed_messages(iter([{"a": (1, None, True)}, ExpectedMessage("line 7", {})]))
    assert (one.place, one.value) == ("messages[0]", {"a": (1, None, True)})
    assert other.place == "line 7"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"a": 1}, "messages: found a dict, expected a list of messages, each a dict"),
        ("[]", "messages: found a str, .*; json.loads makes a dict of a JSON text"),
        (5, "messages: found a int, expected a list"),
        ([{}, "{}"], r"messages\[1\]: found a str, .* json.loads"),
        ([[{}]], r"messages\[0\]: found a list, expected a message"),
        ([{"a": [{"b": {1}}]}], r"messages\[0\]: \$.a\[0\].b: found set, expected a JSON value"),
        ([{"a": float("nan")}], r"messages\[0\]: \$.a: found NaN, expected a number that JSON has"),
        ([{"a": {1: 2}}], r"messages\[0\]: \$.a: found a key of type int, expected text"),
    ],
)
def test_what_is_no_list_of_messages_is_told_with_its_place(given, said):
    with pytest.raises(TypeError, match=said):
        listed_messages(given)


def test_a_message_that_is_nested_too_deeply_is_told():
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(TypeError, match="nested too deeply"):
        listed_messages([{"a": deep}])


def test_its_repr_shows_no_message():
    assert "dave" not in repr(ExpectedMessage("line 1", {"a": "dave@example.com"}))
