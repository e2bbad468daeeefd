"""Whether a threshold can still be met, whatever is to come: a run that cannot need not go on."""

from dataclasses import dataclass
from typing import Final

from loadtests.measuring import Tally
from loadtests.measuring.spans import count_at_percentile
from loadtests.verdicts.threshold import Threshold

_MILLISECOND_US: Final = 1_000
_UPPER: Final = ("<", "<=", "==")


@dataclass(frozen=True, slots=True)
class Remaining:
    """What is to come at most.

    Attributes:
        calls: how many calls of judged messages.
    """

    calls: int


def can_still_be_met(threshold: Threshold, counted: Tally, remaining: Remaining) -> bool:
    """Return whether some continuation of a run meets a threshold; True where nobody can know.

    Args:
        threshold: what is asked.
        counted: the judged messages so far.
        remaining: what is to come at most.
    """
    if threshold.metric == "lost":
        return _lost_can(threshold, counted)
    if threshold.metric == "error_ratio":
        return _error_ratio_can(threshold, counted, remaining)
    if threshold.metric == "accepted_per_second":
        return _rate_can(threshold, counted, remaining)
    if threshold.metric.endswith("_ms"):
        return _latency_can(threshold, counted, remaining)
    return True


def _lost_can(threshold: Threshold, counted: Tally) -> bool:
    """Losses only grow: what was lost for certain stays lost."""
    lost = counted.certainly_lost
    if threshold.comparison == "<":
        return lost < threshold.limit
    return threshold.comparison not in _UPPER or lost <= threshold.limit


def _error_ratio_can(threshold: Threshold, counted: Tally, remaining: Remaining) -> bool:
    """At best all that is to come is well; at worst nothing is."""
    calls = counted.calls + remaining.calls
    if not calls:
        return True
    lowest = counted.errors / calls
    highest = (counted.errors + remaining.calls) / calls
    if threshold.comparison in ("<", "<="):
        return threshold.is_met(lowest)
    if threshold.comparison in (">", ">="):
        return threshold.is_met(highest)
    return lowest <= threshold.limit <= highest


def _latency_can(threshold: Threshold, counted: Tally, remaining: Remaining) -> bool:
    """An upper limit is out of reach once too few calls can be within it, though all others are."""
    if threshold.comparison not in ("<", "<="):
        return True
    # A histogram's counter stands for spans up to 0.1 % longer: only those above for certain count.
    limit_us = threshold.limit * _MILLISECOND_US
    above = sum(count for span, count in counted.latency.counts.items() if span > limit_us)
    calls = counted.calls + remaining.calls
    return calls - above >= count_at_percentile(calls, threshold.percentile or 100.0)


def _rate_can(threshold: Threshold, counted: Tally, remaining: Remaining) -> bool:
    """A lower limit is out of reach once too much time has passed, though all else is accepted."""
    if threshold.comparison not in (">", ">=") or not counted.seconds:
        return True
    return threshold.is_met((counted.delivered + remaining.calls) / counted.seconds)
