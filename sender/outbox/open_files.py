"""Notice that an outbox's files were deleted or replaced while it is open.

SQLite goes on writing to a deleted file without an error, and what was sent would not be known
after the export.
"""

import os
import sqlite3
from pathlib import Path

_ENDINGS = ("", "-wal", ".lock")  # the log holds the newest commits; the lock keeps others out


class OpenFiles:
    """The files of an outbox as they were when it was opened.

    Args:
        path: the outbox; None for one in memory.
    """

    def __init__(self, path: Path | None) -> None:
        real = None if path is None else str(path.resolve())
        files = [] if real is None else [real + ending for ending in _ENDINGS]
        identities = {file: _identity(file) for file in files}
        # A file system may have no write-ahead log.
        self._files = {file: found for file, found in identities.items() if found is not None}

    def require(self) -> None:
        """Do nothing as long as all files are the same.

        Raises:
            sqlite3.OperationalError: one was deleted, moved or replaced; names it.
        """
        for file, identity in self._files.items():
            found = _identity(file)
            if found != identity:
                what = "no file" if found is None else "another file"
                raise sqlite3.OperationalError(
                    f"{file}: found {what}, expected the one that was opened: it was deleted, "
                    "moved or replaced during the export; put it back and resume"
                )


def _identity(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116  once a commit: a Path costs several times as much
    except OSError:
        return None
    return status.st_dev, status.st_ino
