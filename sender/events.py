"""What happens during an export, as small frozen values handed to subscribers.

A subscriber is any callable that takes one event. It observes and cannot disturb: one that raises
is told no more, and no message is lost by it. No event holds a token, an identity or a body.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExportStarted:
    """An export begins, or goes on.

    Attributes:
        dataflow: the dataflow's name.
        policy: the retry policy's name.
        pending: messages left over from before, which go first.
    """

    dataflow: str
    policy: str
    pending: int


@dataclass(frozen=True, slots=True)
class AttemptEnded:
    """One call came to an end.

    Attributes:
        trace_id: the message's trace id.
        attempt: 1 for the first call made for the message.
        status: the HTTP status; none when there was no answer.
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
    """A message was taken by the destination.

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
        attempts: calls made for it so far.
        delay_seconds: how long from now.
        error_code: why.

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
    """A message is not sent again: it failed for good."""

    trace_id: str
    attempts: int
    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class MessageUncertain:
    """A message is not sent again, and nobody knows whether its last call was executed."""

    trace_id: str
    attempts: int
    error_code: str
    description: str


@dataclass(frozen=True, slots=True)
class Throttled:
    """The destination refused a call as one too many.

    Attributes:
        trace_id: the message's trace id.
        retry_after_seconds: what the destination asked for; 0 for nothing.

    Example:
        >>> Throttled("trace-1", retry_after_seconds=30.0).retry_after_seconds
        30.0
    """

    trace_id: str
    retry_after_seconds: float


@dataclass(frozen=True, slots=True)
class CircuitOpened:
    """The destination counts as down: nothing is sent until the probe.

    Attributes:
        reason: how the last attempt ended.
        probe_in_seconds: when one message is sent to see.

    Example:
        >>> CircuitOpened("no connection: Connection refused", probe_in_seconds=1.0).reason
        'no connection: Connection refused'
    """

    reason: str
    probe_in_seconds: float


@dataclass(frozen=True, slots=True)
class CircuitClosed:
    """The destination is up again."""


@dataclass(frozen=True, slots=True)
class ProgressMade:
    """How far the export is; counts of this invocation.

    Attributes:
        received: profiles taken in.
        activated: messages taken by the destination.
        excluded: profiles not exported.
        failed: messages failed for good or uncertain.
        broken: rows that were no profile.

    Example:
        >>> made = ProgressMade(received=10, activated=7, excluded=2, failed=1, broken=0)
        >>> f"{made.activated + made.excluded + made.failed} of {made.received}"
        '10 of 10'
    """

    received: int
    activated: int
    excluded: int
    failed: int
    broken: int


@dataclass(frozen=True, slots=True)
class ActivationRateLow:
    """The run ended with failures, or activated less than was asked for (A-ALRT-1).

    Attributes:
        activation_rate: from 0 to 1; none when nothing was received.
        alert_below: the share asked for; none: any failure alerts.
        failed: messages failed for good or uncertain.
        pending: messages not delivered yet.
    """

    activation_rate: float | None
    alert_below: float | None
    failed: int
    pending: int


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The export ended, with nothing pending.

    Attributes:
        status: the run's status in Adobe's terms (A-RPT-1).
        activated: messages taken by the destination.
        excluded: profiles not exported.
        failed: messages failed for good.
        uncertain: messages of which nobody knows.

    Example:
        >>> RunFinished("Completed", activated=9, excluded=1, failed=0, uncertain=0).status
        'Completed'
    """

    status: str
    activated: int
    excluded: int
    failed: int
    uncertain: int


@dataclass(frozen=True, slots=True)
class RunStopped:
    """The export ended early.

    Attributes:
        reason: why.
        pending: messages not delivered yet.

    Example:
        >>> RunStopped("interrupted", pending=250).pending
        250
    """

    reason: str
    pending: int


Event = (
    ExportStarted
    | AttemptEnded
    | MessageActivated
    | RetryScheduled
    | MessageFailed
    | MessageUncertain
    | Throttled
    | CircuitOpened
    | CircuitClosed
    | ProgressMade
    | ActivationRateLow
    | RunFinished
    | RunStopped
)

Subscriber = Callable[[Event], None]


class Announcer:
    """Hands events to subscribers, and goes on without those that raise.

    Example:
        >>> heard = []
        >>> Announcer([heard.append]).announce(CircuitClosed())
        >>> heard
        [CircuitClosed()]
    """

    def __init__(self, subscribers: "tuple[Subscriber, ...] | list[Subscriber]" = ()) -> None:
        self._subscribers = list(subscribers)
        self.failures: list[Exception] = []

    def __bool__(self) -> bool:
        return bool(self._subscribers)

    def announce(self, event: Event) -> None:
        """Hand an event to every subscriber, in the order they were given."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001  a subscriber's failure loses no message
                self._subscribers.remove(subscriber)
                self.failures.append(error)
                _log.warning("%r is told no more: it raised %r", subscriber, error)
