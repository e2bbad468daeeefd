"""How many parts a generated value has: mostly few, now and then as many as there may be."""

from collections.abc import Sequence
from functools import cache
from typing import Final, TypeVar

from hypothesis import strategies as st

MOST_ATTRIBUTES: Final = 50  # of a destination, by its guardrails (A-MAP-3)
MOST_AUDIENCES: Final = 250
DEEPEST_NAMES: Final = 20  # of one attribute's path

_FEW: Final = 10
_ONE_IN: Final = 12

Item = TypeVar("Item")


@cache
def seldom() -> st.SearchStrategy[bool]:
    """Return whether this example is a large one; it shrinks to a small one."""
    return st.sampled_from([False] * (_ONE_IN - 1) + [True])


@st.composite
def some_of(draw: st.DrawFn, items: Sequence[Item]) -> list[Item]:
    """Any of these; of many, evenly spaced ones, as a draw for each would cost too much."""
    if len(items) <= _FEW:
        return [item for item in items if draw(st.booleans())]
    return list(items[:: draw(st.integers(1, _FEW))])
