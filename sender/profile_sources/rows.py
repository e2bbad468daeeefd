"""What a reader yields: a profile, or why a row holds none; and the bounded reading of lines."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final

LONGEST_LINE_BYTES = 16 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


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


def bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines of a stream, without a byte order mark at its beginning.

    A line longer than :data:`LONGEST_LINE_BYTES` is cut one byte after that, so that no file can
    fill the memory; readers take a line of that length for broken.
    """
    first = True
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        if is_too_long(line):
            _skip_rest_of_line(stream)
        yield line.removeprefix(BYTE_ORDER_MARK) if first else line
        first = False


def is_too_long(line: bytes) -> bool:
    """Tell whether a line was cut."""
    return len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n")


def _skip_rest_of_line(stream: BinaryIO) -> None:
    while chunk := stream.readline(LONGEST_LINE_BYTES):
        if chunk.endswith(b"\n"):
            return
