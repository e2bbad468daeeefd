"""Numbers as options and arguments of commands: 1000, 1_000 and 1,000 are the same."""

import math
import re
from typing import Any, Final

import click

_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def without_commas(value: Any) -> Any:  # noqa: ANN401  as click hands it over
    """Return a number's text without the commas between its thousands; anything else as it is.

    Example:
        >>> without_commas("1,000,000"), without_commas("15,30")
        ('1000000', '15,30')
    """
    is_grouped = isinstance(value, str) and _THOUSANDS.fullmatch(value.strip())
    return value.replace(",", "") if is_grouped else value


class Finite(click.FloatRange):
    """A range without NaN and infinity, which ``click.FloatRange`` accepts."""

    name = "number"  # in messages and help, where click says "float range"

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        number = super().convert(without_commas(value), param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class AnyNumber(click.types.FloatParamType):
    """A finite number, whose range is judged by what takes it."""

    name = "number"

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        number = super().convert(without_commas(value), param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class AnyInteger(click.types.IntParamType):
    """A whole number, whose range is judged by what takes it."""

    name = "integer"

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        return super().convert(without_commas(value), param, ctx)


class Integer(click.IntRange):
    """A range of whole numbers."""

    name = "integer"  # click says "integer range", also of what is no number at all

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        return super().convert(without_commas(value), param, ctx)
