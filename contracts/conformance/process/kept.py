"""What is kept of each scenario for ``--keep``: the connector's files, its output and its calls."""

import contextlib
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
    """Write what the connector wrote, and the calls that arrived, one a line, oldest first."""
    (folder / OUTPUT_FILE).write_text(output, "utf-8", errors="replace")
    lines = (exact_json.dumps(_shown(call)) for call in recording.calls)
    (folder / CALLS_FILE).write_text("".join(f"{line}\n" for line in lines), "utf-8")


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
