"""How long something lasts, as people write it: 90, 1.5h, 1h30m. Pure."""

import re
from typing import Final

_UNITS: Final = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_PARTS: Final = re.compile(r"(?:[0-9]{1,12}(?:\.[0-9]{1,6})?[dhms])+")
_PART: Final = re.compile(r"([0-9.]+)([dhms])")
_NUMBER: Final = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")


def seconds_of(text: str) -> float | None:
    """Return the seconds that a text says; None when it says none.

    Example:
        >>> seconds_of("1h30m"), seconds_of("90"), seconds_of("soon")
        (5400.0, 90.0, None)
    """
    text = "".join(text.split()).lower()
    if _NUMBER.fullmatch(text):
        return float(text)
    if not _PARTS.fullmatch(text):
        return None
    return sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(text))
