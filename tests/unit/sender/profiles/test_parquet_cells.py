"""What the cells of a Parquet file become, type by type."""

import datetime as dt
import json
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from sender.profiles.parquet_cells import CellError, Wanted, converted, reader_of

UUID_BYTES = bytes(range(16))
UUID_TEXT = "00010203-0405-0607-0809-0a0b0c0d0e0f"
INSTANT = 1_693_910_635_602_687
DATE_FAR = pa.array([2**31 - 1], pa.int32()).view(pa.date32())


def values(array: pa.Array, *paths: tuple[str, ...]) -> list[Any]:
    found = converted(array, reader_of(array.type, Wanted.of(paths or [()])))
    return [str(value) if isinstance(value, CellError) else value for value in found]


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_texts_of_every_kind_are_texts(kind: pa.DataType) -> None:
    assert values(pa.array(["Zoë", "", None], kind)) == ["Zoë", "", None]


def test_a_dictionary_is_what_it_stands_for() -> None:
    assert values(pa.array(["a", None, "a"]).dictionary_encode()) == ["a", None, "a"]


@pytest.mark.parametrize("bits", [8, 16, 32, 64])
def test_whole_numbers_of_every_width_are_exact(bits: int) -> None:
    assert values(pa.array([2**bits - 1], f"uint{bits}")) == [2**bits - 1]
    assert values(pa.array([-(2 ** (bits - 1))], f"int{bits}")) == [-(2 ** (bits - 1))]


def test_numbers_and_booleans_keep_their_type() -> None:
    assert values(pa.array([True, None])) == [True, None]
    assert values(pa.array([1.5, None], pa.float16())) == [1.5, None]
    assert values(pa.array([Decimal("9" * 38)], pa.decimal128(38, 0))) == [Decimal("9" * 38)]
    assert values(pa.array([Decimal("1.50")], pa.decimal256(50, 2))) == [Decimal("1.50")]
    assert str(values(pa.array([float("nan")]))) == "[nan]"


def test_binary_stays_bytes_and_a_uuid_is_a_text() -> None:
    assert values(pa.array([b"\xff", None])) == [b"\xff", None]
    assert values(pa.array([UUID_BYTES, None], pa.uuid())) == [UUID_TEXT, None]


def test_an_extension_type_is_read_as_what_it_is_stored_as() -> None:
    assert values(pa.array(['{"a": 1}', None], pa.json_(pa.string()))) == ['{"a": 1}', None]


@pytest.mark.parametrize("zone", ["UTC", "+05:30", "Europe/Berlin", "Mars/Olympus"])
def test_an_instant_is_in_utc_whatever_zone_it_names(zone: str) -> None:
    expected = dt.datetime(2023, 9, 5, 10, 43, 55, 602687, tzinfo=dt.UTC)
    array = pa.array([INSTANT, None], pa.int64()).view(pa.timestamp("us", zone))
    assert values(array) == [expected, None]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_an_instant_without_a_zone_stays_without_one(unit: str) -> None:
    assert values(pa.array([0], pa.timestamp(unit))) == [dt.datetime(1970, 1, 1)]  # noqa: DTZ001


def test_nanoseconds_are_kept_as_text_where_there_are_any() -> None:
    stamps = pa.array([INSTANT * 1000 + 7, INSTANT * 1000], pa.timestamp("ns", "UTC"))
    exact, plain = values(stamps)
    assert exact == "2023-09-05T10:43:55.602687007+00:00"
    assert plain == dt.datetime(2023, 9, 5, 10, 43, 55, 602687, tzinfo=dt.UTC)
    assert values(pa.array([-1], pa.timestamp("ns"))) == ["1969-12-31T23:59:59.999999999"]
    times = pa.array([1_000_000_001, 1_000_000_000], pa.time64("ns"))
    assert values(times) == ["00:00:01.000000001", dt.time(0, 0, 1)]


@pytest.mark.parametrize("kind", [pa.date32(), pa.date64()])
def test_dates_are_dates(kind: pa.DataType) -> None:
    assert values(pa.array([dt.date(9999, 12, 31), None], kind)) == [dt.date(9999, 12, 31), None]


