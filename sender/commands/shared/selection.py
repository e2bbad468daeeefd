"""Profiles for a command: sources opened, filtered, and described so that a run can go on later."""

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
    """Add the options that say how profiles are read and which: a selection's arguments."""
    for option in (
        click.option(
            "--where", metavar="AUDIENCE_ID", help="Only members of this audience, which is mapped."
        ),
        click.option("--limit", type=click.IntRange(min=0), help="No more rows than that."),
        click.option(
            "--format",
            "format_name",
            type=click.Choice(FORMATS),
            help="What PROFILES are; by default as their names say, and - is JSON lines.",
        ),
    ):
        command = option(command)
    return command


class Selection:
    """The profiles a command works on.

    Args:
        names: files, or ``-``.
        dataflow: against which headers are held.
        limit: no more rows than that; none: all.
        where: only members of this audience; none: everyone.
        format_name: the format of all of them; none: as their names say.

    Attributes:
        source: the sources, with how far they were read.

    Raises:
        ConfigurationError: everything that is wrong with the sources, at once; or the audience is
            none of those that the dataflow maps. A dataflow that maps none takes any.
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
        """What it reads: names of files, or ``-``."""
        return self._names

    def __iter__(self) -> Iterator[Row | NothingYet]:
        rows = self._rows()
        context = click.get_current_context(silent=True)
        if context is not None:  # an export that stops early leaves no file open
            context.call_on_close(rows.close)
        return rows

    def _rows(self) -> Generator[Row | NothingYet, None, None]:
        left = self._limit
        if left == 0:
            return
        for row in self.source:
            if isinstance(row, ProfileRow) and not self._is_wanted(row):
                continue
            yield row
            if left is not None and not isinstance(row, NothingYet):
                left -= 1
                if not left:
                    return

    def _is_wanted(self, row: ProfileRow) -> bool:
        return self._where is None or _is_in(row, self._where)

    def description(self) -> dict[str, Any] | None:
        """Return what the outbox keeps, so that a run goes on; nothing for standard input."""
        if "-" in self._names:
            return None
        files = [_fingerprint(name) for name in self._names]
        description = {"files": files, "limit": self._limit, "where": self._where}
        return description | ({"format": self._format_name} if self._format_name else {})


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
    limit, where, format_name = (description.get(key) for key in ("limit", "where", "format"))
    return Selection(names, dataflow, limit, where, format_name)


def _refuse_unmapped(where: str | None, dataflow: Dataflow) -> None:
    mapped = [audience.id for audience in dataflow.audiences]
    if where is not None and mapped and where not in mapped:
        expected = f"expected one that the dataflow maps: {', '.join(mapped)}"
        raise ConfigurationError(f"--where: nobody is exported for {where!r}; {expected}")


def _standard_input(names: Iterable[str]) -> BinaryIO:
    """Return standard input; an empty one when it was closed and nobody reads it."""
    if sys.stdin is not None:
        return cast("BinaryIO", sys.stdin.buffer)
    if STANDARD_INPUT in names:
        raise ConfigurationError(f"{STANDARD_INPUT}: standard input is closed")
    return io.BytesIO()


def _fingerprint(name: str) -> dict[str, Any]:
    path = Path(name).absolute()
    found = path.stat()
    return {"path": str(path), "bytes": found.st_size, "changed": found.st_mtime_ns}


def _is_in(row: ProfileRow, audience_id: str) -> bool:
    node: Any = row.profile
    for name in ("segmentMembership", "ups", audience_id, "status"):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node in _MEMBER
