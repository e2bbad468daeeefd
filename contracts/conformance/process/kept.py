"""What is kept of each scenario for ``--keep``: the connector's files, its output and its calls."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from contracts import exact_json
from contracts.conformance.recording import Call, Recording
from contracts.errors import KeptFolderError

CALLS_FILE: Final = "calls.jsonl"
OUTPUT_FILE: Final = "output.txt"


def check_keep(folder: Path) -> None:
    """Make the folder.

    Raises:
        KeptFolderError: it cannot be made, or holds something already.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else None
        raise KeptFolderError(str(folder), reason or str(error)) from None
    if not is_empty:
        raise KeptFolderError(str(folder), "holds something already")


@contextlib.contextmanager
def scenario_folder(keep: Path | None, name: str) -> Iterator[Path]:
    """Yield an empty folder for a scenario's files; it is removed afterwards unless it is kept."""
    if keep is not None:
        folder = keep.absolute() / name
        folder.mkdir()
        yield folder
        return
    # Whatever a connector has made of its folder, the run goes on.
    with TemporaryDirectory(prefix="conformance-", ignore_cleanup_errors=True) as temporary:
        yield Path(temporary)


def keep_recording(folder: Path, recording: Recording, output: str) -> None:
    """Write what the connector wrote, and the calls that arrived, one a line, oldest first.

    The folder was in the connector's reach: whatever it has made of it, only this is written.
    """
    if folder.is_symlink() or not folder.is_dir():
        _remove(folder)
        folder.mkdir(parents=True)
    _write(folder / OUTPUT_FILE, output)
    _write(folder / CALLS_FILE, calls_text(recording))


def calls_text(recording: Recording) -> str:
    """Return the calls that arrived as JSON, one a line, oldest first."""
    return "".join(f"{exact_json.dumps(_shown(call))}\n" for call in recording.calls)


def _write(file: Path, text: str) -> None:
    _remove(file)
    with file.open("x", encoding="utf-8", errors="replace") as new:  # follows no link
        new.write(text)


def _remove(path: Path) -> None:
    """Remove a file, a link or a folder, if there is one."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _shown(call: Call) -> dict[str, object]:
    return {
        "requestId": call.request_id,
        "at": call.at,
        "method": call.method,
        "path": call.path,
        "status": call.status,
        "reason": call.reason,
        "runIds": list(call.run_ids),
        "traceId": call.trace_id,
        "headers": dict(call.headers),
        "tokenIn": sorted(call.token_in),
        "faults": list(call.faults),
        "body": call.text,
    }
