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

GATEWAY_TIMEOUT = 504
TOO_MANY_REQUESTS = 429
PROXY_WANTS_CREDENTIAL = 407
REQUEST_TIMEOUT = 408
NO_CREDENTIAL = "ATP_2"
LOST_ANSWER = "LOST_ANSWER"
NOT_CONNECTED = "NOT_CONNECTED"

_HOPELESS = {
    401: "the destination does not know the credential: check the username and QUALTRICS_API_TOKEN",
    404: "the URL names no workflow: compare the dataflow's url with the JSON Event's",
    405: "the URL takes no POST: compare the dataflow's url with the JSON Event's",
    PROXY_WANTS_CREDENTIAL: "the proxy wants a credential of its own: check the proxy settings",
    410: "the workflow is gone: compare the dataflow's url with the JSON Event's",
}


@dataclass(frozen=True, slots=True)
class Answered:
    """The destination answered.

    Attributes:
        status: the HTTP status.
        retry_after: the ``Retry-After`` header as it came: seconds or an HTTP date.
        error_code: the envelope's ``errorCode`` (Q-ENV-1).
        description: the envelope's ``errorMessage``, with secrets hidden.
        location: where a redirect leads, without its query.
    """

    status: int
    retry_after: str | None = None
    error_code: str | None = None
    description: str = ""
    location: str = ""

    @property
    def activated(self) -> bool:
        """Whether the call was taken: any 2xx (Q-ENV-2)."""
        return 200 <= self.status < 300  # noqa: PLR2004  HTTP's own class of success


@dataclass(frozen=True, slots=True)
class Lost:
    """The call went out and no answer came back: it may have been executed."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotConnected:
    """No connection came about: the call was certainly not executed."""

    reason: str


@dataclass(frozen=True, slots=True)
class Impossible:
    """No call can be made as things are configured, for example a certificate nobody trusts."""

    reason: str


Outcome = Answered | Lost | NotConnected | Impossible


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


def answer_was_lost(outcome: Outcome) -> bool:
    """Tell whether the attempt may have been executed without anyone knowing (Q-FAULT-2)."""
    return isinstance(outcome, Lost) or (
        isinstance(outcome, Answered) and outcome.status == GATEWAY_TIMEOUT
    )


def was_throttled(outcome: Outcome) -> bool:
    """Tell whether the destination said that calls come too fast (Q-LIM-1)."""
    return isinstance(outcome, Answered) and outcome.status == TOO_MANY_REQUESTS


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


def without_tunnel(status: int | None) -> "NotConnected | Impossible":
    """Say what it means that a proxy makes no tunnel to the destination.

    Args:
        status: what it answered; none: that is not known.
    """
    if status == PROXY_WANTS_CREDENTIAL:
        return Impossible(f"{_HOPELESS[status]} (status {status})")
    return NotConnected(f"no connection: the proxy makes no tunnel (status {status or 'unknown'})")


def hopeless_reason(outcome: Outcome) -> str | None:
    """Return why no message could fare better than this one; nothing when another could."""
    if isinstance(outcome, Impossible):
        return outcome.reason
    if not isinstance(outcome, Answered):
        return None
    if 300 <= outcome.status < 400:  # noqa: PLR2004  HTTP's own class of redirects
        where = f" to {outcome.location}" if outcome.location else ""
        return (
            f"the URL redirects{where} (status {outcome.status}), and a credential is not carried "
            "along: write the final address into the dataflow"
        )
    if outcome.error_code == NO_CREDENTIAL:
        return "the destination saw no credential (ATP_2): does a proxy drop the header?"
    reason = _HOPELESS.get(outcome.status)
    return None if reason is None else f"{reason} (status {outcome.status})"


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


def error_code_of(outcome: Outcome) -> str:
    """Return the code under which an outcome is counted: the envelope's own, or the status."""
    if isinstance(outcome, Answered):
        return outcome.error_code or str(outcome.status)
    return LOST_ANSWER if isinstance(outcome, Lost) else NOT_CONNECTED


def describe(outcome: Outcome) -> str:
    """Return what happened, in words fit for a report."""
    if isinstance(outcome, Answered):
        return outcome.description or f"the destination answered {outcome.status}"
    return outcome.reason


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
