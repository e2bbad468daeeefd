"""Numbers of a forecast in words: times, shares and days. Pure."""

from collections.abc import Iterable
from typing import Final

_UNITS: Final = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))
_FEW_SECONDS = 10
_SHOWN_UNITS = 2
_LEAST, _MOST = 0.0005, 0.9995  # what would be rounded to none, and to all
_TRIES: Final = ("first", "second", "third", "fourth", "fifth", "sixth")


def duration(seconds: float) -> str:
    """Return a time in its two greatest units.

    Example:
        >>> duration(1_001.4), duration(0.25), duration(259_200 + 1_230)
        ('16 min 41 s', '0.25 s', '3 d 20 min')
    """
    if seconds < _FEW_SECONDS:
        return f"{round(seconds, 2):g} s"
    rest = round(seconds)
    parts = []
    for size, unit in _UNITS:
        count, rest = divmod(rest, size)
        parts += [f"{count:,} {unit}"] * bool(count)
    return " ".join(parts[:_SHOWN_UNITS])


def percent(share: float) -> str:
    """Return a share; one that is neither none nor all is never rounded to either.

    Example:
        >>> percent(0.054), percent(0.00001), percent(0.99999), percent(0), percent(117.235)
        ('5.4 %', 'under 0.1 %', 'over 99.9 %', '0 %', '11,723.5 %')
    """
    if share in {0.0, 1.0}:
        return f"{share:.0%}".replace("%", " %")
    if share < _LEAST:
        return "under 0.1 %"
    return "over 99.9 %" if _MOST <= share < 1 else f"{share * 100:,.1f} %"


def whole_number(number: float) -> str:
    """Return a number without decimals.

    Example:
        >>> whole_number(12_345.0)
        '12,345'
    """
    return f"{number:,.0f}"


def part(count: int, whole: int, band: str = "") -> str:
    """Return a count and its share of the whole, and the band of many seeds where there is one.

    Example:
        >>> part(54_000, 1_000_000), part(0, 10), part(5, 10, "4 to 6")
        ('54,000 (5.4 %)', '0', '5 (50.0 %; 4 to 6)')
    """
    share = percent(count / whole) if count and whole else ""
    notes = "; ".join(filter(None, (share, band)))
    return f"{count:,} ({notes})" if notes else f"{count:,}"


def at_try(number: int) -> str:
    """Return which try it was.

    Example:
        >>> at_try(1), at_try(7)
        ('at the first try', 'at try 7')
    """
    return f"at the {_TRIES[number - 1]} try" if number <= len(_TRIES) else f"at try {number}"


def days(blocked_by_day: Iterable[tuple[int, int]]) -> str:
    """Return counts by day; days are counted from 1 for people, and from 0 in a forecast.

    Example:
        >>> days([(0, 700_000), (2, 5)])
        'day 1: 700,000, day 3: 5'
    """
    return ", ".join(f"day {day + 1}: {count:,}" for day, count in blocked_by_day)
