"""The calls of a span: by segment and try, and in the order in which they are judged."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.vectorised.day_runs import OTHERS
from loadtests.planning.engines.vectorised.exported import Exported

Whole = NDArray[np.int64]

NUMBER_BITS = 31  # the number and the instant of a call are sorted as one integer
LONGEST_SPAN_US = 1 << (63 - NUMBER_BITS)


@dataclass(slots=True)
class SpanCalls:
    """The calls of a span.

    Attributes:
        parts: each try's messages, in the order in which they were added; None: other clients'.
    """

    parts: list[tuple[Exported | None, int, Whole]] = field(default_factory=list)
    _numbers: list[Whole] = field(default_factory=list)
    _instants: list[Whole] = field(default_factory=list)

    def add(self, export: Exported | None, at: int, messages: Whole, instants: Whole) -> None:
        """Add one try's calls, or those of other clients, in their order."""
        self.parts.append((export, at, messages))
        first = export.segment.first if export else 0
        self._numbers.append(messages + first if export else np.full(len(messages), OTHERS))
        self._instants.append(instants)

    def in_order(self, begins: int) -> tuple[Whole, Whole, Whole]:
        """Put the calls in order: at one instant others' first, then the lower number.

        Args:
            begins: when the span begins.

        Returns:
            Where each call stood as it was added, its message's number, and its instant.
        """
        numbers, instants = np.concatenate(self._numbers), np.concatenate(self._instants)
        if len(self.parts) == 1:
            return np.arange(len(numbers), dtype=np.int64), numbers, instants
        keys = ((instants - begins) << NUMBER_BITS) | (numbers + 1)
        order = np.argsort(keys, kind="stable")  # its parts are sorted: merging them is fast
        return order, numbers[order], instants[order]
