"""What a store in SQLite works with: how connections are opened, and who checkpoints its log.

A server uses the defaults. A simulation hands in its own parts, so that everything runs on one
thread, and so that it sees each statement and can end a side before, during and after a commit.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass

# For each None, bool and bytes among a statement's parameters, the driver looks for an adapter; not
# to find one takes it longer, by an error that it raises and drops, than to store the value.
sqlite3.register_adapter(type(None), {None: None}.get)
sqlite3.register_adapter(bool, int)
sqlite3.register_adapter(bytes, bytes)


@dataclass(frozen=True, slots=True)
class StoreParts:
    """The parts of a store in SQLite; PostgreSQL has none of them.

    Attributes:
        connect: opens a connection, with the arguments of ``sqlite3.connect``.
        checkpoints_apart: whether a thread of its own checkpoints a file's log. Otherwise SQLite
            does so inside a commit, once the log is long.
    """

    connect: Callable[..., sqlite3.Connection] = sqlite3.connect
    checkpoints_apart: bool = True


STORE_PARTS = StoreParts()
"""The server's own parts."""
