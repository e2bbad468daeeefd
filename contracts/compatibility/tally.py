"""Counts over all messages how often something holds, and keeps why it first did not. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contracts.compatibility.certainty import ALWAYS, NEVER, Certainty, over_all
from contracts.compatibility.conditions import Predicate, predicate_holding
from contracts.compatibility.mismatches import why_it_fails
from contracts.compatibility.shape import Shape, Why

Judge = Callable[[Shape], Certainty]
Explain = Callable[[Shape], Why]

_OF_THE_MAPPING: Final = ("unmapped", "identity-key", "conditions", "status-value")


@dataclass(slots=True)
class Tally:
    """What was found of one thing over all messages.

    Attributes:
        judge: how certain it is of a message's shape.
        explain: why it is not always so.
        first: the first message of which it is not, and why.
    """

    judge: Judge
    explain: Explain
    seen: set[Certainty] = field(default_factory=set)
    always: int = 0
    count: int = 0
    first: tuple[str, Why] | None = None

    def add(self, label: str, message: Shape) -> Certainty:
        """Judge one more kind of message; return what holds of it."""
        certainty = self.judge(message)
        self.seen.add(certainty)
        self.count += 1
        self.always += certainty is ALWAYS
        if self.first is None and certainty is not ALWAYS:
            self.first = label, self.explain(message)
        return certainty

    @property
    def verdict(self) -> Certainty:
        """What holds over all messages."""
        return over_all(self.seen)

    @property
    def why(self) -> Why | None:
        """Why it is not always so; of rows with how many and the first."""
        if self.first is None:
            return None
        label, why = self.first
        if not label or why.code in _OF_THE_MAPPING:
            return why
        return Why(why.code, f"{self._amount}{label}: {why.text}")

    @property
    def _amount(self) -> str:
        """In how many rows it is so; empty where there is only one."""
        if self.count == 1:
            return ""
        if self.verdict is NEVER:
            return f"in none of {self.count} exported rows; "
        return f"certain in {self.always} of {self.count} exported rows; "


def tally_of(predicate: Predicate) -> Tally:
    """Return what counts in how many messages a predicate holds."""
    return Tally(holding_of(predicate), lambda message: why_it_fails(predicate, message))


def holding_of(predicate: Predicate) -> Judge:
    """Return what says how certain it is that a message meets the predicate."""
    return lambda message: predicate_holding(predicate, message)
