"""Converts the cells of a Parquet file, one by one, to the values of a profile.

pyarrow's own conversion refuses a whole batch because of one cell, and its result depends on the
time zones that the machine knows. Here a reader is made once for each column's type:

- An instant with a time zone is in UTC, because Parquet stores it so. Without one it stays naive.
- Nanoseconds that are not zero are kept: the instant or time becomes ISO 8601 text with nine
  digits. A ``lastQualificationTime`` is cut to microseconds later, as the same text is (A-MSG-2).
- Maps and structs become dicts, without nulls; lists become lists; UUIDs become text.
- Binary stays bytes, which no message can hold; durations and intervals are left out.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any

Reader = Callable[[Any], Any]

_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001  naive on purpose: a zone is added where there is one
_NANOSECONDS = {"s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}
_NANOSECONDS_A_DAY = 86_400 * _NANOSECONDS["s"]
_MICROSECONDS_END = len("2023-09-05T10:43:55.602687")
UUID_NAME = "arrow.uuid"


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
    return [_converted(cell, read) for cell in cells]


def _converted(cell: Any, read: Reader) -> Any:  # noqa: ANN401  pyarrow is untyped
    try:
        return read(cell)
    except CellError as error:
        return error


def reader_of(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    """Return a function that converts one cell of this type.

    Args:
        type_: the Arrow type.
        wanted: what is converted of a nested value.
    """
    types = import_module("pyarrow.types")
    extension = getattr(type_, "extension_name", None)
    if extension == UUID_NAME:
        return _valid(lambda cell: str(cell.as_py()))
    if extension is not None:
        storage = reader_of(type_.storage_type, wanted)
        return _valid(lambda cell: storage(cell.value))
    if types.is_dictionary(type_):
        value = reader_of(type_.value_type, wanted)
        return _valid(lambda cell: value(cell.value))
    return _nested(types, type_, wanted) or _timed(types, type_) or _plain


def _nested(types: Any, type_: Any, wanted: Wanted) -> Reader | None:  # noqa: ANN401  untyped
    if types.is_struct(type_):
        return _valid(_struct_reader(type_, wanted))
    if types.is_map(type_):
        return _valid(_map_reader(type_, wanted))
    if is_list(type_):
        value = reader_of(type_.value_type, wanted)
        return _valid(lambda cell: [value(element) for element in cell.values])
    return None


def is_list(type_: Any) -> bool:  # noqa: ANN401  pyarrow is untyped
    """Return whether a type is one of the kinds of lists."""
    types = import_module("pyarrow.types")
    names = ("list", "large_list", "fixed_size_list", "list_view", "large_list_view")
    return any(getattr(types, f"is_{name}")(type_) for name in names)


def _timed(types: Any, type_: Any) -> Reader | None:  # noqa: ANN401  pyarrow is untyped
    if types.is_timestamp(type_):
        factor, zone = _NANOSECONDS[type_.unit], None if type_.tz is None else dt.UTC
        return _valid(lambda cell: _instant(cell.value * factor, zone))
    if types.is_time(type_):
        factor = _NANOSECONDS[type_.unit]
        return _valid(lambda cell: _time(cell.value * factor))
    if types.is_date(type_):
        factor = _NANOSECONDS_A_DAY if types.is_date32(type_) else _NANOSECONDS["ms"]
        return _valid(lambda cell: _within_years(cell.value * factor // 1_000).date())
    if types.is_duration(type_) or types.is_interval(type_):
        return lambda _: None
    return None


def _valid(read: Reader) -> Reader:
    return lambda cell: read(cell) if cell.is_valid else None


def _plain(cell: Any) -> Any:  # noqa: ANN401  pyarrow is untyped
    try:
        return cell.as_py()
    except UnicodeDecodeError as error:
        found = f"text whose byte {error.start + 1} is not UTF-8"
        raise CellError(f"found {found}, expected text in UTF-8") from None
    except (ArithmeticError, ValueError, NotImplementedError):
        raise CellError(f"found a {cell.type} that cannot be read, expected a value") from None


def _struct_reader(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    parts = []
    for index in range(type_.num_fields):
        field = type_.field(index)
        part = wanted.get(field.name)
        if part is not None:
            parts.append((index, field.name, reader_of(field.type, part)))

    def read(cell: Any) -> dict[str, Any]:  # noqa: ANN401  pyarrow is untyped
        values = ((name, reader(cell[index])) for index, name, reader in parts)
        return {name: value for name, value in values if value is not None}

    return read


def _map_reader(type_: Any, wanted: Wanted) -> Reader:  # noqa: ANN401  pyarrow is untyped
    key = reader_of(type_.key_type, Wanted())
    # A map's values are of one type, but not the same is wanted of each.
    names = wanted.names or {}
    readers = {name: reader_of(type_.item_type, part) for name, part in names.items()}
    everything = reader_of(type_.item_type, Wanted()) if wanted.names is None else None

    def read(cell: Any) -> dict[Any, Any]:  # noqa: ANN401  pyarrow is untyped
        keys, items = cell.values.field(0), cell.values.field(1)
        names = [key(name) for name in keys]
        if len(set(names)) < len(names):
            raise CellError("found the same key twice in a map, expected it once")
        chosen = ((name, readers.get(name, everything), i) for i, name in enumerate(names))
        values = ((name, reader(items[i])) for name, reader, i in chosen if reader is not None)
        return {name: value for name, value in values if value is not None}

    return read


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
