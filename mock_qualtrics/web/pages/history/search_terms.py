"""What the search box takes: each term's name, what it means, and how its value is read. Pure.

The parser and the table beside the box read the same `TERMS`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from mock_qualtrics.clock import FIRST_INSTANT, SECOND, format_instant, parse_instant
from mock_qualtrics.errors import InvalidInstantError
from mock_qualtrics.journal import State
from mock_qualtrics.model import Microseconds

STATUSES: Final[Mapping[str, frozenset[State]]] = {
    "succeeded": frozenset({State.SUCCEEDED}),
    "failed": frozenset({State.FAILED, State.NOT_STARTED}),
    "pending": frozenset({State.PENDING}),
    "blocked": frozenset({State.NOT_STARTED}),
}
"""The states of each status; a run that is blocked failed, too (Q-RUN-1, Q-RUN-2)."""

VIEWS: Final = ("started", "failed-to-start")
_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_AGE: Final = re.compile(r"([0-9]{1,9})([smhd])", re.ASCII)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Age:
    """So long ago, on the tenant's clock."""

    seconds: int

    def at(self, now: Microseconds) -> Microseconds:
        """Return the instant that is meant."""
        return max(FIRST_INSTANT, now - self.seconds * SECOND)

    def __str__(self) -> str:
        """Return it with the largest unit in which it is a whole number."""
        unit = next(unit for unit, size in _UNITS.items() if self.seconds % size == 0)
        return f"{self.seconds // _UNITS[unit]}{unit}"


@dataclass(frozen=True, slots=True)
class Instant:
    """An instant of the tenant's clock."""

    instant: Microseconds

    def at(self, _now: Microseconds) -> Microseconds:
        """Return the instant that is meant."""
        return self.instant

    def __str__(self) -> str:
        """Return it in RFC 3339, without a fraction that is zero."""
        return format_instant(self.instant).replace(".000000Z", "Z")


Moment = Age | Instant


class NotExpectedError(ValueError):
    """A value is none that its term takes; the term says what it takes."""


def one_of(*names: str) -> Callable[[str], str]:
    """Return a reader of one of these names, in any case."""

    def read(text: str) -> str:
        if text.lower() not in names:
            raise NotExpectedError
        return text.lower()

    return read


def moment(text: str) -> Moment:
    """Read an age, or an instant; one without an offset is in UTC."""
    if age := _AGE.fullmatch(text):
        return Age(int(age[1]) * _UNITS[age[2]])
    text = f"{text}T00:00" if _DATE.fullmatch(text) else text
    for candidate in (text, f"{text}Z"):
        try:
            return Instant(parse_instant(candidate))
        except InvalidInstantError:
            continue
    raise NotExpectedError


@dataclass(frozen=True, slots=True)
class Term:
    """One kind of term.

    Attributes:
        name: what stands before the colon, and the attribute of `Search` that has the values.
        meaning: for the table beside the box.
        expected: what it takes, for the table and for errors.
        example: a whole term.
        read: reads a value; raises `NotExpectedError`.
        repeats: whether it may come several times; of any other, one is enough.
    """

    name: str
    meaning: str
    expected: str
    example: str
    read: Callable[[str], object] = str
    repeats: bool = False


_MOMENT: Final = (
    "an age such as 90s, 10m, 2h or 3d, or an instant such as 2026-01-01T10:00 (UTC unless it "
    "says otherwise)"
)
TERMS: Final = (
    Term(
        "status",
        "the run has this status; several: one of them",
        "succeeded, failed, pending or blocked",
        "status:failed",
        one_of(*STATUSES),
        repeats=True,
    ),
    Term(
        "view",
        "the run is in this view",
        "started or failed-to-start",
        "view:started",
        one_of(*VIEWS),
    ),
    Term(
        "workflow",
        "the run is of the workflow with this name or id; several: of one of them",
        "a name or an id",
        'workflow:"Send the survey"',
        repeats=True,
    ),
    Term("after", "received at this time or later", _MOMENT, "after:10m", moment),
    Term("before", "received before this time", _MOMENT, "before:2026-01-01T10:00", moment),
    Term(
        "task",
        "it has a task of this name; with status:failed, the task failed",
        "the name of a task",
        "task:Invite",
    ),
    Term(
        "error",
        "its error has this text; several: all of them",
        "a text",
        'error:"timed out"',
        repeats=True,
    ),
    Term("trace", "its call had this trace id", "a trace id", "trace:abc"),
)
"""All terms with a name, in the order of the normal form."""
