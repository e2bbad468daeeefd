"""Reading JSON, JSON lines and TOML strictly, and saying where they are broken."""

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from contracts.documents import Document, parse_json, parse_toml, read_documents
from contracts.errors import BrokenDocumentError, UnreadableFileError


def read(path: Path, content: bytes):
    path.write_bytes(content)
    return list(read_documents(str(path), BytesIO()))


def piped(content: bytes):
    return [shown(found) for found in read_documents("-", BytesIO(content))]


def shown(found: Document | BrokenDocumentError):
    return (found.line, found.value) if isinstance(found, Document) else found.reason


def test_json_is_one_document(tmp_path: Path):
    (document,) = read(tmp_path / "a.json", b'\xef\xbb\xbf\n{"a": [1]}\n')
    assert document == Document(str(tmp_path / "a.json"), 1, {"a": [1]})


def test_json_lines_are_a_document_each_and_a_broken_one_stops_no_other(tmp_path: Path):
    content = '\ufeff{"a": "\u2028"}\r\n\n{"a":\n3\n'.encode()
    first, broken, last = read(tmp_path / "a.jsonl", content)
    assert (first.line, first.value) == (1, {"a": "\u2028"})
    assert (last.line, last.value) == (4, 3)
    assert (broken.line, broken.path) == (3, str(tmp_path / "a.jsonl"))
    assert str(broken).startswith(f"{tmp_path / 'a.jsonl'}:3: is not JSON: Expecting value")


def test_toml_dates_become_iso_texts(tmp_path: Path):
    content = (
        b"d = 2023-09-01\nt = [2023-09-01T10:00:00Z, 2023-09-01T10:00:00.5]\n[x]\nh = 07:30:00"
    )
    (document,) = read(tmp_path / "a.TOML", content)
    assert document.value == {
        "d": "2023-09-01",
        "t": ["2023-09-01T10:00:00Z", "2023-09-01T10:00:00.500000"],
        "x": {"h": "07:30:00"},
    }


@pytest.mark.parametrize(
    ("name", "content", "line", "reason"),
    [
        ("a.json", b"", None, "is empty; expected a JSON value"),
        ("a.yaml", b"a: 1", None, "is YAML by its name, and no JSON; expected JSON, JSON lines ("),
        ("a.YML", b"a: 1", None, "is YAML by its name"),
        ("a.csv", b"a,b", None, "is CSV by its name"),
        ("a.parquet", b"PAR1\xff", None, "is Parquet by its name"),
        ("a.jsonl.gz", b"\x1f\x8b", None, "is compressed by its name"),
        ("a.txt", b"a: 1", 1, "is not JSON: Expecting value"),
        ("a.jsonl", b"\n \n", None, "is empty; expected one JSON value a line"),
        ("a.toml", b" ", None, "is empty; expected TOML"),
        ("a.json", b'{\n"a": 1,\n5}', 3, "is not JSON"),
        ("a.json", b'{"a": NaN}', 1, "is no strict JSON: NaN is not a JSON value"),
        ("a.json", b"-Infinity", 1, "is no strict JSON: -Infinity is not a JSON value"),
        ("a.json", b'{"a": 1, "a": 1}', 1, 'the key "a" stands twice in one object'),
        ("a.json", b'{"d@example.com":1,"d@example.com":1}', 1, 'the key "***" stands twice'),
        ("a.json", b"[" * 100_000, 1, "nested too deeply"),
        ("a.json", b'[1,\n"\xff"]', 2, "is no UTF-8: byte 0xff"),
        ("a.jsonl", b'1\n"\xff"\n', 2, "is no UTF-8: byte 0xff"),
        ("a.toml", b'a = "\xff"', 1, "is no UTF-8: byte 0xff"),
        ("a.toml", b"a = 1\nb = = 2\n", 2, "is no TOML: Invalid value"),
        ("a.toml", b"a = 1\nb = ", None, "is no TOML"),
        ("a.toml", b"a = " + b"[" * 100_000, None, "is no TOML: nested too deeply"),
    ],
)
def test_what_is_broken_says_where_and_why(
    tmp_path: Path, name: str, content: bytes, line: int | None, reason: str
):
    broken = read(tmp_path / name, content)[-1]
    assert isinstance(broken, BrokenDocumentError)
    assert broken.line == line
    assert reason in broken.reason


def test_a_file_that_is_json_is_read_whatever_it_is_called(tmp_path: Path):
    assert [d.value for d in read(tmp_path / "a.yaml", b'{"a": 1}')] == [{"a": 1}]  # type: ignore[union-attr]


def test_an_empty_name_is_told_as_one():
    with pytest.raises(UnreadableFileError, match=r'^"": is no name of a file$'):
        list(read_documents("", BytesIO()))


@pytest.mark.parametrize("name", ["missing.json", "folder", "nul\0byte"])
def test_what_cannot_be_opened_says_so(tmp_path: Path, name: str):
    (tmp_path / "folder").mkdir()
    with pytest.raises(UnreadableFileError, match="cannot be read: ") as caught:
        list(read_documents(str(tmp_path / name), BytesIO()))
    assert not isinstance(caught.value, BrokenDocumentError)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b'{\n "a": 1\n}\n', [(1, {"a": 1})]),
        (b"1\n\n2\n", [(1, 1), (3, 2)]),
        (b"1\n{\n", [(1, 1), "is not JSON: Expecting property name enclosed in double quotes"]),
        (b"{\n", ["is not JSON: Expecting property name enclosed in double quotes"]),
        (b"", ["is empty; expected a JSON value"]),
    ],
)
def test_standard_input_may_be_json_or_json_lines(content: bytes, found: list[Any]):
    for expected, actual in zip(found, piped(content), strict=True):
        assert actual == expected or actual.startswith(expected)


def test_integers_of_any_size_survive():
    assert parse_json("[" + "9" * 5000 + "]") == [10**5000 - 1]


@pytest.mark.parametrize(
    ("name", "place"),
    [("a.toml", "a.toml"), ("a.json", "a.json"), ("a.jsonl", "a.jsonl:1"), ("-", "-:1")],
)
def test_a_document_that_is_a_whole_file_needs_no_line(name: str, place: str):
    assert Document(name, 1, {}).place == place


def test_a_number_that_python_cannot_write_down_again_is_no_toml_to_work_with(tmp_path: Path):
    (found,) = read(tmp_path / "x.toml", b"a = [0x1%s]" % (b"0" * 4_000))
    assert "16,001 bits is too large" in str(found)
    (found,) = read(tmp_path / "x.toml", b"a = 0x1%s" % (b"0" * 3_000))
    assert isinstance(found, Document)


def test_a_whole_number_in_toml_with_more_digits_than_python_reads_is_told_in_words():
    with pytest.raises(ValueError, match=r"^a whole number has too many digits$"):
        parse_toml("a = " + "9" * 5_000)
