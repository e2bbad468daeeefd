"""JSONPath (RFC 9535) on an event, compiled once (Q-BODY-2).

A path that only names members, such as ``$.person.name.firstName``, is walked directly: that is
what nearly all paths are, and it is many times faster. Any other one is the library's to evaluate.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mock_qualtrics.errors import PathFailedError

_MEMBERS_ONLY = re.compile(r"\$(\.[A-Za-z_][A-Za-z0-9_]*)*")
Find = Callable[[Any], list[Any]]


class Path:
    """One compiled path. Two are equal when their text is.

    Raises:
        ValueError: the text is no JSONPath; the message says why.
    """

    __slots__ = ("_find", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._find = _compiled(text)

    def values(self, event: Any) -> list[Any]:  # noqa: ANN401  any JSON value
        """Return the values that the path finds, in document order; none is no error.

        Raises:
            PathFailedError: the event is nested too deeply for the path.
        """
        return self._find(event)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Path) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Path({self.text!r})"


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Find:
    if _MEMBERS_ONLY.fullmatch(text):
        return _walker(tuple(text.split(".")[1:]))
    return _query(text)


def _walker(members: tuple[str, ...]) -> Find:
    def walk(event: Any) -> list[Any]:  # noqa: ANN401  any JSON value
        for member in members:
            if not isinstance(event, dict) or member not in event:
                return []
            event = event[member]
        return [event]

    return walk


def _query(text: str) -> Find:
    import jsonpath_rfc9535  # noqa: PLC0415  only workflows with such a path pay for it

    try:
        query = jsonpath_rfc9535.compile(text)
    except jsonpath_rfc9535.JSONPathError as error:
        raise ValueError(f"{text!r} is no JSONPath (RFC 9535): {error}") from error

    def find(event: Any) -> list[Any]:  # noqa: ANN401  any JSON value
        try:
            return list(query.find(event).values())
        except (jsonpath_rfc9535.JSONPathError, RecursionError) as error:
            raise PathFailedError(text) from error

    return find
