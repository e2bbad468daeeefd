"""What happens to one message: its calls, and how it ends."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """One call ended.

    Attributes:
        trace_id: the message's trace id.
        attempt: the number of this call among those made for the message, from 1.
        status: the HTTP status; None when there was no answer.
        seconds: how long the call took.
        outcome: ``answered``, ``lost``, ``not connected`` or ``impossible``.

    Example:
        >>> AttemptEnded("trace-1", attempt=1, status=None, seconds=2.0, outcome="lost").status
    """

    trace_id: str
    attempt: int
    status: int | None
    seconds: float
    outcome: str


@dataclass(frozen=True, slots=True)
class MessageActivated:
    """The destination accepted a message.

    Example:
        >>> MessageActivated("trace-1", attempts=2).attempts
        2
    """

    trace_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class RetryScheduled:
    """A message will be sent again.

    Attributes:
        trace_id: the message's trace id.
        attempts: calls made for the message so far.
        delay_seconds: time until the next attempt.
        error_code: the reason.

    Example:
        >>> retry = RetryScheduled("trace-1", attempts=1, delay_seconds=1.5, error_code="503")
        >>> f"{retry.error_code}: again in {retry.delay_seconds} s"
        '503: again in 1.5 s'
    """

    trace_id: str
    attempts: int
    delay_seconds: float
    error_code: str


@dataclass(frozen=True, slots=True)
class MessageFailed:
    """A message failed permanently: it is not sent again."""

    trace_id: str
    attempts: int
    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class MessageUncertain:
    """A message is not sent again, and it is unknown whether its last call was executed."""

    trace_id: str
    attempts: int
    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The destination refused a call because of its rate limit.

    Attributes:
        trace_id: the message's trace id.
        retry_after_seconds: the wait that the destination asked for; 0 for none.

    Example:
        >>> Throttled("trace-1", retry_after_seconds=30.0).retry_after_seconds
        30.0
    """

    trace_id: str
    retry_after_seconds: float


MessageEvent = (
    AttemptEnded | MessageActivated | RetryScheduled | MessageFailed | MessageUncertain | Throttled
)
