"""A dataflow's file is read, or refused in words."""

from pathlib import Path

import pytest

from sender.dataflow.document import read_toml
from sender.errors import DataflowError


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "dataflow.toml"
    path.write_text('name = "Survey"', "utf-8-sig")
    assert read_toml(path) == {"name": "Survey"}


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "No such file"),
        (b"name = 'a'\nname = ?", "line 2"),
        (b"name = '\xff'", "no text in UTF-8: byte 8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, content: bytes | None, found: str
):
    path = tmp_path / "dataflow.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataflowError, match=found) as caught:
        read_toml(path)
    assert str(path) in str(caught.value)


def test_a_directory_is_no_dataflow_file(tmp_path: Path):
    with pytest.raises(DataflowError, match="directory"):
        read_toml(tmp_path)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a = " + "9" * 5_000, "no TOML: a whole number has too many digits"),
        ("a = " + "[" * 9_000, "no TOML: nested too deeply"),
        (".".join(["a"] * 9_000) + " = 1", "no TOML: nested too deeply"),
    ],
)
def test_a_file_beyond_python_s_limits_is_told_in_words(tmp_path, text, problem):
    path = tmp_path / "dataflow.toml"
    path.write_text(text)
    with pytest.raises(DataflowError, match=problem):
        read_toml(path)


def test_a_file_name_that_is_too_long_is_told_in_words():
    with pytest.raises(DataflowError, match="cannot be read: File name too long"):
        read_toml(Path("n" * 300))
