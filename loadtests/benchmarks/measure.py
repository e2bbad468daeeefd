"""Interleaved rounds and ratios of medians, which stay meaningful on a noisy machine."""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rich.table import Table

Measurement = Callable[[], float]


@dataclass(frozen=True, slots=True)
class Figure:
    """All rounds of one contestant.

    Attributes:
        name: the contestant.
        unit: the unit of the values, for example ``calls/s``.
        values: one per round, in order.
    """

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the rounds."""
        return statistics.median(self.values)

    def ratio_to(self, other: "Figure") -> float:
        """Return this median divided by the other's."""
        return self.median / other.median

    def to_mapping(self) -> dict[str, object]:
        """Return the figure as a JSON object."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "values": list(self.values),
        }


def interleave(contestants: Mapping[str, Measurement], *, rounds: int, unit: str) -> list[Figure]:
    """Measure each contestant once per round, in turn, so that drift affects all of them alike."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            values[name].append(measure())
    return [Figure(name, unit, tuple(measured)) for name, measured in values.items()]


def table(title: str, figures: Sequence[Figure], *, against: str | None = None) -> Table:
    """Return a table of the figures, with the first one's ratio to each (or to ``against``)."""
    result = Table(title=title)
    for heading in ("contestant", "median", "min", "max", f"{figures[0].name} is"):
        result.add_column(heading, justify="left" if heading == "contestant" else "right")
    for figure in figures:
        has_ratio = figure is not figures[0] and (against is None or figure.name == against)
        result.add_row(
            figure.name,
            f"{figure.median:,.4g} {figure.unit}",
            f"{min(figure.values):,.4g}",
            f"{max(figure.values):,.4g}",
            f"{figures[0].ratio_to(figure):.2f} ×" if has_ratio else "",
        )
    return result
