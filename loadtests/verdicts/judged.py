"""Thresholds beside what was found."""

from collections.abc import Iterable
from dataclasses import dataclass

from loadtests.verdicts.figures import Figures
from loadtests.verdicts.threshold import Threshold


@dataclass(frozen=True, slots=True)
class Judged:
    """A threshold, and whether the run kept to it.

    Attributes:
        threshold: what was asked.
        found: what was found; None: nothing could be, so that it counts as missed.
    """

    threshold: Threshold
    found: float | None

    @property
    def met(self) -> bool:
        """Whether the run kept to it."""
        return self.found is not None and self.threshold.is_met(self.found)

    @property
    def sentence(self) -> str:
        """What was found, in words.

        Example:
            >>> Judged(Threshold.parse("lost==0"), 3).sentence
            'lost==0: missed, found 3'
        """
        if self.found is None:
            return f"{self.threshold.text}: missed, because nothing tells it in this run"
        outcome = "met" if self.met else "missed"
        return f"{self.threshold.text}: {outcome}, found {shown(self.found)}"


def shown(figure: float) -> str:
    """Return a figure as people read it.

    Example:
        >>> shown(3), shown(1234.5678), shown(0.012345)
        ('3', '1234.57', '0.01235')
    """
    return f"{figure:.2f}".rstrip("0").rstrip(".") if figure >= 1 else f"{figure:.4g}"


def judged(thresholds: Iterable[Threshold], figures: Figures) -> tuple[Judged, ...]:
    """Return each threshold beside what was found."""
    return tuple(Judged(each, figures.of(each)) for each in thresholds)
