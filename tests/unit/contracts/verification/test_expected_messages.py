"""Reads the messages that were to arrive."""

import pytest

from contracts.errors import UnreadableFileError
from contracts.exact_values import same_text
from contracts.verification.expected_messages import read_messages


def test_one_message_a_line_is_read_with_exact_numbers(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b'\xef\xbb\xbf{"n": 1.10}\r\n\n{"n": 9007199254740993}')
    one, other = read_messages(str(tmp_path / "a.jsonl"))
    assert same_text(one) == same_text({"n": 1.1})
    assert same_text(other) == same_text({"n": 9007199254740993})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.jsonl: is empty; expected one message a line"),
        (b'{"a": 1}\n{"a"', "a.jsonl:2: is no JSON"),
        (b"\xff", "a.jsonl:1: is no JSON"),
        (b"[1]", "a.jsonl:1: is no JSON object"),
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
