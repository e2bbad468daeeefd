"""The profiles of a command: opens and filters sources, and describes them for a later resume."""

import io
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click

from sender.dataflow import Dataflow
from sender.errors import ConfigurationError
from sender.profiles import (
    FORMATS,
    STANDARD_INPUT,
    NothingYet,
    ProfileRow,
    ProfileSource,
    Row,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MEMBER = ("realized", "existing")


def selection_options(command: _Command) -> _Command:
    """Add the options that say which profiles are read, and in which format."""
    for option in (
        click.option(
            "--where", metavar="AUDIENCE_ID", help="Only members of this mapped audience."
        ),
        click.option("--limit", type=click.IntRange(min=0), help="The most rows to read."),
        click.option(
            "--format",
            "format_name",
            type=click.Choice(FORMATS),
            help="The format of PROFILES; by default by their suffix, and JSON lines for -.",
        ),
    ):
        command = option(command)
    return command


class Selection:
    """The profiles a command works on.

    Args:
        names: files, or ``-``.
        dataflow: the dataflow that the headers are checked against.
        limit: the most rows to read; None: all.
        where: only members of this audience; None: all profiles.
        format_name: the format of all sources; None: by their suffix.

    Attributes:
        source: the sources, and how far they have been read.

    Raises:
        ConfigurationError: a source cannot be used (lists all problems), or ``where`` is not an
            audience that the dataflow maps. If the dataflow maps none, any audience is accepted.
    """

    def __init__(
        self,
        names: Iterable[str],
        dataflow: Dataflow,
        limit: int | None = None,
        where: str | None = None,
        format_name: str | None = None,
    ) -> None:
        _refuse_unmapped(where, dataflow)
        self._names = tuple(names)
        self._limit = limit
        self._where = where
        self._format_name = format_name
        self.source = ProfileSource(
            self._names, _standard_input(self._names), dataflow, format_name
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sources: files, or ``-``."""
        return self._names

    def __iter__(self) -> Iterator[Row | NothingYet]:
        rows = self._rows()
        context = click.get_current_context(silent=True)
        if context is not None:  # close the open file when an export stops early
            context.call_on_close(rows.close)
        return rows

    def _rows(self) -> Generator[Row | NothingYet, None, None]:
        remaining = self._limit
        if remaining == 0:
            return
        for row in self.source:
            if isinstance(row, ProfileRow) and not self._is_wanted(row):
                continue
            yield row
            if remaining is not None and not isinstance(row, NothingYet):
                remaining -= 1
                if not remaining:
                    return

    def _is_wanted(self, row: ProfileRow) -> bool:
        return self._where is None or _is_in(row, self._where)

    def description(self) -> dict[str, Any] | None:
        """Return a description to store with the run, for resume; None for standard input."""
        if "-" in self._names:
            return None
        files = [_fingerprint(name) for name in self._names]
        description = {"files": files, "limit": self._limit, "where": self._where}
        return description | ({"format": self._format_name} if self._format_name else {})


def selection_of(description: Mapping[str, Any], dataflow: Dataflow) -> Selection:
    """Open the sources of a run again.

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
    limit, where, format_name = (description.get(key) for key in ("limit", "where", "format"))
    return Selection(names, dataflow, limit, where, format_name)


def _refuse_unmapped(where: str | None, dataflow: Dataflow) -> None:
    mapped = [audience.id for audience in dataflow.audiences]
    if where is not None and mapped and where not in mapped:
        expected = f"expected one that the dataflow maps: {', '.join(mapped)}"
        raise ConfigurationError(f"--where: no profile is exported for {where!r}; {expected}")


def _standard_input(names: Iterable[str]) -> BinaryIO:
    """Return standard input; an empty stream if it is closed and not among the sources."""
    if sys.stdin is not None:
        return cast("BinaryIO", sys.stdin.buffer)
    if STANDARD_INPUT in names:
        raise ConfigurationError(f"{STANDARD_INPUT}: standard input is closed")
    return io.BytesIO()


def _fingerprint(name: str) -> dict[str, Any]:
    path = Path(name).absolute()
    status = path.stat()
    return {"path": str(path), "bytes": status.st_size, "changed": status.st_mtime_ns}


def _is_in(row: ProfileRow, audience_id: str) -> bool:
    node: Any = row.profile
    for name in ("segmentMembership", "ups", audience_id, "status"):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node in _MEMBER
