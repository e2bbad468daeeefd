"""Reads when messages arrived from a file: one time a line, in seconds from the beginning."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from loadtests.planning.judging import MOST_MESSAGES
from loadtests.planning.plan import SECOND
from loadtests.workloads.workload import WorkloadError

_HEADER: Final = "seconds"
_LONGEST_SECONDS: Final = 366 * 86_400.0
_LONGEST_SHOWN: Final = 40  # characters


def read_arrivals(path: Path) -> tuple[int, ...]:
    """Return the times of a file, in microseconds, ascending.

    A first line ``seconds`` is a heading; empty lines do not count.

    Raises:
        WorkloadError: the file cannot be read, or a line is no time, or earlier than the one before
            it; the text says which line, what was found and what was expected.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except OSError as error:
        raise WorkloadError(f"{path}: cannot be read: {error.strerror or error}") from None
    except UnicodeDecodeError:
        raise WorkloadError(f"{path}: found no text, expected one time a line") from None
    times = tuple(_times(path, lines))
    if not times:
        raise WorkloadError(f"{path}: found no time, expected one a line")
    if len(times) > MOST_MESSAGES:
        raise WorkloadError(
            f"{path}: found {len(times):,} times, expected {MOST_MESSAGES:,} at most"
        )
    return times


def _times(path: Path, lines: list[str]) -> Iterator[int]:
    before = 0.0
    for number, line in enumerate(lines, 1):
        text = line.strip()
        if not text or (number == 1 and text.lower() == _HEADER):
            continue
        seconds = _seconds(path, number, text)
        if seconds < before:
            raise WorkloadError(
                f"{path}:{number}: found {seconds:g} after {before:g}, expected times that do not "
                "run backwards"
            )
        before = seconds
        yield round(seconds * SECOND)


def _seconds(path: Path, number: int, text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not 0.0 <= seconds <= _LONGEST_SECONDS:
        raise WorkloadError(
            f"{path}:{number}: found {text[:_LONGEST_SHOWN]!r}, expected seconds from the "
            f"beginning, 0 to {_LONGEST_SECONDS:,.0f}"
        )
    return seconds
