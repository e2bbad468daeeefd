"""A forecast beside what a run really did: values only. Pure."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a forecast and of a run.

    Attributes:
        name: as the report has it.
        forecast: what was expected.
        actual: what the run did.

    Example:
        >>> Figure("identitiesFailed", forecast=100, actual=90).difference_share
        -0.1
    """

    name: str
    forecast: float
    actual: float

    @property
    def difference(self) -> float:
        """How much more the run had than was expected."""
        return self.actual - self.forecast

    @property
    def difference_share(self) -> float | None:
        """The same as a share of what was expected; None when that is 0."""
        return self.difference / self.forecast if self.forecast else None

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "name": self.name,
            "forecast": self.forecast,
            "actual": self.actual,
            "difference": self.difference,
            "differenceShare": self.difference_share,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """A forecast beside a run.

    Attributes:
        figures: those that the report has, in its order.
        notes: why the two may not be of the same export, a sentence each.
    """

    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = ()

    @property
    def is_equal(self) -> bool:
        """Whether every count is as it was expected; how long a run took does not matter."""
        counts = (f for f in self.figures if f.name != "processingTimeSeconds")
        return all(figure.difference == 0 for figure in counts)

    def to_mapping(self) -> dict[str, Any]:
        """Return it as a JSON object."""
        return {
            "equal": self.is_equal,
            "figures": [figure.to_mapping() for figure in self.figures],
            "notes": list(self.notes),
        }
