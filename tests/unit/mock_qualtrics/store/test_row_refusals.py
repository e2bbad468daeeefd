"""Which errors are due to a row's data, and that only such rows are left out."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError

from mock_qualtrics.store.row_refusals import Refused, is_of_data, write_all_but_refused
from mock_qualtrics.store.writer import Transaction


class PostgreSqlError(Exception):
    """An error as psycopg raises it."""

    def __init__(self, sqlstate: str | None) -> None:
        super().__init__("refused")
        self.sqlstate = sqlstate


class DataError(PostgreSqlError):
    """One that the driver itself raises."""


@pytest.mark.parametrize(
    ("error", "of_data"),
    [
        (sqlite3.IntegrityError(), True),
        (sqlite3.DataError(), True),
        (OverflowError(), True),
        (UnicodeEncodeError("utf-8", "\ud800", 0, 1, "x"), True),
        (PostgreSqlError("22021"), True),
        (PostgreSqlError("23505"), True),
        (PostgreSqlError("54000"), True),
        (DataError(None), True),
        (DBAPIError("INSERT", None, sqlite3.DataError()), True),
        (sqlite3.OperationalError("disk is full"), False),
        (PostgreSqlError("57P01"), False),
        (PostgreSqlError(None), False),
        (DBAPIError("INSERT", None, sqlite3.OperationalError()), False),
        (TypeError(), False),
    ],
)
def test_what_is_due_to_data_is_told_from_everything_else(error, of_data):
    assert is_of_data(error) is of_data


@pytest.fixture
def cursor():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.execute("CREATE TABLE t (x INTEGER CHECK (x >= 0))")
    connection.execute("BEGIN")
    yield connection.cursor()
    connection.close()


@pytest.mark.parametrize(
    ("rows", "refused"),
    [
        ([], []),
        ([1], []),
        ([-1], [0]),
        ([1, -1, 2, 3, -2, 4, 1 << 63], [1, 4, 6]),
        ([-1, -1], [0, 1]),
    ],
)
def test_exactly_the_rows_to_blame_are_not_written(cursor, rows, refused):
    def write(part) -> None:
        cursor.executemany("INSERT INTO t VALUES (?)", [(x,) for x in part])

    found = write_all_but_refused(Transaction(cursor), rows, write)
    assert [one.place for one in found] == refused
    kept = [x for place, x in enumerate(rows) if place not in refused]
    assert cursor.execute("SELECT x FROM t ORDER BY rowid").fetchall() == [(x,) for x in kept]


def test_the_reason_shows_no_row(cursor):
    def write(_) -> None:
        raise sqlite3.IntegrityError("a check failed\nDETAIL: row with dave@example.com")

    found = write_all_but_refused(Transaction(cursor), [1], write)
    assert found == [Refused(0, "a check failed")]


def test_another_error_ends_the_writing(cursor):
    def write(_) -> None:
        raise sqlite3.OperationalError("disk is full")

    with pytest.raises(sqlite3.OperationalError):
        write_all_but_refused(Transaction(cursor), [1, 2], write)
