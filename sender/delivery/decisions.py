"""The state machine of a message: what follows from the outcome of each attempt. Pure.

    pending → in flight → activated
                        → pending again, to be retried at a given time
                        → failed permanently
                        → uncertain: its last answer was lost, and it is not retried

Does no I/O and reads no clock: times are passed in, as seconds since 1970.
"""

import random
from dataclasses import dataclass

from sender.outbox.records import DESTINATION_IS_DOWN
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
    is_of_this_machine,
    puts_url_in_doubt,
    was_throttled,
)
from sender.transport.retry_after import retry_after_seconds


@dataclass(frozen=True, slots=True)
class History:
    """A message's attempts so far, including the one that just ended.

    Attributes:
        attempts: calls made for it.
        first_failed_at: the instant of its first failed attempt; None before any has failed.
    """

    attempts: int
    first_failed_at: float | None = None


@dataclass(frozen=True, slots=True)
class Activated:
    """The destination accepted the message."""


@dataclass(frozen=True, slots=True)
class RetryAt:
    """The message is sent again at that instant (seconds since 1970)."""

    instant: float


@dataclass(frozen=True, slots=True)
class FailedForGood:
    """The message failed permanently: it is not sent again, and its last call was not executed."""

    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class Uncertain:
    """The message is not sent again, and its last call may have been executed."""

    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class StopExport:
    """Every other message would fail too: the export ends, and this message stays pending.

    Attributes:
        reason: why it ends.
        url_in_doubt: whether the URL may be wrong: then a resume would end in the same way.
    """

    reason: str
    url_in_doubt: bool = False


Decision = Activated | RetryAt | FailedForGood | Uncertain | StopExport


def decide(
    policy: RetryPolicy, history: History, outcome: Outcome, now: float, rng: random.Random
) -> Decision:
    """Decide what follows for a message after an attempt.

    Args:
        policy: how messages are delivered.
        history: the message's attempts, including the one that just ended.
        outcome: how that attempt ended.
        now: the current instant, in seconds since 1970.
        rng: source of the retry jitter.

    Returns:
        The message's next state, or :class:`StopExport` when every other message would fail too.
        Adobe's policies drop such a message like any other and go on (A-RTRY-1).

    Example:
        >>> from sender.policies import ADOBE_BEST_EFFORT
        >>> decide(ADOBE_BEST_EFFORT, History(1), Answered(503), 100.0, random.Random(1))
        RetryAt(instant=115.0)
    """
    if isinstance(outcome, Answered) and outcome.activated:
        return Activated()
    hopeless = hopeless_reason(outcome)
    if hopeless is not None and (not policy.drops_messages or is_of_this_machine(outcome)):
        return StopExport(hopeless, puts_url_in_doubt(outcome))
    if _may_be_retried(policy, outcome):
        instant = _next_attempt_at(policy, history, outcome, now, rng)
        if instant is not None:
            return RetryAt(instant)
        if isinstance(outcome, NotConnected) and isinstance(policy.retries, BackoffRetries):
            # The destination could not be reached for the whole time, so the message is not at
            # fault: it stays pending instead of failing.
            return StopExport(f"{DESTINATION_IS_DOWN}: {outcome.reason}")
    return _given_up(outcome)


def _may_be_retried(policy: RetryPolicy, outcome: Outcome) -> bool:
    if isinstance(outcome, Answered):
        return policy.retries_status(outcome.status)
    # Under A-RTRY-1 a lost answer is taken to count as 504, and a refused connection as 503.
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
    asked_delay = min(
        _asked_delay(policy, outcome, now), policy.retries.longest_retry_after_seconds
    )
    instant = now + max(asked_delay, _jittered(policy.retries, history.attempts, rng))
    return min(instant, gives_up_at)  # the last attempt is made exactly when the policy gives up


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
