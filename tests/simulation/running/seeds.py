"""Which seeds are run, and in which order: those that failed last time first, the fastest first."""

import contextlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

MOST_SEEDS = 10_000_000


def seeds_from(text: str) -> range:
    """Return the seeds that a text names: ``300`` (1 to 300) or ``301-600``.

    Raises:
        ValueError: it names none; the message says what was found and expected.
    """
    first, dash, last = text.strip().partition("-")
    begin, end = (first, last) if dash else ("1", first)
    if not (_is_number(begin) and _is_number(end)) or not int(end) - int(begin) + 1 >= 1:
        raise ValueError(f"found {text!r}, expected a number such as 300, or a range as 301-600")
    if int(end) > MOST_SEEDS:
        raise ValueError(f"found {text!r}, expected seeds up to {MOST_SEEDS:,}")
    return range(int(begin), int(end) + 1)


def numbers_from(text: str) -> tuple[int, ...]:
    """Return the numbers that a text lists: ``3,9``; ``none`` lists none.

    Raises:
        ValueError: it is no such list.
    """
    if text.strip() == "none":
        return ()
    parts = [part.strip() for part in text.split(",")]
    if not all(map(_is_number, parts)):
        raise ValueError(f"found {text!r}, expected numbers such as 3,9, or none")
    return tuple(int(part) for part in parts)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


class FailedSeeds:
    """The seeds that failed, kept in a small JSON file with how long each took.

    A file that cannot be read counts as empty, and one that cannot be written stays as it is: what
    it holds only saves time.

    Args:
        file: where they are kept.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds = _read(file)

    def __contains__(self, seed: int) -> bool:
        return seed in self._seconds

    def in_order(self, seeds: Iterable[int]) -> list[int]:
        """Return the seeds that failed, the fastest first, and then these without them."""
        failed = sorted(self._seconds, key=lambda seed: (self._seconds[seed], seed))
        return [*failed, *(seed for seed in seeds if seed not in self._seconds)]

    def note(self, seed: int, seconds: float, *, failed: bool) -> None:
        """Note how a seed ended; the file changes only when a failure comes or goes."""
        if failed:
            self._seconds[seed] = round(seconds, 3)
        elif self._seconds.pop(seed, None) is None:
            return
        with contextlib.suppress(OSError):
            self._write()

    def _write(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        document = {str(seed): seconds for seed, seconds in sorted(self._seconds.items())}
        self._file.write_text(json.dumps(document, indent=1) + "\n", "utf-8")


def _read(file: Path) -> dict[int, float]:
    try:
        document = json.loads(file.read_text("utf-8"))
        if isinstance(document, Mapping):
            return {int(seed): float(seconds) for seed, seconds in document.items()}
    except (OSError, ValueError, TypeError):
        pass
    return {}
