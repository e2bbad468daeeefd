"""The state machine of one message's life: what follows from each attempt's outcome. Pure.

    pending → in flight → activated
                        → pending again, retried at a stated time
                        → failed for good
                        → uncertain: its last answer was lost and no more tries follow

Does no I/O and reads no clock; instants are seconds since 1970 and are handed in.
"""

import email.utils
import random
from dataclasses import dataclass
from datetime import UTC

from sender.policies import BackoffRetries, RetryPolicy, ScheduledRetries
from sender.transport.outcomes import (
    GATEWAY_TIMEOUT,
    Answered,
    NotConnected,
    Outcome,
    answer_was_lost,
    describe,
    error_code_of,
    hopeless_reason,
    was_throttled,
)


@dataclass(frozen=True, slots=True)
class History:
    """What one message has been through, the attempt just ended included.

    Attributes:
        attempts: calls made for it.
        first_failed_at: the instant of its first failed attempt; none before one failed.
    """

    attempts: int
    first_failed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Activated:
    """The message was taken."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """The message is sent again at that instant (seconds since 1970)."""

    instant: float


@dataclass(frozen=True, slots=True)
class FailedForGood:
    """The message is not sent again, and was not executed by its last attempt."""

    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The message is not sent again, and its last attempt may have been executed."""

    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class StopExport:
    """No further message can fare better: the export ends, and this one stays pending."""

    reason: str


Decision = Activated | RetryAt | FailedForGood | Uncertain | StopExport


def decide(
    policy: RetryPolicy, history: History, outcome: Outcome, now: float, rng: random.Random
) -> Decision:
    """Say what becomes of a message after an attempt.

    Args:
        policy: how messages are delivered.
        history: the message's attempts, the one just ended included.
        outcome: how that one ended.
        now: the instant, in seconds since 1970.
        rng: spreads the retries of a policy with backoff.

    Returns:
        The message's next state; :class:`StopExport` when no message could fare better.

    Example:
        >>> from sender.policies import ADOBE_BEST_EFFORT
        >>> decide(ADOBE_BEST_EFFORT, History(1), Answered(503), 100.0, random.Random(1))
        RetryAt(instant=115.0)
    """
    if isinstance(outcome, Answered) and outcome.activated:
        return Activated()
    hopeless = hopeless_reason(outcome)
    if hopeless is not None:
        return StopExport(hopeless)
    if _may_be_retried(policy, outcome):
        instant = _next_attempt_at(policy, history, outcome, now, rng)
        if instant is not None:
            return RetryAt(instant)
        if isinstance(outcome, NotConnected) and isinstance(policy.retries, BackoffRetries):
            # Nobody was reached all the time, so no message is to blame.
            return StopExport(f"the destination is down: {outcome.reason}")
    return _given_up(outcome)


def retry_after_seconds(header: str | None, now: float) -> float:
    """Read a ``Retry-After`` header, in seconds or as an HTTP date; 0 for none or nonsense.

    Example:
        >>> retry_after_seconds("Thu, 01 Jan 1970 00:01:40 GMT", now=40.0)
        60.0
    """
    text = (header or "").strip()
    if text.isdecimal():
        return float(min(int(text[:9]), 10**8))
    try:
        date = email.utils.parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return 0.0
    instant = date if date.tzinfo is not None else date.replace(tzinfo=UTC)
    return max(0.0, instant.timestamp() - now)


def _may_be_retried(policy: RetryPolicy, outcome: Outcome) -> bool:
    if isinstance(outcome, Answered):
        return policy.retries_status(outcome.status)
    # A-RTRY-1 is read so that a lost answer counts as 504, and a refused connection as 503.
    return policy.retries_status(GATEWAY_TIMEOUT)


def _next_attempt_at(
    policy: RetryPolicy, history: History, outcome: Outcome, now: float, rng: random.Random
) -> float | None:
    first_failed_at = now if history.first_failed_at is None else history.first_failed_at
    if isinstance(policy.retries, ScheduledRetries):
        return _scheduled(policy.retries, history.attempts, first_failed_at)
    gives_up_at = first_failed_at + (
        policy.retries.gives_up_throttled_after_seconds
        if was_throttled(outcome)
        else policy.retries.gives_up_after_seconds
    )
    if now >= gives_up_at:
        return None
    asked = _asked_delay(policy, outcome, now)
    instant = now + max(asked, _jittered(policy.retries, history.attempts, rng))
    return min(instant, gives_up_at)  # its last try comes at the stated age, and not before


def _scheduled(retries: ScheduledRetries, attempts: int, first_failed_at: float) -> float | None:
    due = retries.after_first_failure_seconds
    return first_failed_at + due[attempts - 1] if attempts <= len(due) else None


def _asked_delay(policy: RetryPolicy, outcome: Outcome, now: float) -> float:
    if not (policy.honours_retry_after and isinstance(outcome, Answered)):
        return 0.0
    return retry_after_seconds(outcome.retry_after, now)


def _jittered(retries: BackoffRetries, attempts: int, rng: random.Random) -> float:
    doublings = min(attempts - 1, 32)
    return rng.uniform(0.0, min(retries.longest_seconds, retries.first_seconds * 2**doublings))


def _given_up(outcome: Outcome) -> FailedForGood | Uncertain:
    last = Uncertain if answer_was_lost(outcome) else FailedForGood
    return last(error_code_of(outcome), describe(outcome))
