"""Which span of time the Overview shows, as its address says it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from mock_qualtrics.clock import FIRST_INSTANT, SECOND
from mock_qualtrics.model import Microseconds
from mock_qualtrics.web.control.inputs import BadRequestError
from mock_qualtrics.web.pages.history.search_terms import Age, Instant, NotExpectedError, moment

CHOICES: Final[Mapping[str, str]] = {
    "10m": "10 minutes",
    "1h": "1 hour",
    "6h": "6 hours",
    "1d": "24 hours",
    "7d": "7 days",
    "30d": "30 days",
}
"""The spans that the page offers, as addresses say them, and in words."""
DEFAULT: Final = "1h"


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A span of time on the tenant's clock.

    Attributes:
        last: its length, as the address says it.
        first: its first instant.
        end: its last instant.
        is_now: whether it ends now, and moves on.
    """

    last: str
    first: Microseconds
    end: Microseconds
    is_now: bool

    @property
    def last_instant(self) -> Microseconds:
        """The last instant that counts: what is before another one does not include it."""
        return self.end if self.is_now else max(self.first, self.end - 1)

    def begun_at(self, first: Microseconds) -> "TimeSpan":
        """Return the span with another first instant."""
        return replace(self, first=first)


def read_span(query: Mapping[str, str], now: Microseconds) -> TimeSpan:
    """Return the span that the parameters ``last`` and ``before`` name; by default the last hour.

    Raises:
        BadRequestError: one of them is wrong.
    """
    last = query.get("last") or DEFAULT
    age = _read("last", last, "an age such as 10m, 6h or 30d")
    if not isinstance(age, Age) or age.seconds == 0:
        raise BadRequestError(f"last: found {last!r}, expected an age such as 10m, 6h or 30d")
    before = query.get("before")
    if not before:
        return TimeSpan(last, _begin(now, age), now, is_now=True)
    expected = "an instant such as 2026-01-01T10:00"
    instant = _read("before", before, expected)
    if not isinstance(instant, Instant):
        raise BadRequestError(f"before: found {before!r}, expected {expected}")
    end = min(instant.instant, now)
    return TimeSpan(last, _begin(end, age), end, is_now=False)


def _begin(end: Microseconds, age: Age) -> Microseconds:
    return max(FIRST_INSTANT, end - age.seconds * SECOND)


def _read(name: str, text: str, expected: str) -> Age | Instant:
    try:
        return moment(text)
    except NotExpectedError:
        raise BadRequestError(f"{name}: found {text!r}, expected {expected}") from None
