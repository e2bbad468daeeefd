"""Notice that the files of a SQLite store were deleted or replaced while it is open.

SQLite goes on writing to a deleted file without an error, and all of it is gone with the process.
"""

import os

from mock_qualtrics.errors import StoreFailedError

_ENDINGS = ("", "-wal", ".lock")  # the log holds the newest commits; the lock keeps others out


class OpenFiles:
    """The files of a store as they were when it was opened.

    Args:
        path: of the database file; None for a store without files.
    """

    def __init__(self, path: str | None) -> None:
        files = [] if path is None else [path + ending for ending in _ENDINGS]
        identities = {file: _identity(file) for file in files}
        # A file system may have no write-ahead log.
        self._files = {file: found for file, found in identities.items() if found is not None}

    def require(self) -> None:
        """Do nothing as long as all files are the same.

        Raises:
            StoreFailedError: one was deleted, moved or replaced; names it.
        """
        for file, identity in self._files.items():
            found = _identity(file)
            if found != identity:
                what = "no file" if found is None else "another file"
                raise StoreFailedError(
                    f"{file}: found {what}, expected the one that was opened: it was deleted, "
                    "moved or replaced under the running server; put it back, or start anew"
                )


def _identity(file: str) -> tuple[int, int] | None:
    try:
        status = os.stat(file)  # noqa: PTH116  once a commit: a Path costs several times as much
    except OSError:
        return None
    return status.st_dev, status.st_ino
