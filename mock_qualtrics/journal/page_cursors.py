"""Cursors of pages: the last row's number, signed, valid only for the list it was made for."""

from itsdangerous import BadData, URLSafeSerializer

from mock_qualtrics.errors import BadCursorError


class PageCursors:
    """Make and read cursors.

    Args:
        secret: the signing key; it protects against mistakes, not against attackers.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, listing: str, sequence: int) -> str:
        """Return the cursor of the page that follows a row of a list."""
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
