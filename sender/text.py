"""Texts that are written in several places: what a terminal may show, and instants. Pure."""

import datetime as dt


def printable_text(text: str) -> str:
    """Return a text that cannot command a terminal: a destination's own words may be in it.

    Example:
        >>> printable_text("down" + chr(27) + "[2J")
        'down�[2J'
    """
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def instant_text(instant: dt.datetime) -> str:
    """Return an instant in the message's form; without a time zone it is read as UTC.

    Raises:
        OverflowError: in UTC it would be before the first year or after the last.
    """
    if instant.tzinfo is not None:
        instant = instant.astimezone(dt.UTC)
    return instant.replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"
