"""Finds the fewest items that still fail: delta debugging. Pure."""

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import TypeVar

Item = TypeVar("Item")


def fewest(
    items: Sequence[Item],
    fails: Callable[[list[Item]], bool],
    may_go_on: Callable[[], bool],
) -> list[Item]:
    """Return a part of the items, in their order, that still fails.

    Parts are tried alone, then left out; while neither fails they are halved (ddmin).

    Args:
        items: what fails as a whole.
        fails: whether a part fails; never asked about all of them, nor about none.
        may_go_on: asked before each call of `fails`; once it says no, what was found is returned.
    """
    found, parts = list(items), 2
    while len(found) > 1 and parts <= len(found):
        smaller = None
        for candidate in _candidates(found, parts):
            if not may_go_on():
                return found
            if fails(candidate):
                smaller = candidate
                break
        if smaller is None:
            parts = len(found) + 1 if parts == len(found) else min(2 * parts, len(found))
        else:
            found, parts = smaller, 2
    return found


def _candidates(items: list[Item], parts: int) -> Iterator[list[Item]]:
    """Yield each part, and all but each part; with two parts one is the other's rest."""
    bounds = [len(items) * number // parts for number in range(parts + 1)]
    ends = list(pairwise(bounds))
    yield from (items[start:end] for start, end in ends)
    if parts > 2:  # noqa: PLR2004  see above
        yield from (items[:start] + items[end:] for start, end in ends)
