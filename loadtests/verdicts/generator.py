"""Whether the generator was itself the limit, so that a run says nothing of its target."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from contracts.counts import counted
from loadtests.measuring import Measurements, Spans

LATE_PERCENTILE: Final = 99.0
BUSY_SECONDS_SHARE: Final = 0.1
_MILLISECOND_US: Final = 1_000
_MORE: Final = "take more workers, or a lower --arrival-rate"


@dataclass(frozen=True, slots=True)
class GeneratorLimits:
    """From what on the generator counts as the limit: nobody says, so these are settings.

    Attributes:
        late_ms: one call in a hundred may be sent later than this.
        processor_share: of one core; a process may take more in a tenth of the seconds.
    """

    late_ms: float = 100.0
    processor_share: float = 0.9


def generator_reasons(measured: Measurements, limits: GeneratorLimits) -> tuple[str, ...]:
    """Return why the generator was the limit, a sentence each; none: it was not."""
    return tuple(_reasons(measured, limits))


def _reasons(measured: Measurements, limits: GeneratorLimits) -> Iterator[str]:
    if measured.unsent:
        yield (
            f"{counted(measured.unsent, 'arrival')} due and never sent: {_MORE}, or more --users"
        )
    late_us = _lateness(measured).percentile_us(LATE_PERCENTILE) or 0
    if late_us > limits.late_ms * _MILLISECOND_US:
        yield (
            f"1 call in 100 was sent {late_us / _MILLISECOND_US:,.0f} ms late or later, "
            f"{limits.late_ms:g} ms allowed: {_MORE}, or more --users if the target is slow"
        )
    busy, seconds = _busy_seconds(measured, limits), sum(measured.processor.values())
    if busy > seconds * BUSY_SECONDS_SHARE:
        yield (
            f"a process of the generator took {limits.processor_share:.0%} of a core or more in "
            f"{busy:,} of {seconds:,} seconds, {BUSY_SECONDS_SHARE:.0%} of them allowed: {_MORE}"
        )


def _lateness(measured: Measurements) -> Spans:
    both = Spans()
    both.merge(measured.counted.lateness)
    both.merge(measured.warm_up.lateness)
    return both


def _busy_seconds(measured: Measurements, limits: GeneratorLimits) -> int:
    return sum(
        seconds
        for percent, seconds in measured.processor.items()
        if percent >= limits.processor_share * 100
    )
