"""Which format a source is read in, and what is refused before it is read."""

import gzip
import io
import os
from pathlib import Path
from typing import Any

import pytest

from sender.errors import ConfigurationError
from sender.profiles import (
    BrokenRow,
    ProfileRow,
    ProfileSource,
    lines,
)
from support.two_profiles import CSV, DATAFLOW


def ids(found: list[Any]) -> list[Any]:
    return [row.profile["_id"] for row in found if isinstance(row, ProfileRow)]


@pytest.mark.parametrize(
    ("format_name", "content", "problem"),
    [
        ("csv", b"_id,identityMap.Phone\n", "-: no column of a mapped identity"),
        ("csv", b"a,a\n", "-: column 2: 'a' stands there twice"),
        ("parquet", b"PAR1", "-: Parquet cannot be piped in"),
    ],
)
def test_piped_tables_are_looked_at_before_anything_is_sent(
    format_name: str, content: bytes, problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        ProfileSource(["-"], io.BytesIO(content), DATAFLOW, format_name)


@pytest.mark.parametrize(
    ("content", "is_csv"),
    [
        (CSV, True),
        (b"_id, person.name\n", True),
        (b"nonsense\n", False),
        (b'{"_id": 1,, "a"}\n', False),
        (b"\xff,\xfe,\n", False),
        (b'{"_id": "1"}\n' + CSV, False),
    ],
)
def test_a_first_line_that_looks_like_csv_is_said_to_look_like_it(
    content: bytes, is_csv: bool
) -> None:
    broken = [row for row in ProfileSource(["-"], io.BytesIO(content)) if type(row) is BrokenRow]
    assert ["it looks like CSV" in str(row) for row in broken] == [
        is_csv and number == 0 for number in range(len(broken))
    ]


def test_a_named_pipe_is_no_file_and_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    os.mkfifo(path)
    with pytest.raises(ConfigurationError, match="no regular file: pipe it in, and name it -"):
        ProfileSource([str(path)], io.BytesIO())


@pytest.mark.parametrize("name", ["people.txt", "people.jsonl"])
def test_a_stated_format_goes_before_what_names_say(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(CSV)
    assert ids(list(ProfileSource([str(path)], io.BytesIO(), format_name="csv"))) == ["1", "2"]


def test_a_compressed_parquet_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"without \.gz"):
        ProfileSource([str(tmp_path / "p.gz")], io.BytesIO(), format_name="parquet")


ROW = b'{"_id": "1"}\n'


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("p.ndjson", ROW),
        ("P.NDJSON", ROW),
        ("p.json", b'[\n  {\n    "_id": "1"\n  }\n]'),
        ("p.json", b'\xef\xbb\xbf{\n  "_id": "1"\n}'),
        ("p.jsonl", b'[{"_id": "1"}]'),
        ("p.json.gz", gzip.compress(b'[{"_id": "1"}]', mtime=0)),
        ("p.ndjson.gz", gzip.compress(ROW, mtime=0)),
    ],
)
def test_json_is_read_by_every_name_and_in_every_form(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for source in (ProfileSource([str(path)], io.BytesIO()), list_of(content)):
        assert ids(list(source)) == ["1"]


def list_of(content: bytes) -> list[Any]:
    text = gzip.decompress(content) if content.startswith(b"\x1f") else content
    return list(ProfileSource(["-"], io.BytesIO(text)))


def test_an_array_in_one_line_is_not_held_in_the_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE_BYTES", 100)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 10)
    path = tmp_path / "p.json"
    path.write_bytes(b"\n[" + b",".join(b'{"_id": %d}' % number for number in range(50)) + b"]")
    assert ids(list(ProfileSource([str(path)], io.BytesIO()))) == list(range(50))
    pieces = list(lines.lines_of(io.BytesIO(path.read_bytes())))
    assert max(map(len, pieces)) == 101


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("p.csv", CSV.decode().encode("utf-16"), "found text in UTF-16; expected UTF-8"),
        ("p.csv", CSV.replace(b"\n", b"\r"), "found lines that end with CR alone"),
        ("p.csv", CSV.replace(b",", b";"), "found ';' between the columns, expected ','"),
        (
            "p.csv",
            CSV.replace(b",", b"\t"),
            "between the columns, expected ',': say --delimiter tab",
        ),
        ("p.csv", ROW, "found JSON: name it .jsonl"),
        ("p.csv", b"PAR1x", "found Parquet: name it .parquet"),
        (
            "p.csv",
            gzip.compress(CSV, mtime=0),
            "found data compressed with gzip: let its name end with .gz",
        ),
        ("p.csv.gz", CSV, "found no data compressed with gzip: name it without .gz"),
        ("p.csv", b"\x00\x01,x\n", "found binary data, expected text in UTF-8"),
        ("p.csv", b"_id,identityMap.M\xfcller\n", "not UTF-8; if all of it is Latin-1"),
        ("p.jsonl", ROW.decode().encode("utf-16-le"), "found text in UTF-16 without a byte order"),
        ("p.jsonl", b"PAR1x", "found Parquet: name it .parquet"),
        ("p.json", gzip.compress(ROW, mtime=0), "found data compressed with gzip"),
        ("p.jsonl.gz", ROW, "found no data compressed with gzip: name it without .gz"),
        ("p.parquet", CSV, "no Parquet file, or one that is damaged at its end: found text"),
        ("p.parquet", gzip.compress(CSV, mtime=0), "at its end: found data compressed with gzip"),
        ("p.parquet", b"PAR1x", "no Parquet file, or one that is damaged at its end"),
    ],
)
def test_a_file_that_is_something_else_than_its_name_says_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        ProfileSource([str(path)], io.BytesIO())
    assert str(caught.value).startswith(f"{path}: ")
    assert problem in str(caught.value)
    assert "new-line" not in str(caught.value)


@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz", "-"])
@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_a_delimiter_is_taken_that_was_said(tmp_path: Path, name: str, delimiter: str) -> None:
    content = CSV.replace(b",", delimiter.encode())
    path = tmp_path / name
    path.write_bytes(gzip.compress(content, mtime=0) if name.endswith("gz") else content)
    source = name if name == "-" else str(path)
    found = ProfileSource([source], io.BytesIO(content), format_name="csv", delimiter=delimiter)
    assert ids(list(found)) == ["1", "2"]


def test_a_delimiter_is_for_a_csv(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_bytes(ROW)
    with pytest.raises(ConfigurationError, match="a delimiter was given, but no source is a CSV"):
        ProfileSource([str(path), "p.unknown"], io.BytesIO(), delimiter=";")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("p.csv", b"", "empty"),
        ("p.csv", b"_id,identityMap.Email,firstName\n\n", "a header without rows"),
        ("p.jsonl", b"\n", "empty"),
        ("p.json", b"[ ]", "empty"),
    ],
)
def test_a_source_without_a_profile_gets_a_warning(
    tmp_path: Path, name: str, content: bytes, found: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    source = ProfileSource([str(path)], io.BytesIO(), DATAFLOW)
    assert source.warnings == [f"{path}: no profile is in it: found {found}"]
    assert list(source) == []
