"""Spans of time in words, as the pages show them. Pure."""

from typing import Final

from mock_qualtrics.model import Microseconds

_UNITS: Final = (
    (86_400_000_000, "d", 3_600_000_000, "h"),
    (3_600_000_000, "h", 60_000_000, "min"),
    (60_000_000, "min", 1_000_000, "s"),
)


def span_text(span: Microseconds) -> str:
    """Return a span of time in its two largest units, or in one of seconds or milliseconds.

    Example:
        >>> span_text(90_000_000), span_text(1_234_000), span_text(5_400)
        ('1 min 30 s', '1.23 s', '5.4 ms')
    """
    for large, large_name, small, small_name in _UNITS:
        if span >= large:
            rest = span % large // small
            return f"{span // large} {large_name}" + (f" {rest} {small_name}" if rest else "")
    if span >= 1_000_000:  # noqa: PLR2004  a second
        return f"{_short(span / 1_000_000)} s"
    return f"{_short(span / 1_000)} ms"


def _short(number: float) -> str:
    return f"{number:.3g}" if number < 100 else f"{number:.0f}"  # noqa: PLR2004  three digits
