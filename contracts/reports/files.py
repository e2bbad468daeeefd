"""Writes reports into the files that were named for them; a file is whole or is not touched.

Whether a file can be written is looked at before anything runs: a run of minutes whose report
cannot be stored would have been for nothing.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from contracts.appending import append
from contracts.errors import UnwritableReportError
from contracts.reports.markdown import MOST_BYTES, markdown
from contracts.reports.run_report import RunReport

FORMATS: Final = ("junit", "ctrf", "markdown", "html")
"""The formats that a run can be written in."""

SUMMARY_VARIABLE: Final = "GITHUB_STEP_SUMMARY"
"""Names the file whose Markdown GitHub, and what is compatible, shows on the page of a run."""

_SHORTEST_SUMMARY: Final = 1_000  # bytes


def rendered(name: str, report: RunReport) -> bytes:
    """Return a run in one of :data:`FORMATS`; each is loaded only when it is asked for."""
    match name:
        case "junit":
            from contracts.reports.junit import junit_xml  # noqa: PLC0415  see the docstring

            return junit_xml(report)
        case "ctrf":
            from contracts.reports.ctrf import ctrf_json  # noqa: PLC0415  as above

            return ctrf_json(report)
        case "html":
            from contracts.reports.html_page import html_page  # noqa: PLC0415  as above

            return html_page(report)
        case _:
            return markdown(report).encode()


def check_writable(paths: Mapping[str, str]) -> None:
    """Look whether the files can be written, without changing anything.

    Args:
        paths: the files, by the option that names each.

    Raises:
        UnwritableReportError: one cannot, or two options name the same one.
    """
    seen: dict[Path, str] = {}
    for option, path in paths.items():
        with _unwritable(path):
            _check(path)
            place = Path(path).resolve()
        if place in seen and (place.is_file() or not place.exists()):
            raise UnwritableReportError(path, f"{seen[place]} and {option} both name this file")
        seen[place] = option


def check_kept(paths: Mapping[str, str], given: Iterable[str]) -> None:
    """Look whether a report would take the place of a file that the command is given to read.

    Args:
        paths: the reports, by the option that names each.
        given: all words that the command is given; those that name no file do not matter.

    Raises:
        UnwritableReportError: one would.
    """
    words = list(given)
    for option, path in paths.items():
        if any(_is_same_file(path, word) for word in words):
            raise UnwritableReportError(
                path, f"{option} would take its place, and it is given to be read"
            )


def write_whole(path: str, content: bytes) -> None:
    """Write a file, and the folders that it needs; one that is there stays until the new is whole.

    Raises:
        UnwritableReportError: it cannot be written.
    """
    with _unwritable(path):
        named = Path(path)
        if named.exists() and not named.is_file():  # a pipe or a device
            append(named, content)
            return
        place = named.resolve()
        place.parent.mkdir(parents=True, exist_ok=True)
        part = place.with_name(f".{os.getpid()}.part")
        try:
            part.write_bytes(content)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)


def is_summary(path: str, environ: Mapping[str, str]) -> bool:
    """Return whether a file is the summary of the CI job."""
    summary = environ.get(SUMMARY_VARIABLE)
    return bool(summary) and Path(path).absolute() == Path(summary or "").absolute()


def append_summary(report: RunReport, environ: Mapping[str, str]) -> str | None:
    """Append the run to the summary of the CI job, if the environment names its file.

    Returns:
        the file; None when there is none, or it is full.

    Raises:
        UnwritableReportError: it cannot be written.
    """
    path = environ.get(SUMMARY_VARIABLE)
    if not path:
        return None
    with _unwritable(path):
        place = Path(path)
        room = MOST_BYTES - (place.stat().st_size if place.is_file() else 0)
        if room < _SHORTEST_SUMMARY:
            return None
        append(place, f"{markdown(report, room)}\n".encode())
    return path


def _is_same_file(path: str, word: str) -> bool:
    try:
        return Path(path).is_file() and Path(path).samefile(word)
    except (OSError, ValueError):  # it names no file
        return False


def _check(path: str) -> None:
    place = Path(path)
    if not path or place.is_dir():
        raise UnwritableReportError(path, "is a folder; expected a file")
    if place.exists():
        if not os.access(place, os.W_OK):
            raise UnwritableReportError(path, "cannot be written: no permission")
        return
    folder = next(parent for parent in place.absolute().parents if parent.exists())
    if not folder.is_dir():
        raise UnwritableReportError(path, f"{folder} is a file; expected a folder")
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnwritableReportError(path, f"nothing can be stored in {folder}: no permission")


@contextmanager
def _unwritable(path: str) -> Iterator[None]:
    try:
        yield
    # ValueError: a name with a null character; RuntimeError: a link that leads to itself.
    except (OSError, ValueError, RuntimeError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnwritableReportError(path, f"cannot be written: {reason}") from None
