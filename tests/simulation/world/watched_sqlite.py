"""SQLite connections that count commit points, crash their side there, and may have a full disk.

After a crash each statement of the side's connections raises the same, so that no ``finally``
writes, and closing a connection leaves only what was committed: as after ``kill -9``.
"""

import enum
import functools
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from simulation.schedule import Crash
from simulation.schedule.happenings import Point, Side

_READS = ("SELECT", "PRAGMA", "BEGIN", "WITH", "EXPLAIN")
_ADDS = ("INSERT INTO requests", "INSERT INTO messages")  # the mock's calls, the sender's messages
_SYNCHRONOUS_OFF = "PRAGMA synchronous = OFF"  # a process that ends loses no write of the system


class Kind(enum.Enum):
    """What a statement does, as far as commit points go."""

    READ = enum.auto()
    BEGIN = enum.auto()
    WRITE = enum.auto()
    ADD = enum.auto()
    SYNCHRONOUS = enum.auto()
    COMMIT = enum.auto()
    ROLLBACK = enum.auto()


_BEGINNINGS = {
    "BEGIN IMMEDIATE": Kind.BEGIN,
    "PRAGMA synchronous": Kind.SYNCHRONOUS,
    **dict.fromkeys(_ADDS, Kind.ADD),
    **dict.fromkeys(_READS, Kind.READ),
}
_WHOLE = {"COMMIT": Kind.COMMIT, "ROLLBACK": Kind.ROLLBACK}  # not ROLLBACK TO SAVEPOINT


@functools.lru_cache(1_000)
def kind_of(sql: str) -> Kind:
    """Return what a statement does."""
    sql = sql.lstrip()
    begun = (kind for text, kind in _BEGINNINGS.items() if sql.startswith(text))
    return _WHOLE.get(sql) or next(begun, Kind.WRITE)


class Crashed(BaseException):
    """One side's process has ended."""

    def __init__(self, side: Side) -> None:
        super().__init__(side)
        self.side = side


class CommitPoints:
    """What one side's connections pass, over all its lives.

    Args:
        side: whose.
        crashes: where it crashes.
        committed: called after each commit; told whether it added calls or messages.

    Attributes:
        is_armed: whether passes are counted; not while the world is being made.
        crash: the crash that has ended the side; None: it lives.
        is_full: whether the disk is full.
        fails_at_commit: whether a full disk is noticed at the commit, and not at a statement.
        full_met: how many writes the full disk has refused.
    """

    def __init__(
        self, side: Side, crashes: Iterable[Crash], committed: Callable[[bool], None]
    ) -> None:
        self.side = side
        self.committed = committed
        self.is_armed = False
        self.crash: Crash | None = None
        self.is_full = False
        self.fails_at_commit = False
        self.full_met = 0
        self._planned = {(each.point, each.nth): each for each in crashes}
        self._passed: Counter[Point] = Counter()

    def require_alive(self) -> None:
        """Raise Crashed if the side has crashed."""
        if self.crash is not None:
            raise Crashed(self.side)

    def passing(self, point: Point) -> None:
        """Count a pass; crash if a crash is planned there."""
        if not self.is_armed or self.crash is not None:
            return
        self._passed[point] += 1
        self.crash = self._planned.get((point, self._passed[point]))
        self.require_alive()

    def connect(self, *given: Any, **options: Any) -> sqlite3.Connection:  # noqa: ANN401
        """Open a connection, as ``sqlite3.connect`` does."""
        connection = sqlite3.connect(*given, **options, factory=WatchedConnection)
        connection.points = self
        return connection


class WatchedConnection(sqlite3.Connection):
    """A connection that passes commit points."""

    points: CommitPoints
    writes = False  # whether it is in a transaction that writes
    statements = 0  # of that transaction
    has_added = False  # whether that transaction adds calls or messages

    def cursor(self, factory: Any = None) -> sqlite3.Cursor:  # noqa: ANN401
        """Return a cursor that passes them too."""
        return super().cursor(factory or WatchedCursor)

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401
        """Execute one statement."""
        return WatchedCursor(self).execute(sql, values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:  # noqa: ANN401
        """Execute one statement for each row."""
        return WatchedCursor(self).executemany(sql, rows)

    def commit(self) -> None:
        """Commit, as the driver's method does."""
        self.points.require_alive()
        if self.writes:
            self.ended(super().commit)
        else:
            super().commit()

    def rollback(self) -> None:
        """Roll back; after a crash nobody is there to do so."""
        if self.points.crash is None:
            self.writes = False
            super().rollback()

    def close(self) -> None:
        """Close; what was not committed is gone, without a word to the file."""
        if self.in_transaction:
            super().rollback()
        super().close()

    def began(self) -> None:
        """Note that a transaction that writes has begun."""
        self.writes, self.statements, self.has_added = True, 0, False

    def ended(self, commit: Callable[[], object]) -> None:
        """Commit the transaction, with what may happen before and after."""
        points = self.points
        points.passing("before-commit")
        if points.is_full:
            self.refuse()
        commit()
        self.writes = False
        points.committed(self.has_added)
        points.passing("after-commit")

    def wrote(self, kind: Kind) -> None:
        """Note a statement of a transaction that writes, before it is executed."""
        self.statements += 1
        if self.statements > 1:
            self.points.passing("in-group")
        if self.points.is_full and not self.points.fails_at_commit:
            self.refuse()
        self.has_added = self.has_added or kind is Kind.ADD

    def refuse(self) -> None:
        """Do what SQLite does on a full disk: roll back, and raise."""
        self.points.full_met += 1
        self.writes = False
        super().rollback()
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error


class WatchedCursor(sqlite3.Cursor):
    """A cursor of a watched connection."""

    def execute(self, sql: str, values: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401
        """Execute one statement."""
        return self._passed(super().execute, sql, values)

    def executemany(self, sql: str, rows: Any) -> sqlite3.Cursor:  # noqa: ANN401
        """Execute one statement for each row."""
        return self._passed(super().executemany, sql, rows)

    def _passed(self, run: Callable[..., Any], sql: str, values: Any) -> Any:  # noqa: ANN401
        connection: Any = self.connection
        connection.points.require_alive()
        kind = kind_of(sql)
        if connection.writes:
            return self._in_transaction(connection, kind, functools.partial(run, sql, values))
        if kind is Kind.READ:
            return run(sql, values)
        if kind is Kind.SYNCHRONOUS:
            return run(_SYNCHRONOUS_OFF, values)
        if kind is Kind.BEGIN:
            connection.began()
        elif not connection.in_transaction:
            return self._alone(connection, functools.partial(run, sql, values))
        return run(sql, values)

    def _in_transaction(
        self, connection: WatchedConnection, kind: Kind, run: Callable[[], Any]
    ) -> Any:  # noqa: ANN401
        if kind is Kind.COMMIT:
            connection.ended(run)
            return self
        if kind is Kind.ROLLBACK:
            connection.writes = False
        elif kind is Kind.WRITE or kind is Kind.ADD:
            connection.wrote(kind)
        return run()

    def _alone(self, connection: WatchedConnection, run: Callable[[], Any]) -> Any:  # noqa: ANN401
        """Execute a statement that is a transaction by itself."""
        points = connection.points
        points.passing("before-commit")
        if points.is_full:
            connection.refuse()
        done = run()
        points.passing("after-commit")
        return done
