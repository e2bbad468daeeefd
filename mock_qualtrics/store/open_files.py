"""Notice that the files of a SQLite store were deleted, emptied or replaced while it is open.

SQLite goes on writing to a deleted file without an error, and all of it is gone with the process.
"""

import os

from mock_qualtrics.errors import StoreFailedError

_ENDINGS = ("", "-wal", ".lock")  # the log holds the newest commits; the lock keeps others out


_Identity = tuple[int, int, bool]
"""Device, inode, and whether there is some content where that matters."""


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
            StoreFailedError: one was deleted, moved, emptied or replaced; names it.
        """
        for file, identity in self._files.items():
            found = _identity(file)
            if found != identity and (what := _what_is_wrong(found, identity)):
                raise StoreFailedError(
                    f"{file}: found {what}, expected the one that was opened: it was deleted, "
                    "moved, emptied or replaced under the running server; "
                    "put it back, or start anew"
                )


def _what_is_wrong(found: _Identity | None, expected: _Identity) -> str | None:
    if found is None:
        return "no file"
    if found[:2] != expected[:2]:
        return "another file"
    # A log may be emptied by any program that reads the database; the database itself never is.
    return "an empty file" if expected[2] and not found[2] else None


def _identity(file: str) -> _Identity | None:
    try:
        status = os.stat(file)  # noqa: PTH116  once a commit: a Path costs several times as much
    except OSError:
        return None
    return status.st_dev, status.st_ino, bool(status.st_size) and file[-4:] != "-wal"
