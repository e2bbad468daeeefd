"""Profiles out of Parquet files: flat as CSV is, or nested as JSON lines are."""

import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.mapping import Mapper
from sender.profiles import (
    BrokenRow,
    ProfileRow,
    ProfileSource,
    Row,
    UnreadRows,
    parquet,
    read_profiles,
)

NO_INPUT = io.BytesIO()


def read(path: str, dataflow: Dataflow | None = None) -> list[Row]:
    return list(read_profiles([path], NO_INPUT, dataflow, allow_missing_columns=True))


def profiles(found: list[Any]) -> list[Any]:
    return [row.profile for row in found if isinstance(row, ProfileRow)]


def table(path: Path, columns: dict[str, Any]) -> str:
    pq.write_table(pa.table(columns), path)
    return str(path)


def test_a_flat_parquet_file_is_read_as_csv_is_with_its_types(tmp_path: Path) -> None:
    path = table(
        tmp_path / "p.parquet",
        {
            "_id": ["1", "2", "3"],
            "orders.count": [5, None, 7],
            "identityMap.Email": ["a;b", None, "c"],
            "identityMap.ECID": [None, ["x"], None],
            "identityMap.CRM": [17, None, None],
            "segmentMembership.ups.a": ["realized", None, "perhaps"],
            "segmentMembership.ups.b": [{"status": "exited"}, None, None],
        },
    )
    found = read(path)
    assert profiles(found) == [
        {
            "_id": "1",
            "orders": {"count": 5},
            "identityMap": {"Email": [{"id": "a"}, {"id": "b"}], "CRM": [{"id": 17}]},
            "segmentMembership": {"ups": {"a": {"status": "realized"}, "b": {"status": "exited"}}},
        },
        {"_id": "2", "identityMap": {"ECID": [{"id": "x"}]}},
    ]
    assert [row.line for row in found if isinstance(row, BrokenRow)] == [3]


def test_a_nested_parquet_file_exports_what_its_json_lines_export(
    tmp_path: Path, raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    entries = pa.list_(pa.struct([("id", pa.string())]))
    identity_maps = [list(profile["identityMap"].items())]
    identity_type = pa.map_(pa.string(), entries)
    path = table(
        tmp_path / "p.parquet",
        {
            "_id": [profile["_id"], "2"],
            "person": [profile["person"], {"name": {"firstName": None, "lastName": "x"}}],
            "mobilePhone": [profile["mobilePhone"], None],
            "identityMap": pa.array([*identity_maps, None], type=identity_type),
            "segmentMembership": [profile["segmentMembership"], None],
        },
    )
    dataflow = Dataflow.from_mapping(raw)
    source = ProfileSource([path], NO_INPUT, dataflow)
    first, second = profiles(list(source))
    assert source.warnings == []
    mapper = Mapper(dataflow)
    assert mapper.content(first) == mapper.content(json.loads(json.dumps(profile)))
    assert second == {"_id": "2", "person": {"name": {}}}  # nobody mapped the last name


def damaged(path: Path, row_group: int) -> str:
    """Write three row groups of 100 rows, and change one byte of one of them."""
    ids = [str(number) for number in range(300)]
    pq.write_table(
        pa.table({"_id": ids}),
        path,
        row_group_size=100,
        write_page_checksum=True,
        use_dictionary=False,
    )
    column = pq.ParquetFile(path).metadata.row_group(row_group).column(0)
    content = bytearray(path.read_bytes())
    content[column.data_page_offset + column.total_compressed_size - 1] ^= 0xFF
    path.write_bytes(content)
    return str(path)


def test_a_row_group_that_cannot_be_read_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    found = read(damaged(tmp_path / "p.parquet", 1))
    assert [row["_id"] for row in profiles(found)] == [
        str(n) for n in (*range(100), *range(200, 300))
    ]
    (unread,) = (row for row in found if isinstance(row, BrokenRow))
    assert isinstance(unread, UnreadRows)
    assert str(unread).endswith("p.parquet:101: damaged: the rows 101 to 200 cannot be read")
    assert found[-1].line == 300


def test_a_file_without_its_end_is_refused_before_anything_is_read(tmp_path: Path) -> None:
    path = Path(table(tmp_path / "p.parquet", {"_id": ["1"]}))
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(ConfigurationError, match="no Parquet file, or one that is damaged"):
        ProfileSource([str(path)], NO_INPUT)


def test_a_file_that_loses_its_end_before_its_turn_is_told_as_unread(tmp_path: Path) -> None:
    path = Path(table(tmp_path / "p.parquet", {"_id": ["1"]}))
    source = ProfileSource([str(path)], NO_INPUT)
    path.write_bytes(path.read_bytes()[:-20])
    assert [type(row) for row in source] == [UnreadRows]


def test_a_bad_cell_breaks_its_row_only_and_only_if_it_is_mapped(
    tmp_path: Path, raw: dict[str, Any]
) -> None:
    bad_text = pa.array([b"a", b"\xe4\xff", b"c"]).view(pa.string())
    far = pa.array([0, 2**31 - 1, 1], pa.int32()).view(pa.date32())
    path = table(
        tmp_path / "p.parquet",
        {
            "identityMap.Email": ["a@x", "b@x", "c@x"],
            "mobilePhone.number": bad_text,
            "nobody.mapped": far,
            "person": pa.StructArray.from_arrays([far, bad_text], ["birth", "nick"]),
        },
    )
    found = read(path, Dataflow.from_mapping(raw))
    (broken,) = (row for row in found if isinstance(row, BrokenRow))
    why = "found text whose byte 1 is not UTF-8, expected text in UTF-8"
    assert str(broken) == f"{path}:2: column mobilePhone.number: {why}"
    assert profiles(found) == [
        {"identityMap": {"Email": [{"id": f"{name}@x"}]}, "mobilePhone": {"number": name}}
        for name in "ac"
    ]
    del raw["attributes"][1]
    raw["attributes"][0]["source"] = "person.birth"
    found = read(path, Dataflow.from_mapping(raw))
    assert "column person: found a date beyond" in str(found[1])
    assert len(profiles(found)) == 2


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise ImportError(name)

    path = table(tmp_path / "p.parquet", {"_id": ["1"]})
    monkeypatch.setattr(parquet, "import_module", fail)
    with pytest.raises(ConfigurationError, match=r"mock-qualtrics\[parquet\]"):
        ProfileSource([path], NO_INPUT)
