"""Text helpers: texts that are safe to print, and instants. Pure."""

import datetime as dt

from contracts.terminal import printable


def printable_text(text: str) -> str:
    r"""Return a text with control characters as escapes, so that it cannot steer a terminal.

    Needed for every text that may contain words of the destination or of a file.

    Example:
        >>> printable_text("down" + chr(27) + "[2J")
        'down\\u001b[2J'
    """
    return printable(text)


def instant_text(instant: dt.datetime) -> str:
    """Return an instant as in a message: UTC with microseconds; without a time zone it is UTC.

    Raises:
        OverflowError: in UTC the instant would be before year 1 or after year 9999.
    """
    if instant.tzinfo is not None:
        instant = instant.astimezone(dt.UTC)
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
