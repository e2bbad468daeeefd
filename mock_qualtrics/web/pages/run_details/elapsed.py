"""The time that passed, in words that one reads at a glance. Pure."""

from typing import Final

from mock_qualtrics.clock import SECOND, parse_instant
from mock_qualtrics.model import Microseconds

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"))
_MILLISECOND: Final = SECOND // 1_000


def duration_text(duration: Microseconds) -> str:
    """Return a duration in its two largest units.

    Example:
        >>> duration_text(200_000), duration_text(12_300_000), duration_text(3_720_000_000)
        ('200 ms', '12.3 s', '1 h 2 min')
    """
    if duration < SECOND:
        return f"{duration // _MILLISECOND} ms"
    whole = duration // SECOND
    names = [(size, name) for size, name in _UNITS if whole >= size]
    if not names:
        return f"{duration / SECOND:.3g} s"
    size, name = names[0]
    rest = whole % size
    smaller = dict(zip(_UNITS, [*_UNITS[1:], (1, "s")], strict=True))[names[0]]
    more = f" {rest // smaller[0]} {smaller[1]}" if rest >= smaller[0] else ""
    return f"{whole // size} {name}{more}"


def between(earlier: str, later: str) -> str:
    """Return the time between two instants as the journal shows them, such as ``200 ms``."""
    return duration_text(max(0, parse_instant(later) - parse_instant(earlier)))
