"""The profiles of a command: opens and filters sources, and describes them for a later resume."""

import functools
import io
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar, cast

import click

from contracts.option_numbers import Integer
from sender.dataflow import Dataflow
from sender.delivery.run_source import EXPORT_ANEW
from sender.errors import ConfigurationError
from sender.outbox.records import Run
from sender.profiles import (
    ALLOW_MISSING_COLUMNS,
    DELIMITERS,
    FORMATS,
    STANDARD_INPUT,
    EarlierExports,
    NothingYet,
    ProfileRow,
    ProfileSource,
    Row,
    UnreadRows,
)

_Command = TypeVar("_Command", bound=Callable[..., Any])
_MEMBER = ("realized", "existing")


@dataclass(frozen=True, slots=True)
class Choice:
    """The options that say which profiles are read, and how.

    Attributes:
        limit: the most rows to read; None: all.
        where: only members of this audience; None: all profiles.
        format_name: the format of all sources; None: by their suffix.
        delimiter: what stands between the cells of CSVs, by its name; None: commas.
        allow_missing_columns: whether the sources may lack mapped fields.
    """

    limit: int | None = None
    where: str | None = None
    format_name: str | None = None
    delimiter: str | None = None
    allow_missing_columns: bool = False


def selection_options(command: _Command) -> _Command:
    """Add the options that say which profiles are read; the command receives them as ``choice``."""
    names = Choice.__dataclass_fields__

    @functools.wraps(command)
    def with_choice(**values: Any) -> Any:  # noqa: ANN401  the values of any options
        choice = Choice(**{name: values.pop(name) for name in names})
        return command(choice=choice, **values)

    for option in (
        click.option(
            ALLOW_MISSING_COLUMNS,
            "allow_missing_columns",
            is_flag=True,
            default=False,
            help="Take PROFILES that lack mapped fields: audiences stay as they were exported "
            "last, attributes and identities count as absent.",
        ),
        click.option(
            "--where", metavar="AUDIENCE_ID", help="Only members of this mapped audience."
        ),
        click.option("--limit", type=Integer(min=0), help="The most rows to read."),
        click.option(
            "--delimiter",
            type=click.Choice(list(DELIMITERS)),
            help="What stands between the cells of CSVs; by default commas.",
        ),
        click.option(
            "--format",
            "format_name",
            type=click.Choice(FORMATS),
            help="The format of PROFILES; by default by their suffix, and JSON lines for -.",
        ),
    ):
        with_choice = option(with_choice)
    return cast("_Command", with_choice)


class Selection:
    """The profiles a command works on.

    Args:
        names: files, or ``-``.
        dataflow: the dataflow that the headers are checked against.
        choice: which profiles are read, and how.
        earlier: returns what the outbox knows of the exports before.

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
        choice: Choice = Choice(),
        *,
        earlier: Callable[[], EarlierExports] = EarlierExports,
    ) -> None:
        _refuse_unmapped(choice.where, dataflow)
        self._names = tuple(names)
        self._choice = choice
        self.source = ProfileSource(
            self._names,
            _standard_input(self._names),
            dataflow,
            choice.format_name,
            delimiter=DELIMITERS.get(choice.delimiter or ""),
            allow_missing_columns=choice.allow_missing_columns,
            earlier=earlier,
        )

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sources: files, or ``-``."""
        return self._names

    def rows_expected(self) -> int | None:
        """Return about how many rows are to be read; None if nobody knows."""
        rows = None if self._choice.where is not None else self.source.rows_expected()
        return rows if rows is None or self._choice.limit is None else min(rows, self._choice.limit)

    def __iter__(self) -> Iterator[Row | NothingYet]:
        rows = self._rows()
        context = click.get_current_context(silent=True)
        if context is not None:  # close the open file when an export stops early
            context.call_on_close(rows.close)
        return rows

    def _rows(self) -> Generator[Row | NothingYet, None, None]:
        remaining = self._choice.limit
        if remaining == 0:
            return
        for row in self.source:
            if isinstance(row, ProfileRow) and not self._is_wanted(row):
                continue
            yield row
            if remaining is not None and not isinstance(row, NothingYet | UnreadRows):
                remaining -= 1
                if not remaining:
                    return

    def _is_wanted(self, row: ProfileRow) -> bool:
        return self._choice.where is None or _is_in(row, self._choice.where)

    def description(self) -> dict[str, Any] | None:
        """Return a description to store with the run, for resume; None for standard input."""
        if "-" in self._names:
            return None
        # No size and no time: what was read is recognized by its content.
        files = [{"path": str(Path(name).absolute())} for name in self._names]
        choice = self._choice
        description = {"files": files, "limit": choice.limit, "where": choice.where}
        chosen = {
            "format": choice.format_name,
            "delimiter": choice.delimiter,
            "allowMissingColumns": choice.allow_missing_columns,
        }
        # Only what was chosen, so that older descriptions of the same source are equal.
        return description | {key: value for key, value in chosen.items() if value}


def selection_of(description: Mapping[str, Any], dataflow: Dataflow) -> Selection:
    """Open the sources of a run again.

    Raises:
        ConfigurationError: a file is gone, or, where an older version has read it, has changed.
    """
    files = description["files"]
    for file in files:
        if not Path(file["path"]).is_file() or _has_changed(file):
            raise ConfigurationError(
                f"{file['path']}: gone or changed since the export; {EXPORT_ANEW}"
            )
    names = [file["path"] for file in files]
    return Selection(names, dataflow, _choice(description))


def _choice(description: Mapping[str, Any]) -> Choice:
    return Choice(
        limit=description.get("limit"),
        where=description.get("where"),
        format_name=description.get("format"),
        delimiter=description.get("delimiter"),
        allow_missing_columns=bool(description.get("allowMissingColumns")),
    )


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


def _has_changed(file: Mapping[str, Any]) -> bool:
    """Return whether a file has another size or time; older versions stored no digest of rows."""
    status = Path(file["path"]).stat()
    found = {"bytes": status.st_size, "changed": status.st_mtime_ns}
    return any(file.get(name, value) != value for name, value in found.items())


def source_name(run: Run) -> str:
    """Return the names of a run's files."""
    # A run that a program started through the library may describe its source in any way.
    files = (run.source or {}).get("files", ())
    return ", ".join(Path(file["path"]).name for file in files) or "its source"


def _is_in(row: ProfileRow, audience_id: str) -> bool:
    node: Any = row.profile
    for name in ("segmentMembership", "ups", audience_id, "status"):
        node = node.get(name) if isinstance(node, Mapping) else None
    return node in _MEMBER
