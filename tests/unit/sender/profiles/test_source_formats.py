"""Which format a source is read in, and what is refused before it is read."""

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
