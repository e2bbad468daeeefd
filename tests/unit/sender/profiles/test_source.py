"""Profiles out of JSON lines and CSV, row by row, and what breaks a row."""

import gzip
import io
from pathlib import Path
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.profiles import (
    BrokenRow,
    ProfileRow,
    ProfileSource,
    Row,
    UnreadRows,
    lines,
    read_profiles,
)

NO_INPUT = io.BytesIO()


def write(path: Path, content: bytes) -> str:
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return str(path)


def read(*sources: str, stdin: bytes = b"") -> list[Row]:
    return list(read_profiles(sources, io.BytesIO(stdin)))


def profiles(found: list[Row]) -> list[Any]:
    return [row.profile for row in found if isinstance(row, ProfileRow)]


def reasons(found: list[Row]) -> dict[int, str]:
    return {row.line: row.reason for row in found if isinstance(row, BrokenRow)}


def refusal(*sources: str, dataflow: Dataflow | None = None) -> str:
    with pytest.raises(ConfigurationError) as caught:
        ProfileSource(sources, NO_INPUT, dataflow)
    return str(caught.value)


JSONL = b'{"_id": "1"}\n{"_id": "2"}\n'
CSV = b"_id,identityMap.Email\n1,a;b\n2,c\n"


@pytest.mark.parametrize("name", ["p.jsonl", "p.jsonl.gz", "P.JSONL"])
@pytest.mark.parametrize(
    "content",
    [
        JSONL,
        JSONL.rstrip(),
        b"\xef\xbb\xbf" + JSONL,
        JSONL.replace(b"\n", b"\r\n"),
        b"\n  \n\r\n" + JSONL,
    ],
)
def test_json_lines_are_read_however_they_are_dressed(
    tmp_path: Path, name: str, content: bytes
) -> None:
    found = read(write(tmp_path / name, content))
    assert profiles(found) == [{"_id": "1"}, {"_id": "2"}]


def test_standard_input_holds_json_lines() -> None:
    found = read("-", stdin=JSONL)
    assert [(row.source, row.line) for row in found] == [("-", 1), ("-", 2)]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "not JSON"),
        (b"{} {}", "not JSON: Extra data at character 4"),
        (b'{"a": NaN}', "NaN is not JSON"),
        (b'{"a": -Infinity}', "-Infinity is not JSON"),
        (b'{"a": {"b": 1, "b": 2}}', "same key twice"),
        (b"5", "found a number"),
        (b"[1]", "found a list"),
        (b"null", "found null"),
        (b"true", "found a boolean"),
        (b'"_id"', "found a text"),
        (b'{"a": "\xff"}', "byte 8 is not UTF-8"),
        (b"\xef\xbb\xbf{}", "not JSON"),
        (b'{"a": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"a": ' + b"1" * 5_000 + b"}", "too many digits"),
        (b'{"a": "tab\there"}', "not JSON"),
        (b'{"a": "\\ud800"}', "half of a surrogate pair"),
        (b'{"a": ["\\uDFFF\\ud83d"]}', "half of a surrogate pair"),
        (b'{"\\udc00": 1}', "half of a surrogate pair"),
    ],
)
def test_a_broken_line_is_told_by_its_number_and_the_rest_goes_on(line: bytes, reason: str) -> None:
    found = read("-", stdin=b'{"_id": "1"}\n\n' + line + b'\n{"_id": "2"}')
    assert profiles(found) == [{"_id": "1"}, {"_id": "2"}]
    assert list(reasons(found)) == [3]
    assert reason in reasons(found)[3]
    assert reason in str(found[1])
    assert [row.line for row in found] == [1, 3, 4]


def test_a_line_separator_inside_a_text_ends_no_line() -> None:
    found = read("-", stdin='{"a": "x\u2028y\x85"}\n'.encode())
    assert profiles(found) == [{"a": "x\u2028y\x85"}]


@pytest.mark.parametrize(
    ("form", "text", "cut"),
    [
        ("jsonl", b'{"_id": "1"}\n{"_id"', [2]),
        ("jsonl", b'{"_id": "1"}\n{"_id"\n', []),
        ("jsonl", b'{"_id": "1"}\n{"_id"\r', []),
        ("jsonl", b'nonsense\n{"_id": "1"}', []),
        ("csv", b"_id,a\n1,2\n3", [3]),
        ("csv", b'_id,a\n1,2\n3,"4', [3]),
        ("csv", b"_id,a\n1\n3,4", []),
        ("csv", b'_id,a\n"1\n3,4\n5,6', []),
    ],
)
def test_a_broken_row_is_cut_if_the_text_ends_in_it_without_an_end_of_its_line(
    form: str, text: bytes, cut: list[int]
) -> None:
    found = ProfileSource(["-"], io.BytesIO(text), format_name=form)
    assert [row.line for row in found if isinstance(row, BrokenRow) and row.is_cut] == cut


