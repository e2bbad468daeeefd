"""Which columns of a Parquet file are read, and which hold what cannot be exported.

Only what the dataflow maps is read, down to the fields of structs: a column that nobody mapped
cannot break a row.
"""

from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any

from sender.dataflow import Dataflow
from sender.profiles.columns import IDENTITY_PREFIX, Columns, identity_column
from sender.profiles.parquet_cells import UUID_NAME, Wanted, is_list

Path = tuple[str, ...]

_EVERYTHING_UNDER = ("consents", "segmentMembership")
_ID_KINDS = ("string", "large_string", "string_view", "integer", "decimal", "null")
_ATTRIBUTE_KINDS = ("floating", "boolean", "timestamp", "date", "time")


class ParquetColumns(Columns):
    """The columns of one Parquet file, with their types.

    Args:
        schema: the file's Arrow schema.
    """

    def __init__(self, schema: Any) -> None:  # noqa: ANN401  pyarrow is untyped
        fields = list(_fields("", schema))
        super().__init__(
            schema.names,
            is_nested=True,
            fields=[path for path, _ in fields],
            open_fields=[path for path, is_open in fields if is_open],
        )
        self._types = list(zip(schema.names, schema.types, strict=True))

    def warnings(self, dataflow: Dataflow) -> Iterator[str]:
        """Yield a warning for each mapped column whose type cannot be exported."""
        for path in identity_paths(dataflow):
            for name, type_ in self._leaves(path):
                if not is_id_type(type_):
                    yield _no_ids(name, type_)
        for mapping in dataflow.attributes:
            for name, type_ in self._leaves(mapping.source_path):
                if not _is_attribute_type(type_):
                    yield f"column {name}: {_kind(type_)} is not exported (A-MAP-3)"

    def _leaves(self, path: Path) -> Iterator[tuple[str, Any]]:
        """Yield the column at a path, and the type of what it holds there."""
        for name, type_ in self._types:
            for rest in _rests(identity_column(name) or name, path):
                yield from _descend(name, type_, rest)


def _fields(prefix: str, fields: Iterable[Any]) -> Iterator[tuple[str, bool]]:
    """Yield the path of each field, down to those of structs, and whether it is a map."""
    types = import_module("pyarrow.types")
    for field in fields:
        path = f"{prefix}{field.name}"
        # A column of one namespace tells of it, whatever an identity's own fields are.
        is_identity = not prefix and path.startswith(IDENTITY_PREFIX)
        if types.is_struct(field.type) and not is_identity:
            below = (field.type.field(index) for index in range(field.type.num_fields))
            yield from _fields(f"{path}.", below)
        else:
            yield path, types.is_map(field.type)


def wanted_paths(dataflow: Dataflow) -> list[Path]:
    """Return the paths of all that an export of this dataflow looks at."""
    return [
        *identity_paths(dataflow),
        *(attribute.source_path for attribute in dataflow.attributes),
        *_membership_paths(dataflow),
        ("consents",),
        *(tuple(path.split(".")) for path in dataflow.consent.paths),
    ]


def identity_paths(dataflow: Dataflow) -> list[Path]:
    """Return the paths of the ids by which a profile is known."""
    return [("_id",), *(("identityMap", each.source, "id") for each in dataflow.identities)]


def _membership_paths(dataflow: Dataflow) -> list[Path]:
    # Without mapped audiences, --where may name any.
    return [
        ("segmentMembership", "ups", audience.id, detail)
        for audience in dataflow.audiences
        for detail in ("status", "lastQualificationTime")
    ] or [("segmentMembership",)]


def wanted_of(name: str, paths: list[Path]) -> Wanted | None:
    """Return what is wanted of a top-level column; None: nothing."""
    name = identity_column(name) or name
    rests = [rest for path in paths for rest in _rests(name, path)]
    return Wanted.of(rests) if rests else None


def projected(name: str, type_: Any, wanted: Wanted) -> Iterator[str]:  # noqa: ANN401  untyped
    """Yield the names of the columns to read, down to the fields of structs."""
    if wanted.names is None or not import_module("pyarrow.types").is_struct(type_):
        yield name
        return
    for index in range(type_.num_fields):
        field = type_.field(index)
        part = wanted.get(field.name)
        if part is not None:
            yield from projected(f"{name}.{field.name}", field.type, part)


def is_id_type(type_: Any) -> bool:  # noqa: ANN401  pyarrow is untyped
    """Return whether values of a type can be ids: texts, whole numbers, decimals and UUIDs."""
    return getattr(type_, "extension_name", "") == UUID_NAME or _is_one_of(type_, _ID_KINDS)


def _is_attribute_type(type_: Any) -> bool:  # noqa: ANN401  pyarrow is untyped
    return is_id_type(type_) or _is_one_of(type_, _ATTRIBUTE_KINDS)


def _is_one_of(type_: Any, kinds: Sequence[str]) -> bool:  # noqa: ANN401  pyarrow is untyped
    types = import_module("pyarrow.types")
    return any(getattr(types, f"is_{kind}")(type_) for kind in kinds)


def _no_ids(name: str, type_: Any) -> str:  # noqa: ANN401  pyarrow is untyped
    types = import_module("pyarrow.types")
    why = "which loses digits" if types.is_floating(type_) else "which is no text"
    result = (
        "so a profile is known by its first mapped identity"
        if name == "_id"
        else "so a profile without another mapped identity is excluded"
    )
    expected = "expected text, whole numbers, decimals or UUIDs"
    return f"column {name}: the ids are of type {type_}, {why}: not used, {result}; {expected}"


def _kind(type_: Any) -> str:  # noqa: ANN401  pyarrow is untyped
    types = import_module("pyarrow.types")
    if is_list(type_):
        return "a list"
    return "an object" if types.is_struct(type_) or types.is_map(type_) else f"the type {type_}"


def _rests(name: str, path: Path) -> Iterator[Path]:
    """Yield what is left of a path below a column, whose name may hold dots; () for all of it."""
    for depth in range(1, len(path) + 1):
        if ".".join(path[:depth]) == name:
            yield path[depth:]
    if path[0] in _EVERYTHING_UNDER and name.startswith(f"{'.'.join(path)}."):
        yield ()


def _descend(name: str, type_: Any, rest: Path) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    types = import_module("pyarrow.types")
    is_of_identities = is_list(type_) and name.startswith("identityMap")
    if types.is_dictionary(type_) or is_of_identities:
        yield from _descend(name, type_.value_type, rest)
    elif types.is_map(type_) and rest:
        yield from _descend(f"{name}.{rest[0]}", type_.item_type, rest[1:])
    elif types.is_struct(type_) and rest:
        index = type_.get_field_index(rest[0])
        if index >= 0:
            yield from _descend(f"{name}.{rest[0]}", type_.field(index).type, rest[1:])
    elif hasattr(type_, "storage_type") and not is_id_type(type_):
        yield name, type_.storage_type
    else:
        yield name, type_
