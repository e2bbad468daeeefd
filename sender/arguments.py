"""Judges the arguments of the public classes, so that a wrong one is one error where it is given.

Each function raises ConfigurationError with the argument's name, what was found and what was
expected. A text is shown only where it cannot be a secret. Pure.
"""

import math
from collections.abc import Collection, Iterable
from typing import Final, NoReturn

from sender.errors import ConfigurationError

MOST_WORKERS: Final = 1_000


def check_kind(
    name: str, value: object, kinds: type | tuple[type, ...], expected: str, *, shown: bool = True
) -> None:
    """Check what kind of value an argument is.

    Args:
        name: the argument's name.
        value: its value.
        kinds: the classes that it may have.
        expected: the same in words.
        shown: whether an error may show the value; otherwise it shows its class.

    Example:
        >>> check_kind("restated", "no", bool, "True or False")
        Traceback (most recent call last):
        sender.errors.ConfigurationError: restated: found 'no', expected True or False
    """
    if not isinstance(value, kinds):
        _refuse(name, value if shown else type(value), expected)


def check_workers(workers: object) -> None:
    """Check a number of connections; None is the transport's default."""
    if workers is None:
        return
    if isinstance(workers, bool) or not isinstance(workers, int):
        _refuse("workers", workers, f"a whole number, 1 to {MOST_WORKERS:,}")
    if workers < 1:
        _refuse("workers", workers, "at least 1")
    if workers > MOST_WORKERS:
        _refuse("workers", workers, f"at most {MOST_WORKERS:,}")


def check_share(name: str, share: object) -> None:
    """Check a share."""
    if not (is_number(share) and 0 <= share <= 1):  # type: ignore[operator]
        _refuse(name, share, "a number, 0 to 1")


def check_seconds(name: str, seconds: object) -> None:
    """Check a time in seconds, which must be positive and finite."""
    if not (is_number(seconds) and 0 < seconds < math.inf):  # type: ignore[operator]
        _refuse(name, seconds, "a positive, finite number of seconds")


def check_callables(name: str, values: object, expected: str) -> None:
    """Check a list of callables; what can be read once only would be empty afterwards."""
    if not isinstance(values, Collection) or isinstance(values, str | bytes):
        _refuse(name, type(values), expected)
    for value in values:
        if not callable(value):
            _refuse(name, type(value), expected)


def check_methods(name: str, value: object, methods: Iterable[str], expected: str) -> None:
    """Check that an object of the caller's own has the methods that are called."""
    missing = [method for method in methods if not hasattr(value, method)]
    if missing:
        found = f"a value of class {type(value).__name__} without {', '.join(missing)}"
        raise ConfigurationError(f"{name}: found {found}, expected {expected}")


def is_number(value: object) -> bool:
    """Return whether a value is a number, and neither a boolean nor NaN."""
    is_real = isinstance(value, int | float) and not isinstance(value, bool)
    return is_real and value == value  # noqa: PLR0124  NaN alone is unequal to itself


def _refuse(name: str, found: object, expected: str) -> NoReturn:
    shown = f"a value of class {found.__name__}" if isinstance(found, type) else repr(found)
    raise ConfigurationError(f"{name}: found {shown}, expected {expected}")
