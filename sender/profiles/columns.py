"""Interprets the columns of a table, and makes a profile from a row of cells.

Used for CSV and Parquet. The header holds dotted paths; each identity namespace and each audience
has its own column. An empty or null cell means that the profile has no such value.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sender.dataflow import Dataflow
from sender.errors import BrokenRowError
from sender.mapping.scalars import utc_text

IDENTITY_PREFIX = "identityMap."
MEMBERSHIP_PREFIX = "segmentMembership."

_STATUSES = ("realized", "existing", "exited")
_DEPTHS = {"identityMap": 2, "segmentMembership": 3}

Reader = Callable[[Any], Any]


class Columns:
    """The columns of one table, interpreted once and then applied to every row.

    Args:
        header: the columns' names.
        is_nested: whether a cell can hold a whole ``identityMap`` or ``segmentMembership``.
    """

    def __init__(self, header: Sequence[str], *, is_nested: bool = False) -> None:
        self.header = tuple(header)
        self._is_nested = is_nested
        self._plan = tuple((_path(name), _reader(name)) for name in self.header)

    def problems(self) -> list[str]:
        """Return the problems of the header, one sentence each."""
        seen: set[str] = set()
        parents = {".".join(p[:depth]) for p, _ in self._plan for depth in range(1, len(p))}
        problems = []
        for number, name in enumerate(self.header, start=1):
            if not all(_path(name)) or self._lacks_depth(name):
                problems.append(f"column {number}: found {name!r}, expected a whole dotted path")
            elif name in seen:
                problems.append(f"column {number}: {name!r} stands there twice")
            elif name in parents:
                problems.append(
                    f"column {number}: {name!r} is the beginning of another column's path"
                )
            seen.add(name)
        return problems

    def _lacks_depth(self, name: str) -> bool:
        needed = _DEPTHS.get(_path(name)[0], 1)
        return not self._is_nested and len(_path(name)) < needed

    def problems_for(self, dataflow: Dataflow) -> list[str]:
        """Return why a dataflow could export no profile of this table; empty if it could."""
        expected = [IDENTITY_PREFIX + mapping.source for mapping in dataflow.identities]
        if "identityMap" in self.header or not set(expected).isdisjoint(self.header):
            return []
        found = [name for name in self.header if name.startswith(IDENTITY_PREFIX)]
        detail = f"found {', '.join(found) or 'none'}, expected {' or '.join(expected)}"
        return [f"no column of a mapped identity: {detail}"]

    def absences(self, dataflow: Dataflow) -> Iterator[str]:
        """Yield a warning for each mapped attribute that has no column."""
        for mapping in dataflow.attributes:
            path = mapping.source
            if not any(name == path or path.startswith(f"{name}.") for name in self.header):
                yield f"no column for the mapped attribute {path!r}"

    def warnings(self, dataflow: Dataflow) -> Iterator[str]:
        """Yield a warning for each mapped column whose type cannot be exported; a CSV has none."""
        del dataflow
        yield from ()

    def profile(self, cells: Sequence[Any]) -> dict[str, Any]:
        """Return the profile in a row of cells.

        Raises:
            BrokenRowError: there are too many or too few cells, or one is invalid.
        """
        if len(cells) != len(self.header):
            raise BrokenRowError(
                f"number of cells: found {len(cells)}, expected {len(self.header)}"
            )
        profile: dict[str, Any] = {}
        for (path, read), cell in zip(self._plan, cells, strict=True):
            if cell is None or cell == "":
                continue
            node = profile
            for name in path[:-1]:
                node = node.setdefault(name, {})
            node[path[-1]] = read(cell)
        return profile


def _path(name: str) -> tuple[str, ...]:
    """Split a column's name; a namespace or an audience's id may itself contain dots."""
    if name.startswith(IDENTITY_PREFIX):
        return tuple(name.split(".", maxsplit=1))
    if name.startswith(MEMBERSHIP_PREFIX):
        return tuple(name.split(".", maxsplit=2))
    return tuple(name.split("."))


def _reader(name: str) -> Reader:
    if name.startswith(IDENTITY_PREFIX):
        return _identities
    if name.startswith(MEMBERSHIP_PREFIX):
        return lambda cell: _membership(name, cell)
    return lambda cell: cell


def _identities(cell: object) -> object:
    if isinstance(cell, str):
        return [{"id": text.strip()} for text in cell.split(";") if text.strip()]
    entries = cell if isinstance(cell, list) else [cell]
    return [entry if isinstance(entry, dict) else {"id": entry} for entry in entries]


def _membership(column: str, cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    status, separator, time = (part.strip() for part in cell.partition("|"))
    if status not in _STATUSES:
        raise BrokenRowError(f"column {column}: a status is realized or exited")
    if not separator:
        return {"status": status}
    if utc_text(time) is None:
        raise BrokenRowError(f"column {column}: an instant follows the bar")
    return {"lastQualificationTime": time, "status": status}
