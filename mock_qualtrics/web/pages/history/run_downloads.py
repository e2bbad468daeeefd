"""What is found, as a file: CSV for spreadsheets, and JSON lines with the control API's documents.

Lines are made as they are read, so a download of any size takes little memory. Identities are
masked unless they are asked for in the clear. A download ends after `MOST_RUNS` runs, and its last
line says so. No HTML here.
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from contracts.masking import mask_identity
from mock_qualtrics.clock import format_instant
from mock_qualtrics.events import raw_json
from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal import State
from mock_qualtrics.journal.calls.call_filter import identities_in
from mock_qualtrics.journal.search.found_runs import FoundRun
from mock_qualtrics.model import Microseconds
from mock_qualtrics.web.pages.masked import masked

TOO_DEEP: Final = "nested too deeply to be masked"
MOST_RUNS: Final = 100_000
MOST_BYTES: Final = 100_000_000
TOO_LARGE: Final = (
    f"This download ends after {MOST_BYTES // 1_000_000} MB; there are more runs: "
    "narrow the search."
)
COLUMNS: Final = (
    "id",
    "workflow",
    "received",
    "started",
    "finished",
    "status",
    "failed to start",
    "error",
    "failed task",
    "identity",
    "trace id",
)
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(
    runs: Iterable[FoundRun], names: Mapping[str, str], *, in_the_clear: bool, most: int = MOST_RUNS
) -> Iterator[str]:
    """Yield a heading and a line for each run (RFC 4180).

    Args:
        runs: what is found.
        names: the names of workflows, by id.
        in_the_clear: whether identities are not masked.
        most: how many runs the download has at most.
    """
    yield _csv_line(COLUMNS)
    left = iter(runs)
    for run in islice(left, most):
        yield _csv_line(_cells(run, names, in_the_clear=in_the_clear))
    if next(left, None) is not None:
        yield _csv_line([ended_after(most)])


def json_lines(
    documents: Iterable[Mapping[str, Any]], *, in_the_clear: bool, most: int = MOST_RUNS
) -> Iterator[str]:
    """Yield a line for each run: its document, as the control API shows it.

    Args:
        documents: what is found.
        in_the_clear: whether identities are not masked; then each event is the text that was sent.
        most: how many runs the download has at most.
    """
    left = iter(documents)
    for document in islice(left, most):
        shown = document if in_the_clear else masked_document(document)
        yield raw_json.dumps(shown) + "\n"
    if next(left, None) is not None:
        yield raw_json.dumps({"ended": ended_after(most)}) + "\n"


def within(lines: Iterable[str], last_line: str, most_bytes: int = MOST_BYTES) -> Iterator[str]:
    """Yield lines of together at most so many bytes; ``last_line`` ends those that are cut off."""
    for line in lines:
        most_bytes -= len(line.encode())
        if most_bytes < 0:
            yield last_line
            return
        yield line


def ended_after(most: int) -> str:
    """Return what the last line of a download says that does not have everything."""
    return f"This download ends after {most:,} runs; there are more: narrow the search."


def masked_document(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a run's document with all identities masked; it stays JSON."""
    identities = identities_in(document["event"].text)
    return {name: _shown(value, identities) for name, value in document.items()}


def _shown(value: object, identities: Collection[str]) -> object:
    try:
        return _masked(value.value() if isinstance(value, RawJson) else value, identities)
    except (ValueError, RecursionError):
        return masked(value.text, identities) if isinstance(value, RawJson) else TOO_DEEP


def _masked(value: object, identities: Collection[str]) -> object:
    if isinstance(value, dict):
        return {masked(key, identities): _masked(one, identities) for key, one in value.items()}
    if isinstance(value, list):
        return [_masked(one, identities) for one in value]
    if isinstance(value, str):
        return mask_identity(value) if value in identities else masked(value, identities)
    if isinstance(value, int | float) and str(value) in identities:
        return mask_identity(str(value))
    return value


def _cells(run: FoundRun, names: Mapping[str, str], *, in_the_clear: bool) -> list[str]:
    identity, error = run.identity or "", run.error or ""
    if not in_the_clear:
        error = masked(error, [identity] if identity else ())
        identity = identity and mask_identity(identity)
    return [
        run.id,
        names.get(run.workflow_id, run.workflow_id),
        format_instant(run.received_at),
        _instant(run.started_at),
        _instant(run.finished_at),
        run.status.value,
        "yes" if run.state is State.NOT_STARTED else "no",
        error,
        run.failed_task or "",
        identity,
        run.trace_id or "",
    ]


def _instant(instant: Microseconds | None) -> str:
    return "" if instant is None else format_instant(instant)


def _csv_line(cells: Iterable[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(map(_guarded, cells))
    return text.getvalue()


def _guarded(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