def test_a_line_that_would_fill_the_memory_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE_BYTES", 20)
    exact = b'{"_id": "' + b"x" * 9 + b'"}\n'
    assert len(exact) == 21
    found = read("-", stdin=exact + b'{"_id": "' + b"y" * 100 + b'"}\n' + exact + b"z" * 50)
    assert [type(row) for row in found] == [ProfileRow, BrokenRow, ProfileRow, BrokenRow]
    assert reasons(found)[2] == "longer than a line may be"
    assert not any(isinstance(row, BrokenRow) and row.is_cut for row in found)


@pytest.mark.parametrize("name", ["p.csv", "p.csv.gz"])
@pytest.mark.parametrize(
    "content",
    [CSV, CSV.rstrip(), b"\xef\xbb\xbf" + CSV, CSV.replace(b"\n", b"\r\n"), b"\n\n" + CSV + b" \n"],
)
def test_csv_is_read_however_it_is_dressed(tmp_path: Path, name: str, content: bytes) -> None:
    found = read(write(tmp_path / name, content))
    assert profiles(found) == [
        {"_id": "1", "identityMap": {"Email": [{"id": "a"}, {"id": "b"}]}},
        {"_id": "2", "identityMap": {"Email": [{"id": "c"}]}},
    ]


def test_csv_cells_become_nested_profiles(tmp_path: Path) -> None:
    content = (
        "_id, person.name.firstName,person.name.lastName,identityMap.ns.dotted,"
        "segmentMembership.ups.a.b,segmentMembership.ups.c,segmentMembership.aam.d\n"
        '1,"Zoë, ""Z""\nand line two",,x; ;,realized|2023-09-05T10:43:55Z,exited,realized\n'
        "2,,,,,,\n"
    )
    found = read(write(tmp_path / "p.csv", content.encode()))
    assert [row.line for row in found] == [2, 4]
    membership = {"lastQualificationTime": "2023-09-05T10:43:55Z", "status": "realized"}
    assert profiles(found) == [
        {
            "_id": "1",
            "person": {"name": {"firstName": 'Zoë, "Z"\nand line two'}},
            "identityMap": {"ns.dotted": [{"id": "x"}]},
            "segmentMembership": {
                "ups": {"a.b": membership, "c": {"status": "exited"}},
                "aam": {"d": {"status": "realized"}},
            },
        },
        {"_id": "2"},
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"1", "number of cells: found 1, expected 3"),
        (b"1,2,realized,4", "number of cells: found 4, expected 3"),
        (b'1,"a"b,realized', "not CSV"),
        (b"1,\xff,realized", "not UTF-8"),
        (b"1,2,perhaps", "expected realized or exited"),
        (
            b"1,2,realized|yesterday",
            "found a text such as 'aaaaaaaaa' behind the bar, expected an instant",
        ),
        (b"1," + b"x" * 200_000 + b",realized", "a cell with more than 131072 characters"),
    ],
)
def test_a_broken_csv_row_is_told_and_the_rest_goes_on(
    tmp_path: Path, row: bytes, reason: str
) -> None:
    header = b"_id,person.name,segmentMembership.ups.a\n"
    content = header + b"1,x,realized\n" + row + b"\n2,y,\n"
    found = read(write(tmp_path / "p.csv", content))
    assert [profile["_id"] for profile in profiles(found)] == ["1", "2"]
    assert list(reasons(found)) == [3]
    assert reason in reasons(found)[3]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("_id,", "column 2: found ''"),
        ("person..name", "column 1"),
        ("identityMap", "column 1"),
        ("identityMap.", "column 1"),
        ("segmentMembership.ups", "column 1"),
        ("a,a", "stands there twice"),
        ("a.b,a", "the beginning of another"),
        ('"a"b', "not CSV"),
    ],
)
def test_a_header_that_means_nothing_is_refused(tmp_path: Path, header: str, problem: str) -> None:
    assert problem in refusal(write(tmp_path / "p.csv", header.encode()))


def test_a_csv_is_held_against_the_dataflow(tmp_path: Path, raw: dict[str, Any]) -> None:
    dataflow = Dataflow.from_mapping(raw)
    path = write(tmp_path / "p.csv", b"_id,identityMap.Phone\n")
    message = refusal(path, dataflow=dataflow)
    assert "found _id, identityMap.Phone; expected identityMap.Email or identityMap.ECID" in message
    known = ",".join(f"segmentMembership.ups.{audience.id}" for audience in dataflow.audiences)
    header = f"_id,identityMap.Email,identityMap.ECID,mobilePhone.number,{known}\n"
    path = write(tmp_path / "p.csv", header.replace("ECID", "ecid").encode())
    assert "no column for identityMap.ECID: " in refusal(path, dataflow=dataflow)
    path = write(tmp_path / "p.csv", header.encode())
    source = ProfileSource([path], NO_INPUT, dataflow)
    assert source.fields == {*header.strip().split(",")} - {"_id"}
    assert source.warnings == [
        f"{path}: no column for the mapped 'person.name.firstName'",
        f"{path}: no profile is in it: found a header without rows",
    ]


