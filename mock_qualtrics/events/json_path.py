"""Evaluate a JSONPath (RFC 9535) on an event; each path is compiled once (Q-BODY-2).

A path that only names members, such as ``$.person.name.firstName``, is walked directly. Nearly all
paths are of this form, and walking is many times faster. Other paths are evaluated by the library,
within the limits of ``work_budget``.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from mock_qualtrics.errors import InvalidPathError, PathFailedError, TooMuchWorkError
from mock_qualtrics.events.work_budget import WorkBudget

_COSTLY = ("..", "?", ",")  # descents, filters and unions: their work can exceed the event's size
_NAME_STEP = re.compile(r"(\.\.)?\['([A-Za-z_][A-Za-z0-9_]*)'\]")
_MEMBERS_ONLY = re.compile(r"\$(\.[A-Za-z_][A-Za-z0-9_]*)*")
Find = Callable[[Any, WorkBudget], list[Any]]


class Path:
    """A compiled path. Paths with the same text are equal.

    Raises:
        InvalidPathError: the text is no JSONPath.
    """

    __slots__ = ("_find", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self._find = _compiled(text)

    @property
    def costly(self) -> bool:
        """Whether evaluating it may take as long as the work budget allows."""
        return any(part in self.text for part in _COSTLY)

    def values(self, event: Any, work: WorkBudget | None = None) -> list[Any]:  # noqa: ANN401  any JSON
        """Return the values at the path, in document order; an empty list when there is none.

        Args:
            event: any JSON value.
            work: the budget that all paths on this event share; a new one by default.

        Raises:
            PathFailedError: the event is nested too deeply for the path, or the budget is used up.
        """
        return self._find(event, work or WorkBudget())

    def beginnings(self) -> list["Path"]:
        """Return the paths to each step on its way, the root first and itself last.

        Example: ``$``, ``$.person``, ``$.person.name`` for ``$.person["name"]``.
        """
        if _MEMBERS_ONLY.fullmatch(self.text):
            steps = [f".{name}" for name in self.text.split(".")[1:]]
        else:
            steps = _steps(self.text)
        return [Path(f"${''.join(steps[:count])}") for count in range(len(steps) + 1)]

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
    def walk(event: Any, _: WorkBudget) -> list[Any]:  # noqa: ANN401  any JSON value
        for member in members:
            if not isinstance(event, dict) or member not in event:
                return []
            event = event[member]
        return [event]

    return walk


def _query(text: str) -> Find:
    import jsonpath_rfc9535  # noqa: PLC0415  only workflows with such a path pay for it

    from mock_qualtrics.events import counted_json_path  # noqa: PLC0415  the same

    try:
        query = counted_json_path.ENVIRONMENT.compile(text)
    except Exception as error:
        # Not only its own errors: a number may overflow, or brackets may be nested too deeply.
        raise InvalidPathError(text, str(error)) from error

    def find(event: Any, work: WorkBudget) -> list[Any]:  # noqa: ANN401  any JSON value
        try:
            return counted_json_path.find(query, event, work)
        except TooMuchWorkError as error:
            raise PathFailedError(text, str(error)) from error
        except (jsonpath_rfc9535.JSONPathError, RecursionError) as error:
            raise PathFailedError(text, "the event or the path is nested too deeply") from error
        except Exception as error:
            raise PathFailedError(text, f"{type(error).__name__}: {error}") from error

    return find


def _steps(text: str) -> list[str]:
    from mock_qualtrics.events import counted_json_path  # noqa: PLC0415  as above

    segments = map(str, counted_json_path.ENVIRONMENT.compile(text).segments)
    return [_dotted(one) for one in segments]


def _dotted(step: str) -> str:
    name = _NAME_STEP.fullmatch(step)
    return f"{name[1] or '.'}{name[2]}" if name else step
