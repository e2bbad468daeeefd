"""Converts the cells of a Parquet file to the values of a profile.

pyarrow's own conversion refuses a whole batch because of one cell, and its result depends on the
time zones that the machine knows. Here a reader is made once for each column's type. It converts a
whole column at once; only a column with a cell that cannot be converted is read cell by cell:

- An instant with a time zone is in UTC, because Parquet stores it so. Without one it stays naive.
- Nanoseconds that are not zero are kept: the instant or time becomes ISO 8601 text with nine
  digits. A ``lastQualificationTime`` is cut to microseconds later, as the same text is (A-MSG-2).
- Maps and structs become dicts, without nulls; lists become lists; UUIDs become text. A map's keys
  are names: where they are binary or nested, nobody can tell what the map says.
- Binary stays bytes, which no message can hold; durations and intervals are left out.
"""

import datetime as dt
import itertools
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Reader = Callable[[Any], list[Any]]
"""Returns the values of an array's cells; raises CellError if one cannot be converted."""

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  naive on purpose: a zone is added where there is one
_NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_NANOSECONDS_A_DAY = 86_400 * _NANOSECONDS["s"]
_MICROSECONDS_END = len("2023-09-05T10:43:55.602687")
UUID_NAME = "arrow.uuid"
_UNREADABLE = (ArithmeticError, ValueError, TypeError, NotImplementedError)  # Arrow's too


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which parts of a nested value are converted.

    Attributes:
        names: the wanted names, each with what is wanted of its value; None: everything.

    Example:
        >>> Wanted.of([("name", "first"), ("age",)]).names["name"].names
        {'first': Wanted(names=None)}
    """

    names: "Mapping[str, Wanted] | None" = None

    @classmethod
    def of(cls, paths: Sequence[tuple[str, ...]]) -> "Wanted":
        """Return what these paths name; an empty path names everything."""
        if () in paths:
            return cls()
        heads = dict.fromkeys(path[0] for path in paths)
        return cls({h: cls.of([path[1:] for path in paths if path[0] == h]) for h in heads})

    def get(self, name: object) -> "Wanted | None":
        """Return what is wanted of the value under a name; None: nothing."""
        if self.names is None:
            return self
        return self.names.get(name) if isinstance(name, str) else None


class CellError(Exception):
    """A cell cannot be converted; the text says what was found and what was expected."""


def converted(cells: Any, read: Reader) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
    """Return the values of a column's cells; a cell that cannot be converted is a CellError."""
    try:
        return read(cells)
    except (CellError, *_UNREADABLE):
        return [_converted(cells.slice(index, 1), read) for index in range(len(cells))]


def _converted(cell: Any, read: Reader) -> Any:  # noqa: ANN401  pyarrow is untyped
    try:
        return None if cell.null_count else read(cell)[0]
    except CellError as error:
        return error
    except _UNREADABLE:
        return CellError(f"found a {cell.type} that cannot be read, expected a value")


