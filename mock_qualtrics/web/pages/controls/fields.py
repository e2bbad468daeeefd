"""Fields of forms: what is in them, as values that a schema judges, and what is wrong. Pure."""

import math
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from contracts.violations import MISSING, Violation

_LONGEST_NUMBER: Final = 30  # nobody types a longer one, and reading it may be slow
_WHOLE: Final = ("$", "kind", "when")


class Field(NamedTuple):
    """One field of a form.

    Attributes:
        name: its name in the form.
        label: what stands before it.
        help: what it is.
        value: what is in it.
        error: what is wrong with that.
        choices: the values to choose from; none when it is free text.
        required: whether it must be given.
    """

    name: str
    label: str
    help: str = ""
    value: str = ""
    error: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


def words(name: str) -> str:
    """Return a setting's name as words.

    Example:
        >>> words("callsPerMinute")
        'Calls per minute'
    """
    return re.sub(r"(?=[A-Z])", " ", name).capitalize()


def plain(text: str) -> str:
    """Return a sentence of the schemas or docstrings without marks of code."""
    return text.replace("`", "")


def number_or_text(text: str) -> int | float | str:
    """Return the number that a field holds, or its text.

    Example:
        >>> [number_or_text(text) for text in ("3", " 0.5 ", "soon", "nan")]
        [3, 0.5, 'soon', 'nan']
    """
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        return text
    try:
        return int(text)
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def errors_of(violations: Iterable[object]) -> dict[str, str]:
    """Return what is wrong by the field's name; what belongs to no field has the name ``""``.

    Example:
        >>> errors_of([Violation("$.when.between[1]", 1, "later than 2")])
        {'when-between-1': 'found 1, expected later than 2'}
    """
    return {_field_of(one): _said(one) for one in violations if isinstance(one, Violation)}


def _said(violation: Violation) -> str:
    expected = f"expected {violation.expected}"
    return expected if violation.value is MISSING else f"found {violation.found}, {expected}"


def _field_of(violation: Violation) -> str:
    place = violation.path.removeprefix("$.").removesuffix("]")
    return "" if place in _WHOLE else place.replace(".", "-").replace("[", "-")