def test_a_whole_surrogate_pair_is_a_character(tmp_path: Path) -> None:
    found = read("-", stdin=b'{"a": "\\ud83e\\udd8a", "b": "\\\\ud800"}')
    assert profiles(found) == [{"a": "🦊", "b": "\\ud800"}]


@pytest.mark.parametrize("name", ["p.jsonl", "p.csv", "p.jsonl.gz", "p.csv.gz"])
@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\xef\xbb\xbf\r\n \n"])
def test_an_empty_file_holds_no_profiles(tmp_path: Path, name: str, content: bytes) -> None:
    assert read(write(tmp_path / name, content)) == []


def test_everything_wrong_with_the_sources_is_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "folder.jsonl").mkdir()
    good = write(tmp_path / "good.jsonl", JSONL)
    odd = write(tmp_path / "profiles.txt", b"{}")
    table = write(tmp_path / "table.parquet", b"no parquet")
    damaged = tmp_path / "p.csv.gz"
    damaged.write_bytes(gzip.compress(CSV)[:12])
    missing, folder = str(tmp_path / "missing.jsonl"), str(tmp_path / "folder.jsonl")
    lines = refusal("-", good, missing, folder, odd, table, str(damaged), "-").splitlines()
    assert [line.partition(": ")[0] for line in lines] == [
        "-",
        missing,
        folder,
        odd,
        table,
        str(damaged),
    ]
    for line, reason in zip(
        lines,
        ["once only", "No such file", "directory", "unknown kind", "no Parquet", "damaged"],
        strict=True,
    ):
        assert reason in line


def test_a_file_that_breaks_off_is_told_as_unread_from_there(tmp_path: Path) -> None:
    broken = tmp_path / "p.jsonl.gz"
    broken.write_bytes(gzip.compress(JSONL * 1000, mtime=0)[:-8])
    good = write(tmp_path / "good.jsonl", JSONL)
    found = read(str(broken), good)
    assert [row.reason for row in found if isinstance(row, UnreadRows)] == [
        "damaged: the rest of the file cannot be read"
    ]
    assert profiles(found)[-2:] == [{"_id": "1"}, {"_id": "2"}]


def test_a_file_that_vanishes_before_its_turn_is_told_as_unread(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    source = ProfileSource([write(path, JSONL)], NO_INPUT)
    path.unlink()
    assert reasons(list(source)) == {
        1: "damaged: the rest of the file cannot be read (No such file or directory)"
    }


class BrokenPipe(io.BytesIO):
    """A standard input that fails after its first line."""

    def readline(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise OSError(5, "Input/output error")
        return super().readline(size)


def test_a_standard_input_that_fails_is_told_as_unread_from_there() -> None:
    first, unread = read_profiles(["-"], BrokenPipe(JSONL))
    assert isinstance(first, ProfileRow)
    assert isinstance(unread, UnreadRows)
    assert str(unread) == "-:2: damaged: the rest of the file cannot be read (Input/output error)"


def test_progress_goes_from_nothing_to_the_total(tmp_path: Path) -> None:
    paths = [write(tmp_path / name, JSONL * 1_000) for name in ("a.jsonl", "b.jsonl.gz")]
    source = ProfileSource(paths, NO_INPUT)
    assert source.bytes_read == 0
    seen = [source.bytes_read for _ in source]
    assert seen == sorted(seen)
    assert len(set(seen)) > 10
    assert source.bytes_read == source.bytes_total == sum(Path(p).stat().st_size for p in paths)


def test_the_size_of_standard_input_is_not_known() -> None:
    assert ProfileSource(["-"], NO_INPUT).bytes_total is None


def test_a_source_can_be_read_again(tmp_path: Path) -> None:
    source = ProfileSource([write(tmp_path / "p.jsonl", JSONL)], NO_INPUT)
    assert list(source) == list(source)
    assert source.bytes_read == source.bytes_total


def test_a_row_shows_nobody() -> None:
    (row,) = read("-", stdin=b'{"person": "Dave"}')
    assert "Dave" not in repr(row)


def test_about_how_many_rows_there_are_is_told_by_the_sizes(tmp_path: Path) -> None:
    files = [write(tmp_path / name, b'{"_id": "1"}\n' * 50) for name in ("a.jsonl", "b.jsonl")]
    source = ProfileSource(files, NO_INPUT)
    assert source.rows_expected() is None, "nothing has been read"
    rows = iter(source)
    for _ in range(10):
        next(rows)
    assert source.rows_expected() == 100
    assert list(rows)
    assert source.rows_expected() == 100


def test_nobody_knows_how_many_rows_a_pipe_has() -> None:
    source = ProfileSource(["-"], io.BytesIO(b"{}\n{}\n"))
    next(iter(source))
    assert source.rows_expected() is None