def reader_of(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    """Return a function that converts the cells of an array of this type.

    Args:
        type_: the Arrow type.
        wanted: what is converted of a nested value.
    """
    types = import_module("pyarrow.types")
    extension = getattr(type_, "extension_name", None)
    if extension == UUID_NAME:
        return lambda cells: [None if id_ is None else str(id_) for id_ in _uuids(cells)]
    if extension is not None:
        storage = reader_of(type_.storage_type, wanted)
        return lambda cells: storage(cells.storage)
    if types.is_dictionary(type_):
        value = reader_of(type_.value_type, wanted)
        return lambda cells: value(cells.dictionary_decode())
    return _nested(types, type_, wanted) or _timed(types, type_) or _plain


def _nested(types: Any, type_: Any, wanted: Wanted) -> Reader | None:  # noqa: ANN401  untyped
    if types.is_struct(type_):
        return _struct_reader(type_, wanted)
    if types.is_map(type_):
        return _map_reader(types, type_, wanted)
    if is_list(type_):
        return _list_reader(type_, wanted)
    return None


def is_list(type_: Any) -> bool:  # noqa: ANN401  pyarrow is untyped
    """Return whether a type is one of the kinds of lists."""
    types = import_module("pyarrow.types")
    names = ("list", "large_list", "fixed_size_list", "list_view", "large_list_view")
    return any(getattr(types, f"is_{name}")(type_) for name in names)


def _timed(types: Any, type_: Any) -> Reader | None:  # noqa: ANN401  pyarrow is untyped
    if types.is_timestamp(type_):
        factor, zone = _NANOSECONDS[type_.unit], None if type_.tz is None else dt.UTC
        return _number_reader(type_, lambda number: _instant(number * factor, zone))
    if types.is_time(type_):
        factor = _NANOSECONDS[type_.unit]
        return _number_reader(type_, lambda number: _time(number * factor))
    if types.is_date(type_):
        factor = _NANOSECONDS_A_DAY if types.is_date32(type_) else _NANOSECONDS["ms"]
        return _number_reader(type_, lambda number: _within_years(number * factor // 1_000).date())
    if types.is_duration(type_) or types.is_interval(type_):
        return lambda cells: [None] * len(cells)
    return None


def _number_reader(type_: Any, value: Callable[[int], Any]) -> Reader:  # noqa: ANN401  untyped
    """Return a reader of cells that are stored as whole numbers."""
    number = f"int{type_.bit_width}"

    def read(cells: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
        numbers = cells.view(number).to_pylist()
        return [None if each is None else value(each) for each in numbers]

    return read


def _uuids(cells: Any) -> Iterator[uuid.UUID | None]:  # noqa: ANN401  pyarrow is untyped
    for stored in cells.storage.to_pylist():
        yield None if stored is None else uuid.UUID(bytes=stored)


def _plain(cells: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
    try:
        return list(cells.to_pylist())
    except UnicodeDecodeError as error:
        found = f"text whose byte {error.start + 1} is not UTF-8"
        raise CellError(f"found {found}, expected text in UTF-8") from None


def _list_reader(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    value = reader_of(type_.value_type, wanted)

    def read(cells: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
        compute = import_module("pyarrow.compute")
        lengths = compute.list_value_length(cells).to_pylist()
        elements = iter(value(cells.flatten()))
        return [n if n is None else [next(elements) for _ in range(n)] for n in lengths]

    return read


def _struct_reader(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    parts = []
    for index in range(type_.num_fields):
        field = type_.field(index)
        part = wanted.get(field.name)
        if part is not None:
            parts.append((index, field.name, reader_of(field.type, part)))

    def read(cells: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
        fields = cells.flatten()
        values: list[dict[str, Any]] = [{} for _ in range(len(cells))]
        for index, name, reader in parts:
            for value, part in zip(values, reader(fields[index]), strict=True):
                if part is not None:
                    value[name] = part
        return _with_nulls(cells, values)

    return read


def _with_nulls(cells: Any, values: list[Any]) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
    if not cells.null_count:
        return values
    valid = cells.is_valid().to_pylist()
    return [value if is_valid else None for value, is_valid in zip(values, valid, strict=True)]


def _map_reader(types: Any, type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  untyped
    key = _key_reader(types, type_.key_type)
    # A map's values are of one type, but not the same is wanted of each.
    names = wanted.names or {}
    readers = {name: reader_of(type_.item_type, part) for name, part in names.items()}
    everything = reader_of(type_.item_type, Wanted()) if wanted.names is None else None

    def read(cells: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
        offsets = cells.offsets.to_pylist() or [0]
        first, count = offsets[0], offsets[-1] - offsets[0]
        spans = list(itertools.pairwise(offset - first for offset in offsets))
        keys = key(cells.keys.slice(first, count))
        _refuse_same_keys(keys, spans)
        items = cells.items.slice(first, count)
        found = everything(items) if everything is not None else _chosen(keys, items, readers)
        pairs = list(zip(keys, found, strict=True))
        values = [{k: v for k, v in pairs[start:end] if v is not None} for start, end in spans]
        return _with_nulls(cells, values)

    return read


def _key_reader(types: Any, type_: Any) -> Reader:  # noqa: ANN401  pyarrow is untyped
    read = reader_of(type_, Wanted())
    names = ("binary", "large_binary", "fixed_size_binary", "nested")
    if not any(getattr(types, f"is_{name}")(type_) for name in names):
        return read

    def refuse(keys: Any) -> list[Any]:  # noqa: ANN401  pyarrow is untyped
        if len(keys):
            raise CellError(f"found a map whose keys are of type {type_}, expected text")
        return []

    return refuse


def _refuse_same_keys(keys: list[Any], spans: list[tuple[int, int]]) -> None:
    for start, end in spans:
        if end - start > 1 and len(set(keys[start:end])) < end - start:
            raise CellError("found the same key twice in a map, expected it once")


def _chosen(keys: list[Any], items: Any, readers: Mapping[str, Reader]) -> list[Any]:  # noqa: ANN401
    """Return the values of the items whose keys have a reader; None for the others."""
    found: list[Any] = [None] * len(keys)
    for name, reader in readers.items():
        indexes = [index for index, key in enumerate(keys) if key == name]
        for index, value in zip(indexes, _values_at(items, indexes, reader), strict=True):
            found[index] = value
    return found


def _values_at(items: Any, indexes: list[int], read: Reader) -> list[Any]:  # noqa: ANN401  untyped
    arrow = import_module("pyarrow")
    try:
        return read(items.take(arrow.array(indexes, arrow.int64())))
    except arrow.ArrowNotImplementedError:  # of some types only slices can be taken
        return [read(items.slice(index, 1))[0] for index in indexes]


def _within_years(microseconds: int) -> dt.datetime:
    try:
        return _EPOCH + dt.timedelta(microseconds=microseconds)
    except OverflowError:
        expected = "one in the years 1 to 9999"
        raise CellError(
            f"found a date beyond what a message can hold, expected {expected}"
        ) from None


def _instant(nanoseconds: int, zone: dt.tzinfo | None) -> dt.datetime | str:
    microseconds, rest = divmod(nanoseconds, 1_000)
    instant = _within_years(microseconds).replace(tzinfo=zone)
    if not rest:
        return instant
    text = instant.isoformat(timespec="microseconds")
    return f"{text[:_MICROSECONDS_END]}{rest:03}{text[_MICROSECONDS_END:]}"


def _time(nanoseconds: int) -> dt.time | str:
    if not 0 <= nanoseconds < _NANOSECONDS_A_DAY:
        raise CellError("found a time outside the day, expected one before 24:00")
    value = _within_years(nanoseconds // 1_000).time()
    rest = nanoseconds % 1_000
    return f"{value.isoformat(timespec='microseconds')}{rest:03}" if rest else value
