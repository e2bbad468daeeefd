"""Profiles for a command: sources opened, filtered, and described so that a run can go on later."""

import itertools
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.profiles import BrokenRow, ProfileRow, ProfileSource

Row = ProfileRow | BrokenRow
_MEMBER = ("realized", "existing")


class Selection:
    """The profiles a command works on.

    Args:
        names: files, or ``-``.
        dataflow: against which headers are held.
        limit: no more rows than that; none: all.
        where: only members of this audience; none: everyone.

    Attributes:
        source: the sources, with how far they were read.

    Raises:
        ConfigurationError: everything that is wrong with the sources, at once.
    """

    def __init__(
        self,
        names: Iterable[str],
        dataflow: Dataflow,
        limit: int | None = None,
        where: str | None = None,
    ) -> None:
        self._names = tuple(names)
        self._limit = limit
        self._where = where
        self.source = ProfileSource(self._names, _standard_input(), dataflow)

    def __iter__(self) -> Iterator[Row]:
        rows: Iterator[Row] = iter(self.source)
        if self._where is not None:
            audience = self._where
            rows = (row for row in rows if isinstance(row, BrokenRow) or _is_in(row, audience))
        return rows if self._limit is None else itertools.islice(rows, self._limit)

    def description(self) -> dict[str, Any] | None:
        """Return what the outbox keeps, so that a run goes on; nothing for standard input."""
        if "-" in self._names:
            return None
        files = [_fingerprint(name) for name in self._names]
        return {"files": files, "limit": self._limit, "where": self._where}


def selection_of(description: Mapping[str, Any], dataflow: Dataflow) -> Selection:
    """Open again what a run's profiles came from.

    Raises:
        ConfigurationError: a file is gone, or has changed since.
    """
    files = description["files"]
    for file in files:
        if not Path(file["path"]).is_file() or _fingerprint(file["path"]) != file:
            raise ConfigurationError(
                f"{file['path']}: gone or changed since the export; export it anew, what was "
                "exported and has not changed is not sent again"
            )
    names = [file["path"] for file in files]
    return Selection(names, dataflow, description["limit"], description["where"])


def _standard_input() -> BinaryIO:
    return cast("BinaryIO", sys.stdin.buffer)


def _fingerprint(name: str) -> dict[str, Any]:
    path = Path(name).absolute()
    found = path.stat()
    return {"path": str(path), "bytes": found.st_size, "changed": found.st_mtime_ns}


def _is_in(row: ProfileRow, audience_id: str) -> bool:
    node: Any = row.profile
    for name in ("segmentMembership", "ups", audience_id, "status"):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node in _MEMBER
