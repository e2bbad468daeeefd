"""Both databases, new and empty, made once a process and copied: creating tables takes long."""

import contextlib
import functools
import sqlite3
import tempfile
from pathlib import Path

from mock_qualtrics.clock import VirtualClock
from mock_qualtrics.engine import Engine
from mock_qualtrics.settings import Settings
from sender.outbox import Outbox

IN_MEMORY = Path("/dev/shm")


def folder() -> tempfile.TemporaryDirectory[str]:
    """Return a new folder, in memory where the machine has such."""
    place = IN_MEMORY if IN_MEMORY.is_dir() else None
    return tempfile.TemporaryDirectory(prefix="simulated-", dir=place)


@functools.cache
def new_store() -> bytes:
    """Return the content of a mock's store with its default tenant."""
    with folder() as made_in:
        path = Path(made_in) / "store.db"
        Engine(Settings(store=f"sqlite:///{path}"), VirtualClock(0)).close()
        return _with_small_pages(path)


@functools.cache
def new_outbox() -> bytes:
    """Return the content of an outbox without messages."""
    with folder() as made_in:
        path = Path(made_in) / "outbox.sqlite"
        Outbox(path).close()
        return _with_small_pages(path)


def _with_small_pages(path: Path) -> bytes:
    """Return a database's content with pages of 1 KB: each commit writes whole pages."""
    with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as database:
        for statement in ("journal_mode = DELETE", "page_size = 1024"):
            database.execute(f"PRAGMA {statement}")
        database.execute("VACUUM")
        database.execute("PRAGMA journal_mode = WAL")
    return path.read_bytes()
