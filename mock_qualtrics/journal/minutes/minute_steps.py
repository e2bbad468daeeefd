"""A tenant's minutes as a chart wants them: a few steps of equal length, summed by the database."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, func, select

from mock_qualtrics.histograms import Histogram, counts_in
from mock_qualtrics.journal.minutes.minute import COUNTS, HISTOGRAMS, MINUTE
from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.database import Store
from mock_qualtrics.store.schema import minutes


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


def steps(
    store: Store, tenant_number: int, first: Microseconds, last: Microseconds, most: int
) -> list[MinuteStep]:
    """Return the steps from the minute of one instant to the minute of another, both included.

    Args:
        store: has the minutes.
        tenant_number: the tenant, or ``UNATTRIBUTED``.
        first: an instant on the tenant's clock.
        last: another one, not before it.
        most: at most so many steps; each is a whole number of minutes, and the last one may reach
            beyond ``last``.

    Raises:
        StoreFailedError: the database refused.
    """
    first_minute, last_minute = first // MINUTE, last // MINUTE
    length = -(-(last_minute - first_minute + 1) // most)
    with store.connection() as connection:
        rows = connection.execute(_sums(tenant_number, first_minute, last_minute, length)).all()
    found = {row[0]: tuple(row[1:]) for row in rows}
    return list(_all_steps(found, first_minute, last_minute, length))


def _sums(tenant_number: int, first: int, last: int, length: int) -> Select[Any]:
    columns = minutes.c
    step = (columns.minute - first) // length
    sums = [func.sum(columns[name]) for name in COUNTS]
    texts = [func.aggregate_strings(columns[name], " ") for name in HISTOGRAMS]
    is_wanted = (columns.tenant_number == tenant_number) & columns.minute.between(first, last)
    return select(step.label("step"), *sums, *texts).where(is_wanted).group_by("step")


def _all_steps(
    found: dict[int, tuple[Any, ...]], first: int, last: int, length: int
) -> Iterator[MinuteStep]:
    for place, number in enumerate(range(first, last + 1, length)):
        yield MinuteStep(number * MINUTE, length, *_values(found.get(place, ())))


def _values(sums: tuple[Any, ...]) -> Iterator[Any]:
    for count in sums[: len(COUNTS)]:
        yield int(count)  # PostgreSQL sums to decimals
    for texts in sums[len(COUNTS) :]:
        yield Histogram(counts_in(texts))
