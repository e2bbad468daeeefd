"""Whatever bytes a file holds, reading it ends, counts every line, and loses no good profile."""

import csv
import io
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts.strategies import dataflows, profiles, texts
from sender.profile_sources.csv_file import read_csv
from sender.profile_sources.jsonl import read_jsonl
from sender.profiles import BrokenRow, ProfileRow, read_profiles

PROFILES = dataflows().flatmap(lambda flow: st.lists(profiles(flow), max_size=4))


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
    rows = list(read_jsonl(io.BytesIO(content), "x"))
    lines = [line for line in content.split(b"\n") if line.strip(b" \t\r\n\x0b\x0c")]
    assert len(rows) == len(lines) or content.startswith(b"\xef\xbb\xbf")


@given(st.binary())
def test_any_bytes_can_be_read_as_csv(content: bytes) -> None:
    for row in read_csv(io.BytesIO(b"_id,a.b\n" + content), "x"):
        assert isinstance(row, ProfileRow | BrokenRow)


@given(st.lists(st.tuples(texts(min_size=1), texts(min_size=1)), max_size=5))
def test_csv_cells_come_back_as_they_were_written(cells: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("_id", "a.b"), *cells])
    rows = list(read_csv(io.BytesIO(file.getvalue().encode()), "x"))
    found = [row.profile for row in rows if isinstance(row, ProfileRow)]
    assert found == [{"_id": first, "a": {"b": second}} for first, second in cells]


def test_the_sample_files_are_read_without_a_broken_row() -> None:
    root = Path(__file__).parents[3]
    files = [*root.glob("docs/examples/*/profiles.*"), *root.glob("tests/data/*/profiles.*")]
    rows = list(read_profiles(map(str, files), io.BytesIO()))
    assert len(files) >= 4
    assert [row for row in rows if isinstance(row, BrokenRow)] == []
