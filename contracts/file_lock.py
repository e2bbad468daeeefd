"""The lock on a database file itself, whatever name it was opened by.

SQLite's files and the lock file lie beside a name, so that by another name (a bind mount, a lock
file that was deleted) they are other files. The lock here belongs to the file. It covers one byte
far behind SQLite's own locks, ends with the process, and is left out where the platform or the file
system does not have it. Stores and outboxes have it; neither side may import the other.
"""

import errno
import os
import struct
import tempfile
from pathlib import Path

try:
    import fcntl
except ImportError:  # not on Windows
    fcntl = None  # type: ignore[assignment]

_BYTE = 0x4000_0000 + 1024  # SQLite locks 512 bytes from 0x40000000
_FLOCK = "hhqqi0q"  # struct flock: type, whence, start, length, process
_TAKEN = (errno.EAGAIN, errno.EACCES)
_WITHOUT_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


def lock_file(path: str | os.PathLike[str]) -> int | None:
    """Lock an existing file; return the descriptor that holds the lock, or None without one.

    Close the descriptor after SQLite has closed the file, never before: closing it ends the locks
    that SQLite has in this process.

    Raises:
        BlockingIOError: another process, or this one, holds the lock.
    """
    command = getattr(fcntl, "F_OFD_SETLK", None)
    if command is None:
        return None
    try:
        descriptor = os.open(path, os.O_RDWR)
    except OSError:
        return None  # SQLite says what is wrong with it
    try:
        fcntl.fcntl(
            descriptor, command, struct.pack(_FLOCK, fcntl.F_WRLCK, os.SEEK_SET, _BYTE, 1, 0)
        )
    except OSError as error:
        os.close(descriptor)
        if error.errno in _TAKEN:
            raise BlockingIOError(error.errno, "locked") from error
        return None
    return descriptor


def has_locks(folder: Path) -> bool:
    """Return whether a folder's file system has locks; SQLite takes one that has none for busy."""
    if not hasattr(fcntl, "lockf"):
        return True
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            fcntl.lockf(probe, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        return error.errno not in _WITHOUT_LOCKS
    return True


def names_of(path: Path) -> int:
    """Return how many names (hard links) a file has; 0 when there is none yet."""
    try:
        return path.stat().st_nlink
    except OSError:
        return 0
