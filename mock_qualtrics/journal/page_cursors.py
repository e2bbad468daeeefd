"""Cursors of pages: the last row's number, signed, good for the very list it came from."""

from itsdangerous import BadData, URLSafeSerializer

from mock_qualtrics.errors import BadCursorError


class PageCursors:
    """Makes and reads cursors.

    Args:
        secret: what signs them; it guards against mistakes, not against people.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def make(self, listing: str, sequence: int) -> str:
        """Return the cursor after that row of that list."""
        return str(URLSafeSerializer(self._secret, salt=listing).dumps(sequence))

    def read(self, listing: str, cursor: str | None) -> int | None:
        """Return the row's number; None without a cursor.

        Raises:
            BadCursorError: it was made for another list, elsewhere, or was changed.
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
