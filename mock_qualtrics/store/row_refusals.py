"""Tell a row that a database refuses because of its data, and write all rows but those.

Such a row is refused again however often it is tried. A lost connection or a full disk is another
matter: there every row waits, and is written later. Nothing here knows what a row means.
"""

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple, TypeVar

from mock_qualtrics.store.writer import Transaction

Row = TypeVar("Row")

_OF_DATA: Final = frozenset({"DataError", "IntegrityError"})  # as PEP 249 names them
# PostgreSQL's SQLSTATE classes: data exception, constraint violation, program limit exceeded.
_CLASSES_OF_DATA: Final = frozenset({"22", "23", "54"})


class Refused(NamedTuple):
    """A row that was not written.

    Attributes:
        place: the row's place among those that were to be written.
        reason: the database's words, without the row's values.
    """

    place: int
    reason: str


def is_of_data(error: BaseException) -> bool:
    """Return whether an error of a driver, or of SQLAlchemy around it, is due to a row's data."""
    cause = getattr(error, "orig", None) or error
    # Drivers raise the first two themselves, for values that a column cannot hold.
    if isinstance(cause, OverflowError | UnicodeError):
        return True
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return state[:2] in _CLASSES_OF_DATA
    return any(kind.__name__ in _OF_DATA for kind in type(cause).__mro__)


def write_all_but_refused(
    transaction: Transaction, rows: Sequence[Row], write: Callable[[Sequence[Row]], None]
) -> list[Refused]:
    """Write the rows in order, halving what is refused until the rows to blame stand alone.

    Args:
        transaction: where they are written.
        rows: the rows.
        write: writes some of them.

    Returns:
        The refused rows, in order.

    Raises:
        Exception: an error of the driver that is not due to a row's data.
    """
    refused: list[Refused] = []
    open_parts = [(0, len(rows))]
    while open_parts:
        start, end = open_parts.pop()
        reason = _try(transaction, lambda: write(rows[start:end])) if start < end else None  # noqa: B023  called at once
        if reason is None:
            continue
        middle = (start + end) // 2
        if start == middle:
            refused.append(Refused(start, reason))
        else:
            open_parts += [(middle, end), (start, middle)]
    return refused


def _try(transaction: Transaction, write: Callable[[], None]) -> str | None:
    """Return why the database refused; None when it has written."""
    try:
        with transaction.part():
            write()
    except Exception as error:
        if not is_of_data(error):
            raise
        return _first_line(error)
    return None


def _first_line(error: Exception) -> str:
    # PostgreSQL's further lines show the row, which may hold personal data.
    return next(iter(str(error).splitlines()), type(error).__name__)
