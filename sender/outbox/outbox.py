"""Stores every message's state durably: SQLite in WAL mode, one file per dataflow.

Committed changes survive ``kill -9`` at any instant. Many changes share one commit
(:meth:`Outbox.transaction`). A message's body is kept until it is activated, or, once it has
failed, until its profile opts out. Profiles are stored by a digest only, and the API token is never
stored. The outbox makes no decisions; see :mod:`sender.delivery.decisions`.
"""

import os
import sqlite3
from pathlib import Path
from typing import Self

from sender.errors import ConfigurationError
from sender.outbox.binding import Binding
from sender.outbox.database import Database
from sender.outbox.exported import Exported
from sender.outbox.file import Connect, OutboxLock, opened
from sender.outbox.losses import Losses
from sender.outbox.messages import Messages
from sender.outbox.open_files import OpenFiles
from sender.outbox.runs import Runs


class Outbox:
    """A dataflow's messages and each profile's last export, in one SQLite file or in memory.

    Args:
        path: the file; None: in memory.
        writable: whether to lock it for sending. Otherwise it is opened for reading, which is
            possible while an export uses it.
        connect: opens the SQLite connection, with the arguments of :func:`sqlite3.connect`. A test
            hands in one that watches statements, or refuses them as a full disk does.

    Attributes:
        binding: the dataflow, the policy, and the delivery options that it is used with.
        exported: what was exported before, of each profile, audience and field.
        losses: the messages that failed or are uncertain.
        messages: every message's state.
        runs: the runs, and the calls that were made.
        transaction: commits all changes made inside together, or none of them.
        migrated_from: the version that the file had; None if it was new or of this version.

    Raises:
        ConfigurationError: the file is not an outbox, or is of a newer version.
        OutboxInUseError: another export has locked it.
    """

    def __init__(
        self,
        path: str | os.PathLike[str] | None = None,
        *,
        writable: bool = True,
        connect: Connect = sqlite3.connect,
    ) -> None:
        path = None if path is None else Path(path)
        self.path = path
        self._cannot_be_taken = "" if writable else "one that was opened for reading"
        self._lock = OutboxLock(path) if path is not None and writable else None
        try:
            file = opened(path, writable=writable, connect=connect)
        except BaseException:
            self._unlock()
            raise
        self._database = database = Database(file.database, OpenFiles(path if writable else None))
        self.migrated_from = file.migrated_from
        self.transaction = database.transaction
        self.binding = Binding(database, path)
        self.exported = Exported(database)
        self.losses = Losses(database)
        self.messages = Messages(database)
        self.runs = Runs(database)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self) -> None:
        """Take it for one exporter, which writes to it, and closes it in the end.

        Raises:
            ConfigurationError: it is closed, opened for reading, or another exporter has it.
        """
        if self._cannot_be_taken:
            raise ConfigurationError(
                f"outbox: found {self._cannot_be_taken}, expected one that is open for sending "
                "and that no other exporter has"
            )
        self._cannot_be_taken = "one that another exporter has"

    def close(self) -> None:
        """Close the file and release its lock."""
        self._cannot_be_taken = "one that is closed"
        self._database.connection.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.close()
