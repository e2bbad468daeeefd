"""Answers to what callers send again and again, remembered.

Of a long text nothing is: anyone can send such in any number.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST_REMEMBERED = 2_048

_Text = TypeVar("_Text", str, bytes)
_Answer = TypeVar("_Answer")


def bounded_cache(most: int) -> Callable[[Callable[[_Text], _Answer]], Callable[[_Text], _Answer]]:
    """Have a pure function of one text remember so many of its answers."""

    def around(read: Callable[[_Text], _Answer]) -> Callable[[_Text], _Answer]:
        kept = lru_cache(maxsize=most)(read)

        @wraps(read)
        def ask(text: _Text) -> _Answer:
            return kept(text) if len(text) <= LONGEST_REMEMBERED else read(text)

        return ask

    return around
