"""Steps of some minutes, as a chart wants them: summed by the database, and summed further."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlalchemy import Select, func, select

from mock_qualtrics.histograms import Histogram, counts_in, sum_of
from mock_qualtrics.journal.minutes.minute import COUNTS, HISTOGRAMS, MINUTE
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import minutes

_DAY: Final = 24 * 60
# None between 10 minutes and an hour: sums of whole hours are kept.
_ROUND: Final = (1, 2, 5, 10, 60, 180, 360, 720, _DAY)


@dataclass(frozen=True, slots=True)
class MinuteStep:
    """The sum of some minutes, with the names of the totals.

    Attributes:
        first: the first instant, on the tenant's clock.
        minutes: how many minutes it has.
        extra_runs: runs beyond one for each accepted call that was not ignored.
        blocked: runs that the daily limit kept from starting (Q-LIM-4).
        succeeded: runs that ended in these minutes; `failed` likewise.
        other_calls: calls that are no trigger calls.
        delay: from a call to the start of its run, of runs that ended in these minutes.
        duration: from a run's start to its end, likewise.
        latency: from a call's last byte to its answer, in real time (A-LIM-1).
    """

    first: Microseconds
    minutes: int
    received: int = 0
    refused: int = 0
    accepted: int = 0
    extra_runs: int = 0
    ignored: int = 0
    blocked: int = 0
    succeeded: int = 0
    failed: int = 0
    other_calls: int = 0
    delay: Histogram = field(default_factory=Histogram)
    duration: Histogram = field(default_factory=Histogram)
    latency: Histogram = field(default_factory=Histogram)


def step_minutes(first: int, last: int, most: int) -> int:
    """Return the least round number of minutes of which ``most`` steps reach from first to last.

    Example:
        >>> [step_minutes(0, minutes, 61) for minutes in (59, 360, 1_440, 43_200)]
        [1, 10, 60, 720]
    """
    least = -(-(last - first + 1) // most)
    return next((one for one in _ROUND if one >= least), -(-least // _DAY) * _DAY)


def sums_of(
    store: Store, tenant_number: int, first: int, last: int, length: int
) -> dict[int, MinuteStep]:
    """Return the sums of steps that have any, by the place of the step, from a minute to another.

    Args:
        store: has the minutes.
        tenant_number: the tenant, or ``UNATTRIBUTED``.
        first: the first minute, at which the first step begins.
        last: the last one, included.
        length: minutes of a step.

    Raises:
        StoreFailedError: the database refused.
    """
    with store.connection() as connection:
        rows = connection.execute(_sums(tenant_number, first, last, length)).all()
    return {
        row[0]: MinuteStep((first + row[0] * length) * MINUTE, length, *_values(tuple(row[1:])))
        for row in rows
    }


def together(first: Microseconds, length: int, parts: Sequence[MinuteStep]) -> MinuteStep:
    """Return the sum of steps, as one that begins at an instant and has so many minutes."""
    if len(parts) == 1:
        return replace(parts[0], first=first, minutes=length)
    counts = [sum(getattr(part, name) for part in parts) for name in COUNTS]
    histograms = [sum_of(getattr(part, name) for part in parts) for name in HISTOGRAMS]
    return MinuteStep(first, length, *counts, *histograms)


def _sums(tenant_number: int, first: int, last: int, length: int) -> Select[Any]:
    columns = minutes.c
    step = (columns.minute - first) // length
    sums = [func.sum(columns[name]) for name in COUNTS]
    texts = [func.aggregate_strings(columns[name], " ") for name in HISTOGRAMS]
    is_wanted = (columns.tenant_number == tenant_number) & columns.minute.between(first, last)
    return select(step.label("step"), *sums, *texts).where(is_wanted).group_by("step")


def _values(sums: tuple[Any, ...]) -> Iterator[Any]:
    for count in sums[: len(COUNTS)]:
        yield int(count)  # PostgreSQL sums to decimals
    for texts in sums[len(COUNTS) :]:
        yield Histogram(counts_in(texts))
