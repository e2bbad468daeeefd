"""Cache the results of pure functions on texts that callers send repeatedly.

Long texts are not cached: a caller could fill the memory with them.
"""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST_REMEMBERED = 2_048

_Text = TypeVar("_Text", str, bytes)
_Result = TypeVar("_Result")


def bounded_cache(most: int) -> Callable[[Callable[[_Text], _Result]], Callable[[_Text], _Result]]:
    """Cache up to ``most`` results of the decorated pure function of one text."""

    def decorate(function: Callable[[_Text], _Result]) -> Callable[[_Text], _Result]:
        cached = lru_cache(maxsize=most)(function)

        @wraps(function)
        def call(text: _Text) -> _Result:
            return cached(text) if len(text) <= LONGEST_REMEMBERED else function(text)

        return call

    return decorate
