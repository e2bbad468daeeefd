"""What a reader yields: a profile, why a row holds none, or that there is no row at the moment."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A profile, and where it came from.

    Attributes:
        profile: the profile, a plain mapping; not in the repr, for it is somebody's data.
        source: the file's name as it was given, or ``-``.
        line: the line where it begins, counted from 1 (the row, in a Parquet file).
    """

    profile: Mapping[str, Any] = field(repr=False)
    source: str
    line: int


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that holds no profile; the rows around it are read all the same.

    Attributes:
        source: the file's name as it was given, or ``-``.
        line: the line where it begins, counted from 1 (the row, in a Parquet file).
        reason: what is wrong with it, without any of its content.
    """

    source: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.source}:{self.line}: {self.reason}"


class NothingYet(enum.Enum):
    """Yielded instead of a row while a live source has none, so that nobody waits for it."""

    NOTHING_YET = "nothing yet"


NOTHING_YET: Final = NothingYet.NOTHING_YET

Row = ProfileRow | BrokenRow
