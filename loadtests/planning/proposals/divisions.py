"""An audience divided into batches: how many, on which days, how far apart. Pure."""

import dataclasses
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from loadtests.planning.judging import LONGEST_SECONDS
from loadtests.planning.plan import DAY_SECONDS, Batch, Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Batches of one size, the last one perhaps smaller.

    Attributes:
        size: profiles of a batch.
        batches: how many there are.
        a_day: how many start on one day.
        gap_seconds: from the start of one to that of the next on the same day.

    Example:
        >>> Division(size=10, batches=3, a_day=2, gap_seconds=60.0).starts()
        [0.0, 60.0, 86400.0]
    """

    size: int
    batches: int
    a_day: int
    gap_seconds: float

    def starts(self) -> list[float]:
        """Return when each batch starts, in seconds since the first one."""
        days = (divmod(number, self.a_day) for number in range(self.batches))
        return [day * DAY_SECONDS + of_day * self.gap_seconds for day, of_day in days]


def of_size(whole: Plan, size: int) -> Plan:
    """Return the export of so many profiles; which batch has the oversized ones is not known."""
    return dataclasses.replace(whole, profiles=size, oversized=frozenset())


def in_batches(whole: Plan, size: int, starts: Sequence[float]) -> Plan:
    """Return the export of as many profiles as fit in batches that start then."""
    profiles = min(whole.profiles, size * len(starts))
    firsts = range(0, profiles, size)
    batches = tuple(
        Batch(start_seconds=start, profiles=min(size, profiles - first))
        for first, start in zip(firsts, starts, strict=False)
    )
    oversized = frozenset(number for number in whole.oversized if number < profiles)
    return dataclasses.replace(whole, profiles=profiles, oversized=oversized, batches=batches)


def spaced(whole: Plan, size: int, gap_seconds: float, batches: int) -> Plan:
    """Return the export of a few batches that far apart, where only the limit a minute counts.

    None of their profiles is too large, and the day has room for all.
    """
    few = in_batches(whole, size, [number * gap_seconds for number in range(batches)])
    room = max(whole.runs_per_day, 10 * few.profiles)
    return dataclasses.replace(few, oversized=frozenset(), runs_per_day=room)


def divisions(whole: Plan, size: int, windows: int) -> Iterator[Division]:
    """Yield the ways to divide an audience, from as close as can be to one batch a day.

    A few are there, for the batches of a whole day may need a little more room than the first few
    did, and other clients use a part of the day's executions.

    Args:
        whole: the audience.
        size: of a batch.
        windows: how many windows a few batches have to be apart.
    """
    batches = -(-whole.profiles // size)
    for gap, share in ((windows, 1.0), (windows, 0.98), (windows + 1, 0.95), (2 * windows, 0.8)):
        seconds = float(gap * whole.window_seconds)
        room = min(int(whole.runs_per_day * share) // size, int(DAY_SECONDS // seconds))
        a_day = min(batches, room)
        if a_day > 1 and batches / a_day * DAY_SECONDS < LONGEST_SECONDS:
            yield Division(size=size, batches=batches, a_day=a_day, gap_seconds=seconds)
    if batches * DAY_SECONDS < LONGEST_SECONDS:
        yield Division(size=size, batches=batches, a_day=1, gap_seconds=float(DAY_SECONDS))