@pytest.mark.parametrize(
    ("array", "found"),
    [
        (pa.array([b"a\xff"]).view(pa.string()), "text whose byte 2 is not UTF-8"),
        (DATE_FAR, "a date beyond what a message can hold"),
        (pa.array([2**62], pa.timestamp("s")), "a date beyond what a message can hold"),
        (pa.array([-(2**60)], pa.timestamp("us", "UTC")), "a date beyond"),
        (pa.array([90_000], pa.int32()).view(pa.time32("s")), "a time outside the day"),
        (pa.array([[("a", 1), ("a", 2)]], pa.map_("string", "int8")), "the same key twice"),
    ],
)
def test_a_cell_that_cannot_be_converted_is_said_and_costs_no_other(
    array: pa.Array, found: str
) -> None:
    nothing = pa.nulls(1, array.type)
    bad, good = values(pa.concat_arrays([array, nothing]))
    assert good is None
    assert bad.startswith(f"found {found}")
    assert ", expected " in bad


@pytest.mark.parametrize(
    "kind", [pa.binary(), pa.large_binary(), pa.binary(1), pa.struct([("a", pa.int8())])]
)
def test_a_map_whose_keys_are_no_names_is_said_and_ends_no_export(kind: pa.DataType) -> None:
    # Nobody could tell whether it holds a consent that is withdrawn.
    keys = pa.array([{"a": 1}] if pa.types.is_struct(kind) else [b"n"], kind)
    maps = pa.MapArray.from_arrays([0, 1, 1], keys, pa.array(["n"]))
    for paths in ([], [("n",)]):
        bad, empty = values(maps, *paths)
        assert bad.startswith("found a map whose keys are of type ")
        assert empty == {}


def test_a_bad_cell_deep_inside_leaves_the_other_rows_of_its_column() -> None:
    texts = pa.array([b"a", b"\xff", b"b", b"c"]).view(pa.string())
    structs = pa.StructArray.from_arrays([texts], ["id"])
    lists = pa.ListArray.from_arrays(pa.array([0, 1, 2, 4]), structs)
    first, bad, third = values(lists)
    assert (first, third) == ([{"id": "a"}], [{"id": "b"}, {"id": "c"}])
    assert bad == "found text whose byte 1 is not UTF-8, expected text in UTF-8"


def test_items_of_a_type_that_cannot_be_chosen_at_once_are_chosen_one_by_one() -> None:
    maps = pa.array([[("a", "x"), ("b", "y")], [("a", "z")]], pa.map_("string", pa.string_view()))
    assert values(maps, ("a",)) == [{"a": "x"}, {"a": "z"}]


def test_durations_are_left_out() -> None:
    assert values(pa.array([2**62], pa.duration("s"))) == [None]
    assert values(pa.array([None, (1, 2, 3)], pa.month_day_nano_interval())) == [None, None]


@pytest.mark.parametrize(
    "kind",
    [
        pa.list_(pa.int8()),
        pa.large_list(pa.int8()),
        pa.list_(pa.int8(), 2),
        pa.list_view(pa.int8()),
        pa.large_list_view(pa.int8()),
    ],
)
def test_lists_of_every_kind_are_lists(kind: pa.DataType) -> None:
    assert values(pa.array([[1, None], None], kind)) == [[1, None], None]


def test_of_structs_and_maps_only_what_is_wanted_is_converted() -> None:
    entries = pa.list_(pa.struct([("id", pa.string()), ("seen", pa.date32())]))
    rows = [[("Email", [{"id": "a", "seen": None}]), ("Bad", None)], None, [("CRM", [{"id": "b"}])]]
    maps = pa.array(rows, pa.map_(pa.string(), entries))
    assert values(maps, ("Email", "id"), ("None", "id")) == [{"Email": [{"id": "a"}]}, None, {}]
    assert values(maps)[2] == {"CRM": [{"id": "b"}]}
    structs = pa.StructArray.from_arrays([DATE_FAR, pa.array(["x"])], ["far", "name"])
    assert values(structs, ("name",)) == [{"name": "x"}]
    assert "beyond" in values(structs)[0]


def test_the_second_row_of_a_slice_is_its_own() -> None:
    maps = pa.array([[("a", 1)], [("b", 2), ("c", 3)], [("d", 4)]], pa.map_("string", "int8"))
    assert values(maps.slice(1)) == [{"b": 2, "c": 3}, {"d": 4}]
    assert json.dumps(values(maps.slice(2))) == '[{"d": 4}]'
