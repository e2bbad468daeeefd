"""How certain something is over all messages that a dataflow can make: always, sometimes, never."""

import enum
from collections.abc import Iterable


class Certainty(enum.StrEnum):
    """In which messages something holds; SOMETIMES where nothing proves more."""

    ALWAYS = "always"
    SOMETIMES = "sometimes"
    NEVER = "never"

    def __invert__(self) -> "Certainty":
        return _OPPOSITES[self]

    def __and__(self, other: "Certainty") -> "Certainty":
        if Certainty.NEVER in (self, other):
            return Certainty.NEVER
        return other if self is Certainty.ALWAYS else Certainty.SOMETIMES

    def __or__(self, other: "Certainty") -> "Certainty":
        return ~(~self & ~other)


ALWAYS, SOMETIMES, NEVER = Certainty.ALWAYS, Certainty.SOMETIMES, Certainty.NEVER
_OPPOSITES = {ALWAYS: NEVER, SOMETIMES: SOMETIMES, NEVER: ALWAYS}


def all_of(certainties: Iterable[Certainty]) -> Certainty:
    """Return how certain it is that all of them hold; always for none."""
    found = set(certainties)
    if NEVER in found:
        return NEVER
    return SOMETIMES if SOMETIMES in found else ALWAYS


def any_of(certainties: Iterable[Certainty]) -> Certainty:
    """Return how certain it is that at least one of them holds; never for none."""
    return ~all_of(~one for one in certainties)


def over_all(certainties: Iterable[Certainty]) -> Certainty:
    """Return what holds over several kinds of messages, each with its own certainty.

    Raises:
        ValueError: there are none.
    """
    found = set(certainties)
    if not found:
        raise ValueError("no messages, so nothing is certain of them")
    return found.pop() if len(found) == 1 else SOMETIMES


def certainly(*, holds: bool) -> Certainty:
    """Return ALWAYS for what holds, and NEVER for what does not."""
    return ALWAYS if holds else NEVER
