"""Interprets the columns of a table, and makes a profile from a row of cells.

Used for CSV and Parquet. The header holds dotted paths; each identity namespace and each audience
has its own column, or the two columns that Adobe's file exports have for an audience, ``….status``
and ``….lastQualificationTime``. An empty or null cell means that the profile has no such value.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from sender.dataflow import Dataflow
from sender.errors import BrokenRowError
from sender.mapping.hints.status_hints import looks_like_a_status
from sender.mapping.scalars import utc_text
from sender.profiles.content.forms import form_of
from sender.profiles.rows import ProfileRow

IDENTITY_PREFIX = "identityMap."
MEMBERSHIP_PREFIX = "segmentMembership."
PEOPLE_PREFIX = "segmentMembership.ups."

_INSTANT = "an instant such as 2023-09-05T10:43:55Z"
_STATUSES = ("realized", "existing", "exited")
_DEPTHS = {"identityMap": 2, "segmentMembership": 3}

# One identity of a namespace, and one detail of a membership, as columns of Adobe's exports.
_IDENTITY_DETAIL = re.compile(
    r"(?P<path>identityMap\..+)\[\d+\]\.(?P<detail>id|primary|authenticatedState)"
)
_MEMBERSHIP_DETAIL = re.compile(
    r"(?P<path>segmentMembership\.[^.]+\..+)"
    r"\.(?P<detail>status|lastQualificationTime|validUntil|version)"
)
# One identity's consents: the id, such as an e-mail address, may contain dots.
_ID_CONSENT = re.compile(
    r"(consents)\.(idSpecific)\.([^.]+)\.(.+)\.(collect|share|marketing|personalize)\.(.+)"
)
_READ_DETAILS = ("id", "status", "lastQualificationTime")

Reader = Callable[[Any], Any]


class Columns:
    """The columns of one table, interpreted once and then applied to every row.

    Args:
        header: the columns' names.
        is_nested: whether a cell can hold a whole ``identityMap`` or ``segmentMembership``.
        fields: the dotted paths of everything that a nested table can hold; default: the header.
        open_fields: those among them that can hold anything below them, such as Parquet's maps.

    Attributes:
        header: the columns' names.
        known_audiences: the people audiences whose status a row can tell; None: any.
    """

    def __init__(
        self,
        header: Sequence[str],
        *,
        is_nested: bool = False,
        fields: Collection[str] | None = None,
        open_fields: Collection[str] = (),
    ) -> None:
        self.header = tuple(header)
        self._is_nested = is_nested
        self._paths = tuple(map(_path, self.header))
        self._plan = tuple(
            (path[:-1], path[-1], _reader(name))
            for path, name in zip(self._paths, self.header, strict=True)
        )
        self._known = frozenset(filter(None, map(_known_path, fields or self.header)))
        self._open = frozenset(open_fields)
        self.known_audiences = self._known_audiences()

    def _known_audiences(self) -> frozenset[str] | None:
        if self._is_below_open(PEOPLE_PREFIX):
            return None
        start = len(PEOPLE_PREFIX)
        return frozenset(path[start:] for path in self._known if path.startswith(PEOPLE_PREFIX))

    def problems(self) -> list[str]:
        """Return the problems of the header, one sentence each."""
        seen: set[str] = set()
        parents = {".".join(p[:depth]) for p in self._paths for depth in range(1, len(p))}
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
        for (parents, leaf, read), cell in zip(self._plan, cells, strict=True):
            if read is None or cell is None or cell == "":
                continue
            node = profile
            for name in parents:
                node = node.setdefault(name, {})
            value = read(cell)
            # Each identity of a namespace may have a column of its own.
            node[leaf] = [*node[leaf], *value] if leaf in node else value
        return profile

    def row(self, cells: Sequence[Any], source: str, line: int) -> ProfileRow:
        """Return the profile in a row of cells, with where it stood.

        Raises:
            BrokenRowError: as for :meth:`profile`.
        """
        profile = self.profile(cells)
        text = f"{self.header}{cells}"
        return ProfileRow(profile, source, line, self.known_audiences, text)

    def knows(self, path: str) -> bool:
        """Return whether a row can tell of an identity, an audience or an attribute."""
        begins = f"{path}."
        return (
            path in self._known
            or self._is_below_open(path)
            or (
                not path.startswith((IDENTITY_PREFIX, MEMBERSHIP_PREFIX))
                and any(known.startswith(begins) for known in self._known)
            )
        )

    def _is_below_open(self, path: str) -> bool:
        return any(path.startswith(f"{field}.") for field in self._open)


def identity_column(name: str) -> str | None:
    """Return the column that a column of a single identity stands for, such as ``[0].id``."""
    detail = _IDENTITY_DETAIL.fullmatch(name)
    return detail["path"] if detail and detail["detail"] == "id" else None


def _known_path(name: str) -> str | None:
    """Return the path that a column tells of; None for a detail that tells nothing alone."""
    if detail := _detail(name):
        return detail["path"] if detail["detail"] in {"id", "status"} else None
    return name


def _detail(name: str) -> re.Match[str] | None:
    return _IDENTITY_DETAIL.fullmatch(name) or _MEMBERSHIP_DETAIL.fullmatch(name)


def _path(name: str) -> tuple[str, ...]:
    """Split a column's name; a namespace or an audience's id may itself contain dots."""
    if name.startswith(IDENTITY_PREFIX):
        detail = _IDENTITY_DETAIL.fullmatch(name)
        return tuple((detail["path"] if detail else name).split(".", maxsplit=1))
    if detail := _MEMBERSHIP_DETAIL.fullmatch(name):
        return (*detail["path"].split(".", maxsplit=2), detail["detail"])
    if name.startswith(MEMBERSHIP_PREFIX):
        return tuple(name.split(".", maxsplit=2))
    if consent := _ID_CONSENT.fullmatch(name):
        *ids, rest = consent.groups()
        return (*ids, *rest.split("."))
    return tuple(name.split("."))


def _reader(name: str) -> Reader | None:
    """Return what reads a column's cells; None for a column that is not read."""
    detail = _detail(name)
    if detail and detail["detail"] not in _READ_DETAILS:
        return None
    if name.startswith(IDENTITY_PREFIX):
        return _identities
    if name.startswith(MEMBERSHIP_PREFIX):
        read = {"status": _status, "lastQualificationTime": _time}
        reader = read[detail["detail"]] if detail else _membership
        return lambda cell: reader(name, cell)
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
    if not separator:
        return {"status": _status(column, status)}
    if utc_text(time) is None:
        raise BrokenRowError(
            f"column {column}: found {form_of(time)} behind the bar, expected {_INSTANT}"
        )
    return {"lastQualificationTime": time, "status": _status(column, status)}


def _status(column: str, cell: object) -> object:
    status = cell.strip() if isinstance(cell, str) else cell
    if status not in _STATUSES:
        found = repr(status) if looks_like_a_status(status) else form_of(status)
        raise BrokenRowError(f"column {column}: found {found}, expected realized or exited")
    return status


def _time(column: str, cell: object) -> object:
    if isinstance(cell, str) and utc_text(cell.strip()) is None:
        raise BrokenRowError(f"column {column}: found {form_of(cell.strip())}, expected {_INSTANT}")
    return cell.strip() if isinstance(cell, str) else cell
