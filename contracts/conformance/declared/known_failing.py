"""The scenarios that a connector is known to fail: they fail no run until they pass."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.plain_files import check_plain_file
from contracts.verdicts import Outcome, Verdict

PASSES: Final = "listed as known failing, and passes: take it off the list"


def read_known_failing(
    path: str, known: Iterable[str], similar: Callable[[str], list[str]]
) -> frozenset[str]:
    """Return the scenarios that a file lists: one name a line, ``#`` begins a comment.

    Args:
        path: the file.
        known: the names of all scenarios.
        similar: returns the name that was perhaps meant by another one.

    Raises:
        UnreadableFileError: it cannot be read.
        BrokenDocumentError: a line names no scenario, or one a second time.
    """
    names: dict[str, int] = {}
    all_names = frozenset(known)
    for number, name in _lines(path):
        if name not in all_names:
            meant = "".join(f"; did you mean {each}?" for each in similar(name))
            raise BrokenDocumentError(path, f"there is no scenario {name!r}{meant}", number)
        if name in names:
            raise BrokenDocumentError(
                path, f"{name} stands in line {names[name]} already; expected it once", number
            )
        names[name] = number
    return frozenset(names)


def as_known(verdict: Verdict, known_failing: frozenset[str]) -> Verdict:
    """Return a verdict as the list of known failures has it."""
    if verdict.name not in known_failing:
        return verdict
    if verdict.outcome is Outcome.PASSED:
        return replace(verdict, outcome=Outcome.FAILED, reasons=(PASSES,))
    return replace(verdict, is_known=verdict.outcome is Outcome.FAILED)


def _lines(path: str) -> Iterator[tuple[int, str]]:
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if name := line.partition("#")[0].strip():
            yield number, name


def _text(path: str) -> str:
    check_plain_file(path)
    try:
        return Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BrokenDocumentError(
            path, "is no UTF-8; expected the name of a scenario a line"
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(path, f"cannot be read: {reason}") from None
