"""What failed runs say, with what differs from run to run taken out. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Row

from mock_qualtrics import ids
from mock_qualtrics.model import Microseconds

MOST_FAILED: Final = 2_000
GAP: Final = "…"
_SHORTEST_PIECE: Final = 3
_DIFFERS: Final = re.compile(
    r'"[^"]*"'
    r"|(?<!\w)'[^']*'(?!\w)"
    r"|[^\s@]+@[^\s@]+"
    r"|(?<![\w-])(?=[\w-]*\d)[\w-]{8,}"  # ids: long words with a digit
    r"|\d+(?:[.,:]\d+)*"
)


@dataclass(frozen=True, slots=True)
class ErrorGroup:
    """Failed runs whose errors say the same.

    Attributes:
        says: what they say, with `GAP` for each number, quoted part, address and id.
        runs: how many there are among those that were looked at.
        newest_run: the id of the newest one, as an example.
        newest_at: when its call was received.
        pieces: texts that all of their errors have; a search for errors with these finds them.
    """

    says: str
    runs: int
    newest_run: str
    newest_at: Microseconds
    pieces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ErrorGroups:
    """The groups, the largest first.

    Attributes:
        groups: the groups.
        looked_at: how many failed runs were looked at, the newest ones.
        is_all: whether there are no older ones.
    """

    groups: tuple[ErrorGroup, ...]
    looked_at: int
    is_all: bool


def grouped(key: bytes, rows: Iterable[Row[Any]]) -> tuple[ErrorGroup, ...]:
    """Group failed runs, newest first, by what they say.

    Args:
        key: the seed's key, from which the ids of runs derive.
        rows: numbers, errors and instants of the runs.
    """
    members: dict[str, list[Row[Any]]] = {}
    for row in rows:
        members.setdefault(said(row.error or ""), []).append(row)
    groups = [
        ErrorGroup(
            says,
            len(found),
            ids.run_id(key, found[0].seq),
            found[0].received_at,
            pieces(says) or ((found[0].error,) if found[0].error else ()),
        )
        for says, found in members.items()
    ]
    return tuple(sorted(groups, key=lambda group: -group.runs))


def said(error: str) -> str:
    """Return what an error says, without what differs from run to run.

    Example:
        >>> said('Web Service "Notify" answered 500')
        'Web Service … answered …'
    """
    return _DIFFERS.sub(GAP, error)


def pieces(says: str) -> tuple[str, ...]:
    """Return the texts between the gaps, but for those that are too short to tell anything."""
    texts = (piece.strip() for piece in says.split(GAP))
    return tuple(dict.fromkeys(text for text in texts if len(text) >= _SHORTEST_PIECE))
