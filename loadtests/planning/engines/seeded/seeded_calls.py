"""The calls of a span for many seeds, in the order in which they are judged."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from loadtests.planning.engines.seeded.seeded_export import SeededExport, Waiting
from loadtests.planning.engines.vectorised.day_runs import OTHERS
from loadtests.planning.engines.vectorised.span_calls import NUMBER_BITS

Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(slots=True)
class Ordered:
    """The calls in their order, a row each.

    Attributes:
        stream: of which stream each is.
        numbers: the number of its message; ``OTHERS`` for another client's call.
        attempts: which try it is, from 1.
        instants: when it is made.
        called: in which seeds it is made, a column each.
        ran: in which of them its message has had a run that was executed; None: in none.
    """

    stream: Whole
    numbers: Whole
    attempts: Whole
    instants: Whole
    called: Mask
    ran: Mask | None


@dataclass(slots=True)
class SeededCalls:
    """Collects the calls of a span, by streams: one try of consecutive messages of a segment.

    Attributes:
        seeds: how many seeds there are.
        streams: export and try of each stream; None: other clients.
    """

    seeds: int
    streams: list[tuple[SeededExport | None, int]] = field(default_factory=list)
    _stream: list[Whole] = field(default_factory=list)
    _numbers: list[Whole] = field(default_factory=list)
    _instants: list[Whole] = field(default_factory=list)
    _called: list[Mask] = field(default_factory=list)
    _ran: list[Mask | None] = field(default_factory=list)

    def add(self, export: SeededExport, at: int, parts: list[Waiting]) -> None:
        """Add the calls of one try."""
        ended = -1
        for part in parts:
            if part.first != ended:
                self.streams.append((export, at))
            ended = part.end
            messages = np.arange(part.first, part.end, dtype=np.int64)
            self._add(messages + export.segment.first, export.instants(at, messages), part)

    def add_others(self, instants: Whole) -> None:
        """Add calls of other clients."""
        if len(instants):
            numbers = np.full(len(instants), OTHERS, dtype=np.int64)
            self.streams.append((None, 0))
            self._add(numbers, instants, Waiting(0, len(instants)))

    def _add(self, numbers: Whole, instants: Whole, part: Waiting) -> None:
        self._stream.append(np.full(len(numbers), len(self.streams) - 1, dtype=np.int64))
        self._numbers.append(numbers)
        self._instants.append(instants)
        shape = len(numbers), self.seeds
        self._called.append(np.ones(shape, dtype=np.bool_) if part.wait is None else part.wait)
        self._ran.append(part.ran)

    def in_order(self, begins: int) -> Ordered:
        """Put the calls in order: at one instant others' first, then the lower number."""
        stream, numbers = np.concatenate(self._stream), np.concatenate(self._numbers)
        instants, called = np.concatenate(self._instants), np.concatenate(self._called)
        ran = self._all_ran()
        if len(self.streams) > 1:
            keys = ((instants - begins) << NUMBER_BITS) | (numbers + 1)
            order = np.argsort(keys, kind="stable")
            stream, numbers, instants = stream[order], numbers[order], instants[order]
            called, ran = called[order], None if ran is None else ran[order]
        attempts = np.array([at + 1 for _, at in self.streams], dtype=np.int64)[stream]
        return Ordered(stream, numbers, attempts, instants, called, ran)

    def _all_ran(self) -> Mask | None:
        if all(ran is None for ran in self._ran):
            return None
        pairs = zip(self._ran, self._called, strict=True)
        return np.concatenate([np.zeros_like(made) if ran is None else ran for ran, made in pairs])
