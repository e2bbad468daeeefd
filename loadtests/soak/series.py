"""What must stay flat in a soak, as values over time, each with what it may grow by. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from loadtests.soak.flatness import Allowance
from loadtests.soak.observed import Observed
from loadtests.soak.samples import Sample

MEGABYTE: Final = 1_000_000
_MILLISECONDS: Final = 1_000

MEMORY: Final = Allowance(absolute=6.0, relative=0.05)
"""Megabytes: an allocator that keeps what was freed moves by a few of them."""

THREADS: Final = Allowance(absolute=1.0)
"""One that is just working off a request."""

DESCRIPTORS: Final = Allowance(absolute=4.0)
"""Connections that a load has opened anew after one was broken on purpose."""

LOG_BOUND: Final = 17 * MEGABYTE
"""SQLite itself moves a log of 4,000 pages into the store: below that its longest only rises."""

LOG: Final = Allowance(absolute=1.0, relative=0.1)
"""Megabytes: a burst of commits between two checkpoints may be a little longer than all before."""

BYTES_A_CALL: Final = Allowance(absolute=50.0, relative=0.03)
"""Pages of the store that are not full yet."""

LATENCY: Final = Allowance(absolute=25.0, relative=0.25)
"""Milliseconds: a machine that is shared lets a call wait for a while, whatever the call takes."""

TAIL: Final = Allowance(absolute=100.0, relative=0.25)
"""Milliseconds: of twenty calls in a second the slowest waits for all else on the machine."""


@dataclass(frozen=True, slots=True)
class Series:
    """One thing over time.

    Attributes:
        name: what it is.
        unit: what it is counted in.
        values: evenly spaced over the time in which messages arrived; None: there is none.
        allowance: by how much it may grow.
    """

    name: str
    unit: str
    values: tuple[float | None, ...]
    allowance: Allowance


def series_of(observed: Observed) -> tuple[Series, ...]:
    """Return all that must stay flat: of the mock's process, its files, and its answers."""
    return (*_of_the_mock(observed.samples), *_of_the_loads(observed))


def _of_the_mock(samples: Sequence[Sample | None]) -> Iterator[Series]:
    def values(of: Callable[[Sample], float]) -> tuple[float | None, ...]:
        return tuple(None if sample is None else of(sample) for sample in samples)

    yield Series("memory", "MB", values(lambda its: its.resident_bytes / MEGABYTE), MEMORY)
    yield Series("threads", "", values(lambda its: its.threads), THREADS)
    yield Series("descriptors", "", values(lambda its: its.descriptors), DESCRIPTORS)
    log = highest_so_far(values(lambda its: max(its.log_bytes, LOG_BOUND) / MEGABYTE))
    yield Series("longest write-ahead log so far, 17 MB at least", "MB", log, LOG)
    stored = values(lambda its: its.store_bytes / max(1, its.received))
    yield Series("store for each call", "bytes", stored, BYTES_A_CALL)
    yield Series("answer to a health check", "ms", values(lambda its: its.answer_ms), LATENCY)


def _of_the_loads(observed: Observed) -> Iterator[Series]:
    for name, result in observed.results.items():
        latencies = latencies_of(result, observed.plan.seconds)
        for percentile, values in latencies.percentiles.items():
            allowance = LATENCY if percentile == "p50" else TAIL
            yield Series(f"{percentile} of calls, {name}", "ms", values, allowance)


def processor_for_each_call(samples: Sequence[Sample | None]) -> Iterator[float | None]:
    """Yield what each call took of the processor since the look before, in ms, pages and all.

    It is shown, and not judged: on a busy machine more calls share a commit, and the page is
    fetched less often, so that a call takes up to half as much as on one that is idle.

    Yields:
        None where no call came, or where there is no look before.
    """
    before = None
    for sample in samples:
        if before is None or sample is None or sample.received == before.received:
            yield None
        else:
            spent = sample.processor_seconds - before.processor_seconds
            yield spent * _MILLISECONDS / (sample.received - before.received)
        before = sample


class Latencies(NamedTuple):
    """Latencies of calls over time.

    Attributes:
        bin_seconds: how far two values are apart.
        percentiles: in ms, by the name of the percentile; None: no call was due.
    """

    bin_seconds: float
    percentiles: Mapping[str, tuple[float | None, ...]]


def latencies_of(result: Mapping[str, Any] | None, seconds: float) -> Latencies:
    """Return a load's latencies while messages arrived.

    Args:
        result: a load test as JSON; None: it left none.
        seconds: how long messages arrived; later calls are retries.
    """
    if result is None:
        return Latencies(seconds, {})
    over_time = result["overTime"]
    bins = int(seconds / over_time["binSeconds"])
    percentiles = over_time["latencyMs"].items()
    return Latencies(
        over_time["binSeconds"], {name: tuple(values[:bins]) for name, values in percentiles}
    )


def highest_so_far(values: Sequence[float | None]) -> tuple[float | None, ...]:
    """Return for each value the highest until then.

    Example:
        >>> highest_so_far([2.0, 1.0, None, 3.0])
        (2.0, 2.0, None, 3.0)
    """
    highest = float("-inf")
    found: list[float | None] = []
    for value in values:
        highest = highest if value is None else max(highest, value)
        found.append(None if value is None else highest)
    return tuple(found)
