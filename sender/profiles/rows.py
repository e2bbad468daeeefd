"""The values that a reader yields: a profile, a broken row, or that there is no row yet."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile, and where it came from.

    Attributes:
        profile: the profile, a plain mapping; not in the repr, because it is personal data.
        source: the file's name as it was given, or ``-``.
        line: the line where it starts, counted from 1 (in a Parquet file, the row).
        known_audiences: the audiences that its source can tell of; None: all that it leaves out
            count as left, if it has memberships at all.
        text: what stood there, by which the row is recognized later; None: its profile.
    """

    profile: Mapping[str, Any] = field(repr=False)
    source: str
    line: int
    known_audiences: frozenset[str] | None = None
    text: str | bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that is not a profile; the rows after it are still read.

    Attributes:
        source: the file's name as it was given, or ``-``.
        line: the line where it starts, counted from 1 (in a Parquet file, the row).
        reason: what is wrong with it, without any of its content.
        is_cut: whether the text ends in it, without an end of its line: the rest may be missing.
    """

    source: str
    line: int
    reason: str
    is_cut: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


@dataclass(frozen=True, slots=True)
class UnreadRows(BrokenRow):
    """Rows of a source that cannot be read, such as the rest of a damaged file.

    It stands for no row of its own: nobody knows how many there are. A run that met one is not
    completed.
    """

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


class NothingYet(enum.Enum):
    """Yielded instead of a row while a live source has none, so that the reader need not wait."""

    NOTHING_YET = "nothing yet"


NOTHING_YET: Final = NothingYet.NOTHING_YET

Row = ProfileRow | BrokenRow


def nothing_readable(rows: int, first: BrokenRow) -> str:
    """Return what to tell of a source of which no row can be read.

    Args:
        rows: how many rows it has.
        first: the first of them.
    """
    found = "its one row is broken" if rows == 1 else f"all {rows:,} rows are broken"
    return f"no profile can be read: {found}; line {first.line}: {first.reason}"
