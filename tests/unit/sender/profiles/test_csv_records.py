"""Which lines of a CSV belong together, and that a stray quote costs its own row only."""

import pytest

from sender.errors import BrokenRowError
from sender.profiles import BrokenRow, ProfileRow, csv_records
from sender.profiles.csv_file import read_csv
from sender.profiles.csv_records import Record, ends_open, numbered_records

HEADER = b"_id,name,city\n"


def read(content: bytes) -> tuple[list[str], dict[int, str]]:
    """Return the ids that were read, and the reasons of broken rows by their line."""
    rows = list(read_csv(content.splitlines(keepends=True), "x"))
    ids = [row.profile["_id"] for row in rows if isinstance(row, ProfileRow)]
    return ids, {row.line: row.reason for row in rows if isinstance(row, BrokenRow)}


@pytest.mark.parametrize(
    "stray", [b'2,"Eve,Rome\n', b'2,"Eve" a,Rome\n', b'2,Eve,"Rome\n', b'"\n', b'2,"""Eve,Rome\n']
)
@pytest.mark.parametrize(
    "follows", [b"", b"3,Ada,Oslo\n4,Bo,Bonn\n5,Cy,Rome\n", b'3,"Ada, B",Oslo\n4,"x",y\n']
)
def test_a_stray_quote_breaks_its_own_row_only(stray: bytes, follows: bytes) -> None:
    ids, broken = read(HEADER + b"1,Jo,Bonn\n" + stray + follows)
    assert list(broken) == [3]
    assert "not CSV" in broken[3]
    assert ids == ["1", *(line.decode()[0] for line in follows.splitlines())]


def test_it_is_said_where_a_quote_opens_that_is_not_closed() -> None:
    _, broken = read(HEADER + b'1,"Eve,Rome\n2,Jo,Bonn\n')
    assert "a quote opens here and is not closed" in broken[2]
    assert "the next line is read as a row" in broken[2]
    assert "next line" not in read(HEADER + b'1,"Eve,Rome')[1][2]


def test_every_row_with_a_stray_quote_is_told() -> None:
    ids, broken = read(HEADER + b'1,"a\n2,"b\n3,"c\n4,d,e\n')
    assert (ids, list(broken)) == (["4"], [2, 3, 4])


@pytest.mark.parametrize(
    ("holder", "name", "line"),
    [
        (csv_records.csv, "field_size_limit", b"Jo,Bonn\n"),
        (csv_records, "LONGEST_LINE_BYTES", b'""\n'),
    ],
)
def test_an_open_quote_is_given_up_where_no_cell_can_be_that_long(
    monkeypatch: pytest.MonkeyPatch, holder: object, name: str, line: bytes
) -> None:
    monkeypatch.setattr(holder, name, 100 if name.isupper() else lambda: 100)
    ahead = iter([b'x,"Eve\n', *[line] * 1_000])
    first = next(numbered_records(ahead))
    assert isinstance(first, Record)
    assert isinstance(first.cells, BrokenRowError)
    assert len(list(ahead)) > 900


@pytest.mark.parametrize("limit", [2_000, 100_000])  # given up for its characters, or its lines
def test_the_rows_after_a_quote_that_is_given_up_are_all_read(
    monkeypatch: pytest.MonkeyPatch, limit: int
) -> None:
    monkeypatch.setattr(csv_records.csv, "field_size_limit", lambda: limit)
    rows = [b"%d,Jo,Bonn\n" % number for number in range(1_000)]
    ids, broken = read(HEADER + b'x,"Eve,Rome\n' + b"".join(rows))
    assert ids == [str(number) for number in range(len(rows))]
    assert list(broken) == [2]


def test_a_cell_with_many_lines_is_one_row() -> None:
    cell = b'"' + b'said ""hi"",\n' * (csv_records.LONGEST_RECORD_LINES - 1) + b'"'
    ids, broken = read(HEADER + b"1," + cell + b",Rome\n2,Jo,Bonn\n")
    assert (ids, broken) == (["1", "2"], {})


