"""Pages, and their cursors: a row's number, signed, valid only for the list it was made for."""

from dataclasses import dataclass
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from mock_qualtrics.errors import BadCursorError


@dataclass(frozen=True, slots=True)
class Page:
    """One page of a list, newest first.

    Attributes:
        next: the cursor of the next page; None on the last page.
    """

    items: tuple[dict[str, Any], ...]
    next: str | None


class PageCursors:
    """Make and read cursors.

    Args:
        secret: the signing key; it protects against mistakes, not against attackers.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, listing: str, sequence: int) -> str:
        """Return the cursor of the page of a list with the rows of lower numbers."""
        return str(URLSafeSerializer(self._secret, salt=listing).dumps(sequence))

    def read(self, listing: str, cursor: str | None) -> int | None:
        """Return the row's number; None without a cursor.

        Raises:
            BadCursorError: the cursor was made for another list or by another server, or changed.
        """
        if cursor is None:
            return None
        try:
            sequence = URLSafeSerializer(self._secret, salt=listing).loads(cursor)
        except (BadData, UnicodeError, ValueError) as error:
            raise BadCursorError from error
        if not isinstance(sequence, int):
            raise BadCursorError
        return sequence
