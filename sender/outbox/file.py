"""Opens and locks an outbox's file.

The lock is an exclusive transaction on a second, empty SQLite file beside the real name. The
operating system releases it when the process ends, even after ``kill -9``, and it works the same on
every platform. The file itself is locked as well, because it may be mounted by another name.
"""

import contextlib
import os
import sqlite3
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from contracts.file_lock import has_locks, lock_file, names_of
from sender.errors import ConfigurationError, OutboxInUseError
from sender.outbox import schema as sql
from sender.outbox.migrations import SCHEMA_VERSION, migrate, version_of

Connect = Callable[..., sqlite3.Connection]
"""Opens a SQLite connection; takes the arguments of :func:`sqlite3.connect`."""

_LOCK_SECONDS = 0.2
OWNER_ONLY = 0o600
FOR_OTHERS = 0o077


class OutboxLock:
    """The lock on an outbox, until it is closed.

    Raises:
        OutboxInUseError: another export has locked it.
        ConfigurationError: the folder cannot be written to, or the file has several names.
    """

    def __init__(self, path: Path) -> None:
        if path.exists() and not path.is_file():
            why = "it is no regular file"
            raise ConfigurationError(f"{path}: not an outbox that can be used: {why}")
        _refuse_missing_folder(path)
        _refuse_second_name(path)
        self._held = _held(path)
        try:
            _create_private(path)
            self._descriptor = lock_file(path)
        except BlockingIOError as error:
            self._held.close()
            raise OutboxInUseError(_in_use(path)) from error
        except OSError as error:
            self._held.close()
            raise _cannot_be_written(path, error) from error

    def close(self) -> None:
        """Release the lock, after the outbox was closed."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        self._held.close()


def _held(path: Path) -> sqlite3.Connection:
    lock_path = _lock_path(path)
    try:
        _create_private(lock_path)
        # Wait a moment before giving up: `is_in_use` holds a read lock for an instant.
        connection = sqlite3.connect(
            lock_path, timeout=_LOCK_SECONDS, isolation_level=None, check_same_thread=False
        )
    except (OSError, sqlite3.Error) as error:
        raise _cannot_be_written(path, error) from error
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        connection.close()
        if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:  # a full disk, for example
            raise _cannot_be_written(path, error) from error
        if not has_locks(lock_path.parent):
            raise _cannot_be_written(path, "its file system has no locks") from error
        raise OutboxInUseError(_in_use(path)) from error
    return connection


def _in_use(path: Path) -> str:
    return f"{path}: another export is using this outbox; wait for it, or choose another --outbox"


def _cannot_be_written(path: Path, why: object) -> ConfigurationError:
    return ConfigurationError(f"{path}: the outbox cannot be written: {why}")


def _refuse_missing_folder(path: Path) -> None:
    """Name the topmost folder that is missing, or what stands in its place."""
    real = Path(os.path.realpath(path))  # a link may lead to a folder that is missing
    folders = list(real.parents)
    absent = [folder for folder in folders if not folder.is_dir()]
    if absent:
        found = "no folder, expected one" if absent[-1].exists() else "no such folder"
        raise _cannot_be_written(path, f"{absent[-1]}: {found}")


def _refuse_second_name(path: Path) -> None:
    if (names := names_of(path)) > 1:
        raise ConfigurationError(
            f"{path}: not an outbox that can be used: found a file with {names} names (hard "
            "links), expected one: by each name SQLite has another journal, so that messages "
            "would be lost; copy the file instead"
        )


def is_in_use(path: Path) -> bool:
    """Return whether an export has locked an outbox."""
    lock_path = _lock_path(path)
    if not lock_path.exists():
        return False
    target = f"{lock_path.absolute().as_uri()}?mode=ro"
    with contextlib.closing(sqlite3.connect(target, timeout=0, uri=True)) as connection:
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.OperationalError as error:
            return error.sqlite_errorcode == sqlite3.SQLITE_BUSY
    return False


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """An open outbox of this version.

    Attributes:
        database: the connection.
        migrated_from: the version that the file had; None if it was new or of this version.
    """

    database: sqlite3.Connection
    migrated_from: int | None = None


def opened(path: Path | None, *, writable: bool, connect: Connect = sqlite3.connect) -> OpenedFile:
    """Open an outbox; create its tables if it is new, and migrate it if it is of an older version.

    Reading changes nothing: an older outbox is copied, and the copy is migrated.

    Args:
        path: the file; None: in memory.
        writable: whether it is opened for sending.
        connect: opens the connection.

    Raises:
        ConfigurationError: the file is not an outbox, has several names or a newer version.
    """
    if path is not None:
        _refuse_second_name(path)
    try:
        connection = _connected(path, connect, writable=writable)
        try:
            prepared = (_prepared if writable else _readable)(connection, path)
            if path is not None and writable:
                _restrict_to_owner(path)
        except BaseException:
            connection.close()
            raise
    except (OSError, sqlite3.Error) as error:
        raise ConfigurationError(f"{path}: not an outbox that can be used: {error}") from error
    return prepared


def _connected(path: Path | None, connect: Connect, *, writable: bool) -> sqlite3.Connection:
    if path is None:
        target, is_uri = ":memory:", False
    elif writable:
        target, is_uri = str(path), False
    else:
        # Not mode=ro: a read-only connection cannot remove the -wal and -shm files it creates.
        target, is_uri = f"{path.absolute().as_uri()}?mode=rw", True
    return connect(
        target, isolation_level=None, check_same_thread=False, uri=is_uri, cached_statements=64
    )


def _lock_path(path: Path) -> Path:
    real = Path(os.path.realpath(path))  # two links to one outbox must share one lock
    return real.with_name(real.name + ".lock")


def _create_private(path: Path) -> None:
    # Messages hold personal data and the URL holds its urlTokenId: only the owner may read them.
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, OWNER_ONLY))


def _restrict_to_owner(path: Path) -> None:
    """Remove other users' permissions on existing files; only the files' owner can do so."""
    for suffix in ("", "-wal", "-shm"):
        file = path.with_name(path.name + suffix)
        with contextlib.suppress(FileNotFoundError, PermissionError):
            if stat.S_IMODE(file.stat().st_mode) & FOR_OTHERS:
                file.chmod(OWNER_ONLY)


def _prepared(database: sqlite3.Connection, path: Path | None) -> OpenedFile:
    # Before anything is written to the file: it may be another program's.
    version = SCHEMA_VERSION if _is_new(database) else version_of(database, path)
    for statement in sql.PRAGMAS:
        database.execute(statement)
    migrate(database, version)
    return OpenedFile(database, version if version < SCHEMA_VERSION else None)


def _is_new(database: sqlite3.Connection) -> bool:
    return not database.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]


def _readable(database: sqlite3.Connection, path: Path | None) -> OpenedFile:
    # An export that was killed at its very beginning, or one that just begins, left no table yet.
    is_new = _is_new(database)
    version = SCHEMA_VERSION if is_new else version_of(database, path)
    if is_new or version < SCHEMA_VERSION:
        database = _migrated_copy(database, version)
    database.execute("PRAGMA query_only = ON")
    return OpenedFile(database)


def _migrated_copy(database: sqlite3.Connection, version: int) -> sqlite3.Connection:
    """Return a migrated copy, which ends with its connection; the original is closed."""
    # Without a name SQLite keeps it in memory, and moves a large one to a private file.
    copy = sqlite3.connect("", isolation_level=None, check_same_thread=False)
    with contextlib.closing(database):
        database.backup(copy)
    migrate(copy, version)
    return copy
