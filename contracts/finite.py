"""A number as an option or argument of a command, without NaN and infinity."""

import math
from typing import Any

import click


class Finite(click.FloatRange):
    """A range without NaN and infinity, which ``click.FloatRange`` accepts."""

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
