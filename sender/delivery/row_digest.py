"""Recognizes the rows that a run has read, by their content.

A file's size and time do not tell whether it is still the same: it may have been sorted, appended
to, or edited and given its old time. So a run keeps a running digest of the rows it has read, and
an export that continues it compares the digest of as many rows from the beginning.
"""

import hashlib
import itertools
import json
from collections.abc import Iterable, Mapping
from typing import TypeVar

from sender.profiles import NOTHING_YET, BrokenRow, ProfileRow, UnreadRows

_DIGEST_BYTES = 16

_Row = TypeVar("_Row")


class RowDigest:
    """A running digest of rows; does not reveal their content.

    Example:
        >>> first, second = RowDigest(), RowDigest()
        >>> for number in (1, 2):
        ...     first.add({"_id": number})
        ...     second.add({"_id": 3 - number})
        >>> first.text() == second.text()
        False
    """

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=_DIGEST_BYTES)

    def add(self, row: object) -> None:
        """Add a row; where it stood, and in which file, makes no difference."""
        content = _content(row)
        if isinstance(content, str):
            content = content.encode(errors="surrogatepass")
        self._hash.update(content + b"\n")

    def text(self) -> str:
        """Return the digest of all rows so far."""
        return self._hash.hexdigest()


def past(
    rows: Iterable[_Row], count: int, expected: str | None
) -> tuple[Iterable[_Row], RowDigest] | None:
    """Return the rows after those that a run has read, and the digest of the ones before.

    Args:
        rows: all rows, from the beginning.
        count: how many the run has read; what is no row of its own is not counted.
        expected: their digest; None: unknown, so that any are taken for them.

    Returns:
        None if the first rows are not the ones that the run has read.
    """
    remaining, digest = iter(rows), RowDigest()
    unread: list[_Row] = []
    for row in remaining if count else ():
        if isinstance(row, UnreadRows):
            unread.append(row)
        elif row is not NOTHING_YET:
            digest.add(row)
            count -= 1
        if not count:
            break
    if expected is not None and (count or digest.text() != expected):
        return None
    return itertools.chain(unread, remaining), digest


def _content(row: object) -> str | bytes:
    if isinstance(row, BrokenRow):
        return f"broken: {row.reason}"
    if isinstance(row, ProfileRow) and row.text is not None:
        return row.text
    profile = row.profile if isinstance(row, ProfileRow) else row
    try:
        return _ENCODE(profile)
    except (TypeError, ValueError, RecursionError):  # a caller's mapping may hold anything
        return type(profile).__name__


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) else f"{type(value).__name__} {value}"


_ENCODE = json.JSONEncoder(separators=(",", ":"), check_circular=False, default=_plain).encode
