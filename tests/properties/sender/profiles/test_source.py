"""Whatever bytes a file holds, reading it ends, counts every line, and loses no good profile."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.strategies import dataflows, profiles, texts
from sender.profiles import NOTHING_YET, BrokenRow, ProfileRow, read_profiles
from sender.profiles.csv_file import read_csv
from sender.profiles.csv_records import numbered_records
from sender.profiles.jsonl import read_jsonl
from sender.profiles.lines import lines_of, split

CELLS = texts().filter(lambda text: "\0" not in text)
PROFILES = dataflows().flatmap(lambda flow: st.lists(profiles(flow), max_size=4))


def content_lines(content: bytes) -> list[bytes]:
    return io.BytesIO(content).readlines()


@given(PROFILES, st.binary(max_size=60).filter(lambda noise: b"\n" not in noise))
def test_profiles_come_back_as_they_were_written_around_any_noise(
    written: list[dict[str, Any]], noise: bytes
) -> None:
    lines = [json.dumps(profile, ensure_ascii=False).encode() for profile in written]
    rows = list(read_profiles(["-"], io.BytesIO(b"\n".join([*lines, b"{" + noise, *lines]))))
    good = [row.profile for row in rows if isinstance(row, ProfileRow)]
    broken = [row for row in rows if isinstance(row, BrokenRow)]
    if broken:
        assert [row.line for row in broken] == [len(lines) + 1]
        assert good == written + written
    else:
        assert len(good) == 2 * len(written) + 1


@given(st.binary())
def test_any_bytes_can_be_read_as_json_lines(content: bytes) -> None:
    content = b'{"_id": 1}\n' + content
    rows = list(read_jsonl(lines_of(io.BytesIO(content)), "x"))
    lines = [line for line in content.split(b"\n") if line.strip(b" \t\r\n\x0b\x0c")]
    assert len(rows) == len(lines)


@given(st.binary(), st.sampled_from([b"", b"[", b"[{}", b"[{},", b"{\n"]))
def test_any_bytes_can_be_read_as_json_values(content: bytes, before: bytes) -> None:
    for row in read_jsonl(lines_of(io.BytesIO(before + content)), "x"):
        assert isinstance(row, ProfileRow | BrokenRow)


@given(st.lists(st.dictionaries(texts(), texts(), max_size=3)), st.integers(1, 9), st.booleans())
def test_an_array_is_read_wherever_it_is_cut(
    profiles: list[dict[str, str]], size: int, is_pretty: bool
) -> None:
    text = json.dumps(profiles, indent=1 if is_pretty else None).encode()
    rows = list(read_jsonl([text], "x"))
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(read_jsonl(pieces, "x")) == rows
    assert [row.profile for row in rows if isinstance(row, ProfileRow)] == profiles


@given(st.text(st.characters(exclude_categories=[])), st.booleans())
def test_a_text_is_read_when_utf8_can_hold_it_and_told_when_not(text: str, is_key: bool) -> None:
    line = json.dumps({text: 1} if is_key else {"a": [text]}).encode()
    (row,) = read_jsonl([line], "x")
    two_halves_are_one = json.loads(json.dumps(text))
    is_whole = not any("\ud800" <= character <= "\udfff" for character in two_halves_are_one)
    assert isinstance(row, ProfileRow) is is_whole
    if isinstance(row, ProfileRow):
        assert row.profile == json.loads(line)


@given(st.binary())
def test_any_bytes_can_be_read_as_csv(content: bytes) -> None:
    for row in read_csv(lines_of(io.BytesIO(b"_id,a.b\n" + content)), "x"):
        assert isinstance(row, ProfileRow | BrokenRow)


@given(st.lists(st.tuples(CELLS.filter(bool), CELLS.filter(bool)), max_size=5))
def test_csv_cells_come_back_as_they_were_written(cells: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("_id", "a.b"), *cells])
    rows = list(read_csv(lines_of(io.BytesIO(file.getvalue().encode())), "x"))
    found = [row.profile for row in rows if isinstance(row, ProfileRow)]
    assert found == [{"_id": first, "a": {"b": second}} for first, second in cells]


@given(st.lists(st.lists(CELLS, min_size=2, max_size=3), max_size=5), st.data())
def test_records_are_the_ones_that_the_csv_module_reads(
    written: list[list[str]], data: st.DataObject
) -> None:
    quoting = data.draw(st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]))
    file = io.StringIO(newline="")
    csv.writer(file, quoting=quoting).writerows(written)
    content = file.getvalue().encode()
    found = [record.cells for record in numbered_records(content_lines(content))]
    assert found == list(csv.reader(io.StringIO(content.decode(), newline="")))


@given(st.text('a," \r\n', max_size=40))
def test_no_line_is_lost_between_records(text: str) -> None:
    lines = content_lines(text.encode())
    expected = 1
    for record in numbered_records(lines):
        between = lines[expected - 1 : record.line - 1]
        assert not b"".join(between).strip(b' \r\n"')
        own = [line.decode() for line in lines[record.line - 1 : record.last_line]]
        if isinstance(record.cells, list):
            assert list(csv.reader(own, strict=True)) == [record.cells]
        else:
            assert len(own) == 1
        expected = record.last_line + 1
    assert not b"".join(lines[expected - 1 :]).strip(b' \r\n"')


PLAIN_ROWS = st.lists(st.integers(0, 9).map(lambda number: b"%d,x\n" % number), max_size=5)
STRAY = st.sampled_from([b'0,"a\n', b'"\n', b'0,"a"b\n', b'0,"""\n'])


@given(PLAIN_ROWS, STRAY, PLAIN_ROWS)
def test_a_stray_quote_breaks_its_own_row_only(
    before: list[bytes], stray: bytes, after: list[bytes]
) -> None:
    rows = list(read_csv([b"_id,a.b\n", *before, stray, *after], "x"))
    assert [row.line for row in rows] == list(range(2, len(before) + len(after) + 3))
    assert [type(row) for row in rows].index(BrokenRow) == len(before)
    assert sum(isinstance(row, ProfileRow) for row in rows) == len(before) + len(after)


@given(st.binary(), st.lists(st.integers(0, 20), max_size=30))
def test_what_is_piped_in_pieces_has_the_lines_of_what_comes_at_once(
    content: bytes, sizes: list[int]
) -> None:
    stream = io.BytesIO(content)
    chunks = [stream.read(size) or NOTHING_YET for size in sizes]
    found = split([*chunks, stream.read() or NOTHING_YET])
    assert [line for line in found if line is not NOTHING_YET] == content_lines(content)


def test_the_sample_files_are_read_without_a_broken_row() -> None:
    root = Path(__file__).parents[4]
    files = [*root.glob("docs/examples/*/profiles.*"), *root.glob("tests/data/*/profiles.*")]
    rows = list(read_profiles(map(str, files), io.BytesIO()))
    assert len(files) >= 4
    assert [row for row in rows if isinstance(row, BrokenRow)] == []
