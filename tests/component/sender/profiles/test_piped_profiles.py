"""Standard input as a pipe: rows come when they come, and reading never blocks on the next one."""

import itertools
import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sender.profiles import (
    NOTHING_YET,
    BrokenRow,
    NothingYet,
    ProfileRow,
    ProfileSource,
    Row,
    lines,
)
from support.two_profiles import CSV, DATAFLOW


class Pipe:
    """A real pipe: a test writes, a source reads."""

    def __init__(self) -> None:
        read_end, self._write_end = os.pipe()
        self.stream = os.fdopen(read_end, "rb")

    def write(self, content: bytes) -> None:
        os.write(self._write_end, content)

    def close(self) -> None:
        if self._write_end >= 0:
            os.close(self._write_end)
        self._write_end = -1


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()
    pipe.stream.close()


def until_a_row(rows: Iterator[Row | NothingYet]) -> Row | None:
    """Return the next row; None if there is none after very many pauses."""
    read = itertools.islice(rows, 2_000)
    return next((row for row in read if not isinstance(row, NothingYet)), None)


def ids(found: list[Any]) -> list[Any]:
    return [row.profile["_id"] for row in found if isinstance(row, ProfileRow)]


def test_a_pipe_without_a_row_says_so_and_gives_the_row_once_it_is_whole(pipe: Pipe) -> None:
    rows = iter(ProfileSource(["-"], pipe.stream))
    assert next(rows) is NOTHING_YET
    pipe.write(b'{"_id": "1"}\n{"_id"')
    assert ids([until_a_row(rows)]) == ["1"]
    assert [next(rows), next(rows)] == [NOTHING_YET, NOTHING_YET]
    pipe.write(b': "2"}\n\n{"_id": "3"}')
    assert ids([until_a_row(rows)]) == ["2"]
    assert next(rows) is NOTHING_YET
    pipe.close()
    last = until_a_row(rows)
    assert (ids([last]), last and last.line) == (["3"], 4)
    assert until_a_row(rows) is None


def test_rows_that_are_there_come_without_a_pause_between_them(pipe: Pipe) -> None:
    pipe.write(b'{"_id": "1"}\n{"_id": "2"}\n')
    rows = iter(ProfileSource(["-"], pipe.stream))
    assert ids([next(rows), next(rows)]) == ["1", "2"]
    assert next(rows) is NOTHING_YET


def test_only_who_asks_again_waits(pipe: Pipe, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    real = select.select

    def watched(*arguments: Any) -> Any:  # noqa: ANN401  select's own
        waited.append(arguments[3])
        return real(*arguments)

    monkeypatch.setattr(lines.select, "select", watched)
    rows = iter(ProfileSource(["-"], pipe.stream))
    assert [next(rows), next(rows)] == [NOTHING_YET, NOTHING_YET]
    pipe.write(b'{"_id": "1"}\n')
    assert ids([next(rows)]) == ["1"]
    assert next(rows) is NOTHING_YET
    assert waited == [0.0, lines.PAUSE_SECONDS, lines.PAUSE_SECONDS, 0.0]


def test_a_line_that_dribbles_in_holds_nobody_up(pipe: Pipe) -> None:
    rows = iter(ProfileSource(["-"], pipe.stream))
    for piece in (b'{"_id"', b": ", b'"1"'):
        pipe.write(piece)
        assert next(rows) is NOTHING_YET
    pipe.write(b"}\n")
    assert ids([until_a_row(rows)]) == ["1"]


def test_a_piped_line_that_would_fill_the_memory_is_cut(
    pipe: Pipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "LONGEST_LINE_BYTES", 20)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 7)
    exact = b'{"_id": "' + b"x" * 9 + b'"}\n'
    pipe.write(exact + b'{"_id": "' + b"y" * 100 + b'"}\n' + exact + b"z" * 50)
    pipe.close()
    found = [row for row in ProfileSource(["-"], pipe.stream) if row is not NOTHING_YET]
    assert [type(row) for row in found] == [ProfileRow, BrokenRow, ProfileRow, BrokenRow]


def test_a_piped_array_is_read_as_it_comes(pipe: Pipe) -> None:
    pipe.write(b"\xef\xbb\xbf \n")
    rows = iter(ProfileSource(["-"], pipe.stream))
    pipe.write(b' [{"_id": "1"}')
    assert ids([until_a_row(rows)]) == ["1"]
    pipe.write(b',\n{"_id": "2"}]')
    assert ids([until_a_row(rows)]) == ["2"]


def test_a_quoted_cell_may_take_its_time_over_several_lines(pipe: Pipe) -> None:
    pipe.write(b"_id,identityMap.Email,note\n")
    rows = iter(ProfileSource(["-"], pipe.stream, format_name="csv"))
    pipe.write(b'1,a,"one\n')
    assert [next(rows), next(rows)] == [NOTHING_YET, NOTHING_YET]
    pipe.write(b'two"\n')
    row = until_a_row(rows)
    assert isinstance(row, ProfileRow)
    assert (row.line, row.profile["note"]) == (2, "one\ntwo")


def test_piped_csv_is_read_when_it_is_said_to_be_csv(pipe: Pipe) -> None:
    pipe.write(b"\xef\xbb\xbf\n" + CSV)
    pipe.close()
    source = ProfileSource(["-"], pipe.stream, DATAFLOW, "csv", allow_missing_columns=True)
    assert source.warnings == ["-: no column for the mapped 'firstName'"]
    assert ids(list(source)) == ["1", "2"]


def test_a_file_as_standard_input_is_read_without_a_pause(tmp_path: Path) -> None:
    path = tmp_path / "p"
    path.write_bytes(b'{"_id": "1"}\n' * 20_000)
    with path.open("rb") as stream:
        assert NOTHING_YET not in list(ProfileSource(["-"], stream))
