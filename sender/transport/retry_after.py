"""Reads a ``Retry-After`` header (RFC 9110, 10.2.3), whatever a server made of it. Pure."""

import email.utils
import math
import re
from collections.abc import Iterator
from datetime import UTC

LONGEST_SECONDS = 10**8

_SECONDS = re.compile(r"[0-9]+(\.[0-9]+)?")  # not isdecimal(): that takes digits of every script
_DAY_NAME = re.compile(r"(mon|tue|wed|thu|fri|sat|sun)[a-z]*", re.IGNORECASE)


def retry_after_seconds(header: str | None, now: float) -> float:
    """Return the wait that a ``Retry-After`` header asks for; 0 if it is absent or unreadable.

    The header holds seconds or an HTTP date in one of its three forms. A fraction of a second is
    rounded up. When the header came more than once, which HTTP joins by commas, the longest wait
    that can be read counts.

    Args:
        header: the header's value.
        now: the current instant, in seconds since 1970.

    Example:
        >>> retry_after_seconds("Thu, 01 Jan 1970 00:01:40 GMT", now=40.0)
        60.0
        >>> retry_after_seconds("2.5, 1", now=40.0)
        3.0
    """
    return max((_wait_seconds(value, now) for value in _values(header or "")), default=0.0)


def _values(header: str) -> Iterator[str]:
    """Yield the values that were joined; the comma after a date's day does not end one."""
    day = ""
    for part in map(str.strip, header.split(",")):
        if _DAY_NAME.fullmatch(part):
            day = f"{part}, "
        else:
            yield day + part
            day = ""


def _wait_seconds(value: str, now: float) -> float:
    if _SECONDS.fullmatch(value):
        return float(math.ceil(min(float(value), LONGEST_SECONDS)))
    try:
        # A date must be ASCII: parsing it takes digits of every script as well.
        date = email.utils.parsedate_to_datetime(value) if value.isascii() else None
    except (ValueError, OverflowError):
        return 0.0
    if date is None:
        return 0.0
    instant = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, instant.timestamp() - now)
