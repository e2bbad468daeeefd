"""Interleaved rounds and ratios of medians: what a noisy machine can still tell truthfully."""

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
        unit: of each value, for example ``calls/s``.
        values: one a round, in order.
    """

    name: str
    unit: str
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle of the rounds."""
        return statistics.median(self.values)

    def ratio_to(self, other: "Figure") -> float:
        """This median over the other's."""
        return self.median / other.median

    def to_mapping(self) -> dict[str, object]:
        """Return the figure as JSON values."""
        return {
            "name": self.name,
            "unit": self.unit,
            "median": self.median,
            "values": list(self.values),
        }


def interleave(contestants: Mapping[str, Measurement], *, rounds: int, unit: str) -> list[Figure]:
    """Measure each contestant once a round, in turn, so that drift strikes all of them alike."""
    values: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, measure in contestants.items():
            values[name].append(measure())
    return [Figure(name, unit, tuple(found)) for name, found in values.items()]


def table(title: str, figures: Sequence[Figure], *, against: str | None = None) -> Table:
    """Draw the figures, with the first one's ratio to each (or only to ``against``)."""
    drawn = Table(title=title)
    for heading in ("contestant", "median", "min", "max", f"{figures[0].name} is"):
        drawn.add_column(heading, justify="left" if heading == "contestant" else "right")
    for figure in figures:
        shown = figure is not figures[0] and (against is None or figure.name == against)
        drawn.add_row(
            figure.name,
            f"{figure.median:,.4g} {figure.unit}",
            f"{min(figure.values):,.4g}",
            f"{max(figure.values):,.4g}",
            f"{figures[0].ratio_to(figure):.2f} ×" if shown else "",
        )
    return drawn
