"""The journal's database: SQLite in memory or in a file, or PostgreSQL.

One connection writes, one transaction at a time. A file and PostgreSQL are read over other
connections; memory is read over the same one, as it exists only there. Nothing here knows what a
row means.
"""

import contextlib
import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event, func, select
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import StaticPool
from sqlalchemy.util import LRUCache

from contracts.extras import missing_extra
from mock_qualtrics.errors import RowRefusedError, StoreFailedError
from mock_qualtrics.settings import Durability
from mock_qualtrics.store.address import EXPECTED, MEMORY, read_address, shown
from mock_qualtrics.store.checkpoints import Checkpoints
from mock_qualtrics.store.migrations import SCHEMA_VERSION, create_or_migrate
from mock_qualtrics.store.open_files import OpenFiles
from mock_qualtrics.store.ownership import Owner
from mock_qualtrics.store.row_refusals import is_of_data
from mock_qualtrics.store.statements import Hot, Prepared, compile_hot
from mock_qualtrics.store.store_parts import STORE_PARTS, StoreParts
from mock_qualtrics.store.writer import Transaction, Writer, discard

_BUSY_MILLISECONDS = 10_000
_MIGRATED = "%s: was migrated from version %d to %d; an older release may not open it any more"
_WHOLE_ENCODINGS = ("UTF8", "SQL_ASCII")
_NOT_WHOLE = (
    "%s: found the encoding %s, expected UTF8: what has other characters is not stored, and the "
    "totals say that the journal is not complete"
)
_CHECKPOINT_PAGES = 4_000  # 16 MB: a page that changes many times in between is copied once
_DIALECTS: dict[type[Dialect], Dialect] = {}
_COMPILED: LRUCache[Any, Any] = LRUCache(500)
_log = logging.getLogger(__name__)


