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
from sender.profiles import BrokenRow, ProfileRow, ProfileSource, Row, parquet, read_profiles

NO_INPUT = io.BytesIO()


def read(path: str) -> list[Row]:
    return list(read_profiles([path], NO_INPUT))


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
    assert second == {"_id": "2", "person": {"name": {"lastName": "x"}}}


def test_a_parquet_file_damaged_in_the_middle_ends_in_one_broken_row(tmp_path: Path) -> None:
    path = tmp_path / "p.parquet"
    ids = [str(number) for number in range(5_000)]
    pq.write_table(pa.table({"_id": ids}), path, row_group_size=1_000)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 4000] = b"\xff" * 4000
    path.write_bytes(content)
    found = read(str(path))
    assert isinstance(found[-1], BrokenRow)
    assert found[-1].reason == "damaged: the rest of the file cannot be read"


def test_without_pyarrow_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(name: str) -> None:
        raise ImportError(name)

    path = table(tmp_path / "p.parquet", {"_id": ["1"]})
    monkeypatch.setattr(parquet, "import_module", fail)
    with pytest.raises(ConfigurationError, match=r"mock-qualtrics\[parquet\]"):
        ProfileSource([path], NO_INPUT)
