"""How long an answer's ``Retry-After`` asks to wait: seconds, or a date (Q-LIM-2). Pure."""

from email.utils import parsedate_to_datetime
from typing import Final

_LONGEST: Final = 10  # digits of a number of seconds


def retry_after_seconds(value: str | None, date: str | None = None) -> float | None:
    """Return the seconds; None when there is no such header, or it cannot be read.

    Args:
        value: the header's value.
        date: the answer's header ``Date``, from which one that is a date counts.

    Example:
        >>> retry_after_seconds("2"), retry_after_seconds("soon")
        (2.0, None)
    """
    text = (value or "").strip()
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        return float(text)
    try:
        until, since = parsedate_to_datetime(text), parsedate_to_datetime(date or "")
        return max(0.0, (until - since).total_seconds())
    except (TypeError, ValueError, OverflowError):  # a year or an offset beyond all dates
        return None