class Store:
    """The database behind the journal.

    Args:
        url: ``memory``, ``sqlite:///PATH`` or ``postgresql+psycopg://…``.
        durability: ``full`` also survives a power loss.
        parts: how SQLite is opened and its log checkpointed, when not as a server does.

    Raises:
        StoreFailedError: the database cannot be opened, or another server uses it.
    """

    def __init__(
        self, url: str, durability: Durability = "process", parts: StoreParts = STORE_PARTS
    ) -> None:
        self.in_memory = url == MEMORY
        self._owner = Owner(url)
        try:
            self.engine = _engine(url, self._owner.path, durability, parts)
            self._writer = Writer(self.engine, self._owner)
            self._prepare()
            self._lookup_connection = self.engine.connect()
        except (SQLAlchemyError, ImportError, ValueError, TypeError) as error:
            self._give_up()
            raise StoreFailedError(_reason(error, url)) from error
        except BaseException:
            self._give_up()
            raise
        self._files = OpenFiles(self._owner.path)
        self.dialect_name = self.engine.dialect.name
        self.hot = compile_hot(self.dialect_name)
        # Drivers raise OverflowError and UnicodeError for values that a column cannot hold.
        self._refusals = (self.engine.dialect.loaded_dbapi.Error, OverflowError, UnicodeError)
        self._lookup_lock = self._writer.lock if self.in_memory else threading.RLock()
        self._lookup_driver = self._driver_for_lookups()
        is_file = self.dialect_name == "sqlite" and not self.in_memory
        is_apart = is_file and parts.checkpoints_apart
        self._checkpoints = Checkpoints(self.engine) if is_apart else None

    def _prepare(self) -> None:
        with self._writer.rare() as connection:
            version = create_or_migrate(connection)
        if version is not None:
            place = self._owner.place(self._writer.connection())
            _log.warning(_MIGRATED, place, version, SCHEMA_VERSION)
        self._owner.sign(self._writer.connection())
        self._warn_of_encoding()
        self._owner.keep_private()

    def _warn_of_encoding(self) -> None:
        if self.engine.dialect.name != "postgresql":
            return
        with self._writer.rare() as connection:
            encoding = connection.scalar(select(func.current_setting("server_encoding")))
            place = self._owner.place(connection)
        if encoding not in _WHOLE_ENCODINGS:
            _log.warning(_NOT_WHOLE, place, encoding)

    def _give_up(self) -> None:
        if hasattr(self, "_writer"):
            self._writer.close()
        if hasattr(self, "engine"):
            self.engine.dispose()
        self._owner.close()

    @contextlib.contextmanager
    def writing(self) -> Iterator[Transaction]:
        """Open the writing transaction; it is durable when the block ends.

        Raises:
            RowRefusedError: the database refused a row because of its data.
            StoreFailedError: the database refused; nothing of the block was written.
        """
        with self._refusing(), self._writer.hot() as transaction:
            yield transaction
            self._files.require()
        if self._checkpoints is not None:
            self._checkpoints.committed()

    @contextlib.contextmanager
    def connection(self) -> Iterator[Connection]:
        """Open a connection for reading; it sees one state of the store until the block ends.

        Raises:
            StoreFailedError: the database refused.
        """
        self._files.require()  # a new connection would make a new, empty file
        guard = self._writer.lock if self.in_memory else contextlib.nullcontext()
        with self._refusing(), guard, self.engine.connect() as connection, connection.begin():
            yield connection

    @contextlib.contextmanager
    def changing(self) -> Iterator[Connection]:
        """Open a connection for a rare change; it is committed when the block ends.

        Raises:
            StoreFailedError: the database refused; nothing was changed.
        """
        with self._refusing(), self._writer.rare() as connection:
            yield connection
            self._files.require()

    def require_files(self) -> None:
        """Do nothing as long as the store's files are those that were opened.

        Raises:
            StoreFailedError: one was deleted, moved, emptied or replaced; names it.
        """
        self._files.require()

    def get(self, statement: Hot, values: tuple[Any, ...]) -> Any:  # noqa: ANN401  any column
        """Return the first column of the first row that a hot statement selects, or None.

        Raises:
            StoreFailedError: the database refused.
        """
        row = self.get_row(statement, values)
        return None if row is None else row[0]

    def get_row(self, statement: Hot, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        """Return the first row that a hot statement selects, or None.

        Raises:
            StoreFailedError: the database refused.
        """
        with self._lookup_lock, self._refusing():
            try:
                return self._look_up(statement, values)
            except self._refusals:
                if self.dialect_name == "sqlite":
                    raise
                # PostgreSQL may have ended the connection: try once more over a new one.
                self._reconnect_lookups()
            return self._look_up(statement, values)

    @contextlib.contextmanager
    def rows(
        self, queries: Sequence[Prepared], given: Mapping[str, Any]
    ) -> Iterator[list[Iterator[tuple[Any, ...]]]]:
        """Ask several queries with the same values; their rows are read as needed.

        The driver is asked directly. All answers show one state of the store.

        Raises:
            StoreFailedError: the database refused.
        """
        with self._driver_to_read() as driver, contextlib.ExitStack() as cursors:
            answers = []
            for query in queries:
                cursor = driver.cursor()
                cursors.callback(cursor.close)
                cursor.execute(query.text, query.values(given))
                answers.append(iter(cursor))
            yield answers

    @contextlib.contextmanager
    def _driver_to_read(self) -> Iterator[Any]:
        """Open a connection of the driver for reading; memory's only one needs no transaction."""
        if self.in_memory:
            with self._lookup_lock, self._refusing():
                yield self._lookup_driver
        else:
            with self.connection() as connection:
                yield connection.connection

    def used_bytes(self) -> int:
        """Return the bytes that a store in SQLite takes, without pages that are free again.

        Raises:
            StoreFailedError: the database refused.
        """
        with self._refusing():
            return self._writer.used_bytes()

    def _look_up(self, statement: Hot, values: tuple[Any, ...]) -> tuple[Any, ...] | None:
        row: tuple[Any, ...] | None = self._lookup_driver.execute(statement.text, values).fetchone()
        return row

    def _reconnect_lookups(self) -> None:
        lost, self._lookup_connection = self._lookup_connection, self.engine.connect()
        discard(lost)
        self._lookup_driver = self._driver_for_lookups()

    def _driver_for_lookups(self) -> Any:  # noqa: ANN401  a DB-API connection
        driver: Any = self._lookup_connection.connection.driver_connection
        # Without autocommit psycopg would leave a transaction open after each lookup.
        if self.dialect_name != "sqlite":
            driver.autocommit = True
        return driver

    @contextlib.contextmanager
    def _refusing(self) -> Iterator[None]:
        """Turn every error of the database into StoreFailedError or RowRefusedError."""
        try:
            yield
        except (SQLAlchemyError, *self._refusals) as error:
            kind = RowRefusedError if is_of_data(error) else StoreFailedError
            raise kind(_reason(error)) from error

    def close(self) -> None:
        """Close every connection."""
        if self._checkpoints is not None:
            self._checkpoints.close()
        self._writer.close()
        with self._lookup_lock:
            discard(self._lookup_connection)
            self.engine.dispose()
            self._owner.close()


def _engine(url: str, path: str | None, durability: Durability, parts: StoreParts) -> Engine:
    address = read_address(url)
    if address is None:
        return _with_pragmas(
            create_engine("sqlite://", poolclass=StaticPool, connect_args=_SQLITE),
            durability,
            parts,
        )
    if address.get_backend_name() == "sqlite":
        # The path without links: a link may name another store when the next connection opens.
        real = address.set(database=path)
        return _with_pragmas(create_engine(real, connect_args=_SQLITE), durability, parts)
    # As SQL_ASCII, which a database may have, the driver would return bytes instead of text.
    return create_engine(url, pool_pre_ping=True, connect_args={"client_encoding": "utf8"})


# With isolation_level None the driver begins no transactions of its own: `begin` below does.
_SQLITE = {"isolation_level": None, "check_same_thread": False}


def _with_pragmas(engine: Engine, durability: Durability, parts: StoreParts) -> Engine:
    synchronous = "FULL" if durability == "full" else "NORMAL"

    @event.listens_for(engine, "do_connect")
    def connect(
        _dialect: object, _record: object, given: list[Any], options: dict[str, Any]
    ) -> Any:  # noqa: ANN401  a DB-API connection
        return parts.connect(*given, **options)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:  # noqa: ANN401  a DB-API connection
        connection.execute(f"PRAGMA busy_timeout = {_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {synchronous}")
        connection.execute(f"PRAGMA wal_autocheckpoint = {_CHECKPOINT_PAGES}")
        connection.execute("PRAGMA secure_delete = ON")  # events are personal data: SECURITY.md

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))

    # Compiled statements are kept by dialect: with one for all stores, each is compiled once.
    engine.dialect = _DIALECTS.setdefault(type(engine.dialect), engine.dialect)
    engine.update_execution_options(compiled_cache=_COMPILED)
    return engine


def _reason(error: Exception, url: str = "") -> str:
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return f"{shown(url)}{EXPECTED}"
    if isinstance(error, ImportError):
        return missing_extra("PostgreSQL needs", error.name or "psycopg", "postgresql")
    return " ".join(str(getattr(error, "orig", None) or error).split())
