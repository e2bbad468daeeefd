"""How fast an export may go, as one judged value: by minute and day, or at an offered rate."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

from sender.delivery.rates.offered_rate import OfferedRate
from sender.delivery.rates.pacing import Pacing, pacing_for
from sender.errors import ConfigurationError
from sender.policies import LOSSLESS, RetryPolicy, ScheduledRetries

AS_THE_POLICY_SAYS = -1.0  # not None: None means "without limit"


@dataclass(frozen=True, slots=True)
class Pace:
    """A pace that fits its policy.

    Attributes:
        calls_per_minute: the rate limit, to which the sender adapts; None: no limit.
        calls_per_day: the most calls in any day (Q-LIM-4); None: no limit.
        offered_rate: first tries per second of a policy that drops messages; None: as fast as the
            machine can.
    """

    calls_per_minute: float | None = None
    calls_per_day: int | None = None
    offered_rate: float | None = None

    @classmethod
    def of(
        cls,
        policy: RetryPolicy,
        calls_per_minute: float | None = AS_THE_POLICY_SAYS,
        calls_per_day: float | None = AS_THE_POLICY_SAYS,
        offered_rate: float | None = None,
    ) -> Self:
        """Return the pace of an export.

        Args:
            policy: how messages are delivered.
            calls_per_minute: the rate limit; None or infinity: no limit.
            calls_per_day: the most calls in any day; None or infinity: no limit.
            offered_rate: first tries per second; None or infinity: as fast as the machine can.

        Raises:
            ConfigurationError: a number is none that is possible, or does not fit the policy.
        """
        minute = _limit(calls_per_minute, policy.calls_per_minute, "calls per minute")
        day = _limit(calls_per_day, policy.calls_per_day, "calls per day")
        offered = _limit(offered_rate, None, "offered rate")
        if day is not None and day != int(day):
            raise ConfigurationError(f"calls per day: found {day:g}, expected a whole number")
        (_refuse_limits if policy.drops_messages else _refuse_offered)(policy, minute, day, offered)
        return cls(minute, None if day is None else int(day), offered)

    def pacing(self, ended: Iterable[float] = ()) -> Pacing:
        """Return what spaces the calls.

        Args:
            ended: when calls of an earlier process ended, ascending, as far as they still count.
        """
        if self.offered_rate is not None:
            return OfferedRate(self.offered_rate)
        return pacing_for(self.calls_per_minute, ended)

    def to_mapping(self) -> dict[str, Any]:
        """Return what an outbox keeps of it: for resume and replay, and for an estimate."""
        return {
            "callsPerMinute": self.calls_per_minute,
            "callsPerDay": self.calls_per_day,
            "offeredRate": self.offered_rate,
        }

    def text(self, policy: RetryPolicy) -> str:
        """Return by which a rate is told from one at another pace."""
        return f"{policy.name} {self.offered_rate or self.calls_per_minute or 'unlimited'}"


def kept_options(policy: RetryPolicy, pace: Pace) -> dict[str, Any]:
    """Return what an outbox keeps of how messages are delivered, for resume and replay."""
    kept = pace.to_mapping()
    if isinstance(policy.retries, ScheduledRetries):
        kept["retryAfter"] = list(policy.retries.after_first_failure_seconds)
    return kept


def kept_limit(kept: Mapping[str, Any], name: str) -> float | None:
    """Return a number that an outbox keeps; infinity for "no limit", None if it keeps none."""
    if name not in kept:
        return None
    number = kept[name]
    return float("inf") if number is None else float(number)


def _limit(given: float | None, default: float | None, what: str) -> float | None:
    if given is AS_THE_POLICY_SAYS:  # by identity: a number that somebody computed is judged
        return default
    if given is None or given == float("inf"):
        return None
    if not _is_possible(given):
        raise ConfigurationError(f"{what}: found {given!r}, expected a positive number")
    return given


def _is_possible(number: object) -> bool:
    """Return whether it is a positive number that has a positive, finite interval."""
    if isinstance(number, bool) or not isinstance(number, int | float) or not number > 0:
        return False
    try:
        return 0.0 < 1.0 / float(number) < math.inf
    except OverflowError:  # an int beyond every float
        return False


def _refuse_limits(
    policy: RetryPolicy, minute: float | None, day: float | None, _offered: float | None
) -> None:
    if minute is not None:
        raise ConfigurationError(
            f"calls per minute: not with policy {policy.name!r}: that pace adapts to 429, which "
            "Adobe never does, so that it would hide what is lost (A-LIM-1); expected an offered "
            f"rate (--offered-rate PER_SECOND), or policy {LOSSLESS.name!r}"
        )
    if day is not None:
        raise ConfigurationError(
            f"calls per day: not with policy {policy.name!r}: Adobe does not stop at the "
            f"destination's daily limit (A-LIM-1); expected policy {LOSSLESS.name!r}"
        )


def _refuse_offered(
    policy: RetryPolicy, _minute: float | None, _day: float | None, offered: float | None
) -> None:
    if offered is not None:
        raise ConfigurationError(
            f"offered rate: not with policy {policy.name!r}: it sends no faster than the "
            "destination takes, so that nothing is lost, and an offered rate does not adapt; "
            "expected calls per minute (--calls-per-minute), or one of Adobe's policies"
        )
