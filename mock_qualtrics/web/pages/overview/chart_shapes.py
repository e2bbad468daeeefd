"""Where the bars, lines and axes of a chart stand. Pure; the template draws them as SVG.

A chart is 420 units wide and 160 high. What differs in colour differs in pattern or dashes too.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 420
HEIGHT: Final = 160
LEFT: Final = 44  # room for the numbers of the axis
TOP: Final = 8
BOTTOM: Final = HEIGHT - 22  # room for the times
_MOST_TICKS: Final = 4
_LABELS: Final = 4
_GAP: Final = 0.15  # of a bar's width


@dataclass(frozen=True, slots=True)
class Bar:
    """One part of a stacked bar."""

    name: str
    x: float
    y: float
    width: float
    height: float

    @property
    def path(self) -> str:
        """Its outline."""
        return f"M{self.x:g} {self.y:g}h{self.width:g}v{self.height:g}h-{self.width:g}z"


@dataclass(frozen=True, slots=True)
class Tick:
    """A number on the axis, and how high it stands."""

    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Label:
    """A time below the chart."""

    x: float
    text: str
    anchor: str


def top_of_axis(largest: float) -> float:
    """Return the least round number, 1, 2 or 5 times a power of ten, that four ticks divide well.

    Example:
        >>> top_of_axis(0), top_of_axis(7), top_of_axis(230), top_of_axis(0.0031)
        (1.0, 8.0, 300.0, 0.004)
    """
    if largest <= 0:
        return 1.0
    step = largest / _MOST_TICKS
    power = 10.0 ** math.floor(math.log10(step))
    round_step = next(one for one in (1, 2, 5, 10) if one * power >= step * (1 - 1e-9)) * power
    ticks = math.ceil(largest / round_step - 1e-9)
    return float(f"{round_step * ticks:.6g}")


def ticks(top: float, unit: str = "") -> list[Tick]:
    """Return the ticks of an axis from 0 to ``top``, lowest first."""
    step = _tick_step(top)
    count = round(top / step)
    return [
        Tick(height_of(step * number, top), f"{short_number(step * number)}{unit}")
        for number in range(count + 1)
    ]


def _tick_step(top: float) -> float:
    power = 10.0 ** math.floor(math.log10(top))
    steps = (0.1, 0.2, 0.5, 1, 2, 5)
    return next(one * power for one in steps if round(top / (one * power), 6) <= _MOST_TICKS)


def short_number(number: float) -> str:
    """Return a number in a few characters, such as 1.5k."""
    for limit, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
        if number >= limit:
            return f"{number / limit:g}{name}"
    return f"{number:.4g}"


def height_of(value: float, top: float) -> float:
    """Return how far from the top of the chart a value stands."""
    return round(BOTTOM - (BOTTOM - TOP) * min(value, top) / top, 2)


def stacked_bars(columns: Sequence[Mapping[str, int]], top: float) -> list[list[Bar]]:
    """Return the parts of each column's bar, the first name lowest; without those that are zero."""
    width = (WIDTH - LEFT) / max(1, len(columns))
    return [
        _column(column, LEFT + place * width, width, top) for place, column in enumerate(columns)
    ]


def _column(column: Mapping[str, int], x: float, width: float, top: float) -> list[Bar]:
    bars, below = [], 0
    for name, count in column.items():
        if count:
            upper, lower = height_of(below + count, top), height_of(below, top)
            inner = round(width * (1 - _GAP), 2)
            bars.append(
                Bar(name, round(x + width * _GAP / 2, 2), upper, inner, round(lower - upper, 2))
            )
        below += count
    return bars


def line(values: Sequence[float | None], top: float) -> str:
    """Return the path of a line through the middle of each column, with gaps where nothing is."""
    width = (WIDTH - LEFT) / max(1, len(values))
    path, draws = [], False
    for place, value in enumerate(values):
        if value is None:
            draws = False
            continue
        x = round(LEFT + (place + 0.5) * width, 2)
        path.append(f"{'L' if draws else 'M'}{x} {height_of(value, top)}")
        if not draws and (place + 1 == len(values) or values[place + 1] is None):
            path.append(f"h{max(2.0, round(width / 2, 2))}")  # a single value is seen too
        draws = True
    return "".join(path)


def time_labels(texts: Sequence[str]) -> list[Label]:
    """Return a few of the columns' times, evenly spaced, the first and the last among them."""
    if not texts:
        return []
    count = min(_LABELS, len(texts))
    width = (WIDTH - LEFT) / len(texts)
    labels = []
    for number in range(count):
        place = round(number * (len(texts) - 1) / max(1, count - 1))
        anchor = "start" if number == 0 else "end" if number == count - 1 else "middle"
        middle = {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
        labels.append(Label(round(LEFT + (place + middle) * width, 2), texts[place], anchor))
    return labels
