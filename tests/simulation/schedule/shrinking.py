"""A failing schedule with as few happenings and profiles as still fail: delta debugging. Pure.

After Zeller's ddmin: halves are tried, then what is left without each half, then quarters, and so
on to single ones. The same schedule and predicate always give the same result.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from simulation.schedule.model import Schedule

T = TypeVar("T")
MOST_TRIES = 200


@dataclass(slots=True)
class Tries:
    """How often the predicate may still be asked.

    Attributes:
        left: how often.
    """

    left: int

    def take(self) -> bool:
        """Take one; return False when there is none."""
        self.left -= 1
        return self.left >= 0


def smallest(items: Sequence[T], fails: Callable[[Sequence[T]], bool], tries: Tries) -> list[T]:
    """Return a part of the items, in their order, that still fails.

    If tries are left, it fails without none of its items any more. It may be empty.

    Args:
        items: all of them; together they fail.
        fails: whether a part of them fails.
        tries: how often it may be asked.

    Example:
        >>> smallest(range(8), lambda part: {2, 5} <= set(part), Tries(100))
        [2, 5]
    """
    if not items or (tries.take() and fails([])):
        return []
    kept, parts = list(items), 2
    while len(kept) >= 2 and tries.left > 0:
        smaller = _smaller(kept, min(parts, len(kept)), fails, tries)
        if smaller is not None:
            kept, parts = smaller, max(2, min(parts, len(smaller)) - 1)
        elif parts >= len(kept):
            break
        else:
            parts *= 2
    return kept


def _smaller(
    items: list[T], parts: int, fails: Callable[[Sequence[T]], bool], tries: Tries
) -> list[T] | None:
    """Return one part that fails, or all without one part; None: none of these does."""
    ends = [len(items) * number // parts for number in range(parts + 1)]
    pairs = list(pairwise(ends))
    candidates = [items[start:end] for start, end in pairs]
    if parts > 2:
        candidates += [items[:start] + items[end:] for start, end in pairs]
    for candidate in candidates:
        if not tries.take():
            return None
        if fails(candidate):
            return candidate
    return None


def shrink(
    schedule: Schedule, fails: Callable[[Schedule], bool], most_tries: int = MOST_TRIES
) -> Schedule:
    """Return the schedule with the few happenings that matter, then with the few profiles.

    Args:
        schedule: one that fails.
        fails: whether another one fails in the same way.
        most_tries: how often it is asked at most.
    """
    tries = Tries(most_tries)
    numbers = smallest(schedule.numbers, lambda part: fails(schedule.keeping(part)), tries)
    fewer = schedule.keeping(numbers)
    profiles = smallest(
        fewer.setup.profiles(), lambda part: fails(fewer.keeping_profiles(part)), tries
    )
    return fewer.keeping_profiles(profiles)