def test_a_cell_with_more_lines_than_a_row_may_have_breaks_its_first_line_only() -> None:
    lines = csv_records.LONGEST_RECORD_LINES
    cell = b'"Jo\n' + b"8,Jo,Bonn\n" * (lines - 1) + b'",Rome\n'
    ids, broken = read(HEADER + b"1," + cell + b"2,Jo,Bonn\n")
    assert ids == ["8"] * (lines - 1) + ["2"]
    assert list(broken) == [2, lines + 2]
    assert "within 131072 characters and 500 lines" in broken[2]


@pytest.mark.parametrize("end", [b"", b'a"b\n', b'a",b\n'])
def test_no_line_is_looked_at_again_and_again(monkeypatch: pytest.MonkeyPatch, end: bytes) -> None:
    looked_at = []

    def counted(text: str, *, is_open: bool, delimiter: str) -> bool:
        looked_at.append(text)
        return ends_open(text, is_open=is_open, delimiter=delimiter)

    monkeypatch.setattr(csv_records, "ends_open", counted)
    lines = [*[b'x","\n'] * 400, end] * 4
    records = [record for record in numbered_records(lines) if isinstance(record, Record)]
    assert [record.line for record in records][:2] == [1, 2] if end != b'a",b\n' else [1, 402]
    assert len(looked_at) <= 4 * len(lines)


def test_a_row_over_several_lines_with_too_many_cells_says_where_it_ends() -> None:
    ids, broken = read(HEADER + b'1,"a\n2,Jo,Bonn\n3,x",y,z\n4,Jo,Bonn\n')
    assert (ids, list(broken)) == (["4"], [2])
    assert broken[2].startswith("number of cells: found 4, expected 3; the row ends at line 4")


def test_bytes_that_are_no_text_break_a_row_with_all_its_lines() -> None:
    ids, broken = read(HEADER + b'1,"\xff\n2,Jo,Bonn\n3,x",y\n4,Jo,Bonn\n')
    assert (ids, list(broken)) == (["4"], [2])
    assert broken[2].startswith("not UTF-8; if all of it is Latin-1 or Windows-1252: iconv ")


@pytest.mark.parametrize(
    ("text", "was_open", "is_open"),
    [
        ("a,b\n", False, False),
        ("a,b\n", True, True),
        ('a,"b\n', False, True),
        ('a,"b"\r\n', False, False),
        ('b",c\n', True, False),
        ('b"",c\n', True, True),
        ('"",c\n', True, True),
        ('",c\n', True, False),
        ('5" pipe,6" pipe\n', False, False),
        (' "a\n', False, False),
        ('"a"b,"c\n', False, False),
        ('b","c\n', True, True),
        ('"""', False, True),
    ],
)
def test_a_quoted_cell_is_known_to_go_on(text: str, was_open: bool, is_open: bool) -> None:
    assert ends_open(text, is_open=was_open) is is_open


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'"a"b\n', "not CSV: found text behind a quote, expected the end of the cell"),
        (b"a\rb,c\n", "not CSV: found CR within a cell, expected it between quotes"),
        (b"a,\x00\n", "a NUL byte, which no text has"),
        (b"a,M\xfcller\n", "not UTF-8; if all of it is Latin-1 or Windows-1252: iconv "),
    ],
)
def test_a_broken_row_is_told_in_words_of_our_own(line: bytes, reason: str) -> None:
    (record,) = numbered_records([line])
    assert isinstance(record, Record)
    assert isinstance(record.cells, BrokenRowError)
    assert str(record.cells).startswith(reason)


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_has_the_same_rules(delimiter: str) -> None:
    text = '1;"a;""b""\nc";d,e\n2;"x;y\n3;z;\n'.replace(";", delimiter)
    lines = text.encode().splitlines(keepends=True)
    records = [r for r in numbered_records(lines, delimiter) if isinstance(r, Record)]
    quoted = f'a{delimiter}"b"\nc'
    assert [record.cells for record in records if isinstance(record.cells, list)] == [
        ["1", quoted, "d,e"],
        ["3", "z", ""],
    ]
    assert [record.line for record in records] == [1, 3, 4]
