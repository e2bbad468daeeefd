"""Which columns of a Parquet file are read, and which are said to hold what is not exported."""

from typing import Any

import pyarrow as pa
import pytest

from sender.dataflow import Dataflow
from sender.profiles.parquet_cells import Wanted
from sender.profiles.parquet_schema import ParquetColumns, projected, wanted_of, wanted_paths

ENTRIES = pa.list_(pa.struct([("id", pa.float64()), ("primary", pa.bool_())]))
DETAILS = Wanted.of([("status",), ("lastQualificationTime",)])
STRUCT = pa.struct([("Email", ENTRIES), ("Phone", pa.binary())])


def warnings(raw: dict[str, Any], fields: dict[str, pa.DataType]) -> list[str]:
    schema = pa.schema(list(fields.items()))
    return list(ParquetColumns(schema).warnings(Dataflow.from_mapping(raw)))


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.int8(),
        pa.uint64(),
        pa.decimal128(38, 0),
        pa.decimal256(60, 0),
        pa.uuid(),
        pa.null(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.list_(pa.string()),
    ],
)
def test_columns_that_can_hold_ids_get_no_warning(raw: dict[str, Any], kind: pa.DataType) -> None:
    is_list = pa.types.is_list(kind)
    assert warnings(raw, {"identityMap.Email": kind} | ({} if is_list else {"_id": kind})) == []


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (pa.float16(), "type halffloat, which loses digits"),
        (pa.float64(), "type double, which loses digits"),
        (pa.binary(), "type binary, which is no text"),
        (pa.binary(16), "type fixed_size_binary[16], which is no text"),
        (pa.date32(), "type date32[day], which is no text"),
        (pa.bool_(), "type bool, which is no text"),
        (pa.dictionary(pa.int8(), pa.float64()), "type double, which loses digits"),
    ],
)
def test_columns_whose_values_are_no_ids_are_named_with_what_follows(
    raw: dict[str, Any], kind: pa.DataType, why: str
) -> None:
    email, own = warnings(raw, {"identityMap.Email": kind, "_id": kind, "identityMap.Phone": kind})[
        ::-1
    ]
    expected = "expected text, whole numbers, decimals or UUIDs"
    assert email == (
        f"column identityMap.Email: the ids are of {why}: not used, so a profile without another "
        f"mapped identity is excluded; {expected}"
    )
    (column,) = warnings(raw, {"identityMap.Email[0].id": kind})
    assert column.startswith(f"column identityMap.Email[0].id: the ids are of {why}")
    assert own.startswith(f"column _id: the ids are of {why}: not used, so a profile is known by")


@pytest.mark.parametrize("kind", [STRUCT, pa.map_(pa.string(), ENTRIES)])
def test_ids_inside_nested_columns_are_looked_at_too(
    raw: dict[str, Any], kind: pa.DataType
) -> None:
    del raw["identities"][1]
    (warning,) = warnings(raw, {"identityMap": kind})
    assert warning.startswith("column identityMap.Email.id: the ids are of type double")


def test_mapped_attributes_of_a_type_that_is_not_exported_are_named(raw: dict[str, Any]) -> None:
    raw["attributes"] = [{"source": name, "target": name} for name in "abcdef"]
    fields = {
        "a": pa.list_(pa.string()),
        "b": pa.map_(pa.string(), pa.string()),
        "c": pa.duration("s"),
        "d": pa.binary(),
        "e": pa.timestamp("ns"),
        "f": pa.json_(pa.string()),
        "nobody.mapped": pa.binary(),
    }
    assert warnings(raw, fields) == [
        "column a: a list is not exported (A-MAP-3)",
        "column b: an object is not exported (A-MAP-3)",
        "column c: the type duration[s] is not exported (A-MAP-3)",
        "column d: the type binary is not exported (A-MAP-3)",
    ]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("_id", Wanted()),
        ("identityMap.Email", Wanted.of([("id",)])),
        ("identityMap", Wanted.of([("Email", "id"), ("ECID", "id")])),
        ("identityMap.Phone", None),
        ("segmentMembership.ups.a.b", DETAILS),
        ("segmentMembership.ups.a.b.validUntil", None),
        ("segmentMembership.ups.a.b.status", Wanted()),
        ("segmentMembership.ups.other", None),
        ("identityMap.Email[1].id", Wanted.of([("id",)])),
        ("identityMap.Email[1].primary", None),
        ("segmentMembership", Wanted({"ups": Wanted({"a.b": DETAILS})})),
        ("consents", Wanted()),
        ("consents.marketing.any.val", Wanted()),
        ("person", Wanted.of([("name", "firstName")])),
        ("person.name", Wanted.of([("firstName",)])),
        ("person.name.firstName", Wanted()),
        ("person.name.firstName.more", None),
        ("person.nameless", None),
    ],
)
def test_only_what_the_dataflow_looks_at_is_wanted(
    raw: dict[str, Any], name: str, wanted: Wanted | None
) -> None:
    raw["audiences"] = [{"id": "a.b"}]
    assert wanted_of(name, wanted_paths(Dataflow.from_mapping(raw))) == wanted


def test_without_mapped_audiences_any_may_be_asked_for(raw: dict[str, Any]) -> None:
    raw["audiences"] = []
    paths = wanted_paths(Dataflow.from_mapping(raw))
    assert wanted_of("segmentMembership.ups.any", paths) == Wanted()


def test_of_structs_only_the_wanted_fields_are_read_from_the_file() -> None:
    wanted = Wanted.of([("Email", "id"), ("Gone",)])
    assert list(projected("identityMap", STRUCT, wanted)) == ["identityMap.Email"]
    assert list(projected("m", pa.map_(pa.string(), ENTRIES), wanted)) == ["m"]
    assert list(projected("s", STRUCT, Wanted())) == ["s"]


def test_a_date_that_only_a_membership_has_besides_its_status_breaks_nothing(
    raw: dict[str, Any],
) -> None:
    raw["audiences"] = [{"id": "a"}]
    membership = pa.struct([("status", pa.string()), ("validUntil", pa.date32())])
    kind = pa.struct([("ups", pa.struct([("a", membership)]))])
    paths = wanted_paths(Dataflow.from_mapping(raw))
    wanted = wanted_of("segmentMembership", paths)
    assert wanted is not None
    assert list(projected("segmentMembership", kind, wanted)) == ["segmentMembership.ups.a.status"]


@pytest.mark.parametrize(
    "kind", [STRUCT, ENTRIES, pa.string(), pa.map_(pa.string(), pa.string())], ids=str
)
def test_a_column_of_a_namespace_tells_of_it_whatever_its_type(kind: pa.DataType) -> None:
    assert ParquetColumns(pa.schema([("identityMap.Email", kind)])).knows("identityMap.Email")
