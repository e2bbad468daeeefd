"""Numbers as options and arguments of commands."""

import math
from typing import Any

import click


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
        number = super().convert(value, param, ctx)
        if not math.isfinite(number):
            self.fail(f"{value!r} is not a finite number", param, ctx)
        return number


class Integer(click.IntRange):
    """A range of whole numbers."""

    name = "integer"  # click says "integer range", also of what is no number at all
