"""Numbers as options and arguments of commands: 1000, 1_000 and 1,000 are the same."""

import math
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    _ParamType = click.ParamType[Any]
else:
    _ParamType = click.ParamType  # takes no type argument before click 8.4

_THOUSANDS: Final = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")


def without_commas(value: Any) -> Any:  # noqa: ANN401  as click hands it over
    """Return a number's text without the commas between its thousands; anything else as it is.

    Example:
        >>> without_commas("1,000,000"), without_commas("15,30")
        ('1000000', '15,30')
    """
    is_grouped = isinstance(value, str) and _THOUSANDS.fullmatch(value.strip())
    return value.replace(",", "") if is_grouped else value


class _Number(_ParamType):
    """Reads commas between thousands; what else a number must be says the type beside it."""

    reads: Callable[[Any], object] = float
    expected = "a number, such as 0.05, 1_000 or 1,000"

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        number = without_commas(value)
        try:
            type(self).reads(number)
        except ValueError:
            self.fail(f"{value!r} is not {self.expected}", param, ctx)
        return super().convert(number, param, ctx)


class _WholeNumber(_Number):
    reads = int
    expected = "a whole number, such as 1000000, 1_000_000 or 1,000,000"


class _FiniteNumber(_Number):
    """Refuses NaN and infinity, which click takes for numbers."""

    def convert(
        self,
        value: Any,  # noqa: ANN401  click's signature
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> Any:  # noqa: ANN401  click's signature
        """Convert an option's value."""
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class Finite(_FiniteNumber, click.FloatRange):
    """A range of finite numbers."""

    name = "number"  # in messages and help, where click says "float range"


class AnyNumber(_FiniteNumber, click.types.FloatParamType):
    """A finite number, whose range is judged by what takes it."""

    name = "number"


class Integer(_WholeNumber, click.IntRange):
    """A range of whole numbers."""

    name = "integer"  # click says "integer range", also of what is no number at all


class AnyInteger(_WholeNumber, click.types.IntParamType):
    """A whole number, whose range is judged by what takes it."""

    name = "integer"
