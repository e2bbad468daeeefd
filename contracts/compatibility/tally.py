"""Counts over all messages how often something holds, and keeps why it first did not. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from contracts.compatibility.certainty import ALWAYS, NEVER, Certainty, over_all
from contracts.compatibility.conditions import Predicate, predicate_holding
from contracts.compatibility.reasons import ends_of
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
        amount = "none" if self.verdict is NEVER else str(self.always)
        return Why(why.code, f"for certain in {amount} of {self.count} rows; {label}: {why.text}")


def holding_of(predicate: Predicate) -> Judge:
    """Return what says how certain it is that a message meets the predicate."""
    return lambda message: predicate_holding(predicate, message)


def why_it_fails(predicate: Predicate) -> Explain:
    """Return what says why a message does not meet the predicate."""

    def explain(message: Shape) -> Why:
        places = ends_of(predicate.path, message)
        if predicate.wants_absence:
            return Why("always-there", f"{predicate.path} is in every message")
        operator = predicate.operator.replace("_", " ")
        known = [place for place in places if getattr(place.shape, "values", None)]
        if known and len(known) == len(places) and str(known[0]).endswith(".status"):
            return Why("status-value", f"{known[0]} is realized or exited (A-MSG-2)")
        where = str(places[0]) if places else predicate.path
        return Why("wrong-type", f"{where} never {operator} {predicate.operand!r}")

    return explain
