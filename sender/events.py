"""The events of an export, as small frozen values that are passed to subscribers.

A subscriber is any callable that takes one event. It cannot disturb the export: a subscriber that
raises gets no further events, and no message is lost. No event holds a token, an identity or a
message body.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class OutboxMigrated:
    """The outbox was of an older version, and was brought to this one when it was opened.

    Attributes:
        outbox: the file.
        from_version: the version that it had; releases of that version cannot open it any more.
        to_version: the version that it has now.

    Example:
        >>> OutboxMigrated("survey.outbox.sqlite", from_version=1, to_version=4).from_version
        1
    """

    outbox: str
    from_version: int
    to_version: int


@dataclass(frozen=True, slots=True)
class ExportStarted:
    """An export started or resumed.

    Attributes:
        dataflow: the dataflow's name.
        policy: the retry policy's name.
        pending: messages left over from earlier exports, which are sent first.
    """

    dataflow: str
    policy: str
    pending: int


@dataclass(frozen=True, slots=True)
class NoOfferedRate:
    """One of Adobe's policies goes as fast as this machine can: what is lost depends on that.

    Attributes:
        policy: the retry policy's name.

    Example:
        >>> NoOfferedRate("adobe-best-effort").policy
        'adobe-best-effort'
    """

    policy: str


@dataclass(frozen=True, slots=True)
class OfferedRateMissed:
    """The machine, or the source of the profiles, could not keep the offered rate.

    Attributes:
        offered_per_second: first tries per second that were asked for.
        reached_per_second: first tries per second that were made.

    Example:
        >>> missed = OfferedRateMissed(offered_per_second=500.0, reached_per_second=320.0)
        >>> f"{missed.reached_per_second / missed.offered_per_second:.0%}"
        '64%'
    """

    offered_per_second: float
    reached_per_second: float


@dataclass(frozen=True, slots=True)
class SourceChanged:
    """The source was changed before the row up to which it had been read: it is read anew.

    Attributes:
        rows_read: rows that the last run had read.

    Example:
        >>> SourceChanged(rows_read=256).rows_read
        256
    """

    rows_read: int


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


@dataclass(frozen=True, slots=True)
class Waiting:
    """No call is made for a while, although messages are pending and the destination is up.

    Attributes:
        seconds: time until the next call.
        reason: why: what the destination answered, or which limit of the sender's is reached.

    Example:
        >>> Waiting(15.0, "the destination answered 429, one call too many").seconds
        15.0
    """

    seconds: float
    reason: str


@dataclass(frozen=True, slots=True)
class CircuitOpened:
    """The circuit breaker opened: the destination counts as down.

    Attributes:
        reason: how the last attempt ended.
        probe_in_seconds: time until one message is sent as a probe.

    Example:
        >>> CircuitOpened("no connection: Connection refused", probe_in_seconds=1.0).reason
        'no connection: Connection refused'
    """

    reason: str
    probe_in_seconds: float


@dataclass(frozen=True, slots=True)
class CircuitClosed:
    """The circuit breaker closed: the destination is up again."""


@dataclass(frozen=True, slots=True)
class ProgressMade:
    """The progress of the export, counted since this invocation started.

    Attributes:
        received: profiles read.
        activated: messages accepted by the destination.
        excluded: profiles not exported.
        failed: messages that failed permanently or are uncertain.
        broken: rows that were not a profile.

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
    """The run ended with failures, or its activation rate is below the threshold (A-ALRT-1).

    Attributes:
        activation_rate: from 0 to 1; None when no profile was received.
        alert_below: the threshold; None: only failures alert.
        failed: messages that failed permanently or are uncertain.
        pending: messages not delivered yet.
    """

    activation_rate: float | None
    alert_below: float | None
    failed: int
    pending: int


@dataclass(frozen=True, slots=True)
class DestinationFlowRunStart:
    """Adobe's alert of that name (A-ALRT-1): a dataflow run begins, or goes on.

    Attributes:
        dataflow: the dataflow's name.
        alert: the alert's name, as Adobe writes it.

    Example:
        >>> DestinationFlowRunStart("Survey").alert
        'Destination Flow Run Start'
    """

    dataflow: str
    alert: str = "Destination Flow Run Start"


@dataclass(frozen=True, slots=True)
class DestinationFlowRunSuccess:
    """Adobe's alert of that name (A-ALRT-1): the run ended, and no message failed.

    Attributes:
        dataflow: the dataflow's name.
        activated: messages accepted by the destination.
        alert: the alert's name, as Adobe writes it.

    Example:
        >>> DestinationFlowRunSuccess("Survey", activated=40).alert
        'Destination Flow Run Success'
    """

    dataflow: str
    activated: int
    alert: str = "Destination Flow Run Success"


@dataclass(frozen=True, slots=True)
class DestinationFlowRunFailure:
    """Adobe's alert of that name (A-ALRT-1): messages failed, or an error ended the run.

    Attributes:
        dataflow: the dataflow's name.
        failed: messages that failed permanently or are uncertain.
        reason: why the run ended early; None: it did not.
        alert: the alert's name, as Adobe writes it.

    Example:
        >>> DestinationFlowRunFailure("Survey", failed=3).alert
        'Destination Flow Run Failure'
    """

    dataflow: str
    failed: int
    reason: str | None = None
    alert: str = "Destination Flow Run Failure"


@dataclass(frozen=True, slots=True)
class DestinationFlowRunDelay:
    """Adobe's alert of that name (A-ALRT-1): the run takes longer than 150 minutes.

    Attributes:
        seconds: how long it takes so far.
        alert: the alert's name, as Adobe writes it.

    Example:
        >>> DestinationFlowRunDelay(seconds=9_060.0).alert
        'Destination Flow Run Delay'
    """

    seconds: float
    alert: str = "Destination Flow Run Delay"


@dataclass(frozen=True, slots=True)
class ActivationSkipRateExceeded:
    """Adobe's alert of that name (A-ALRT-1): too many profiles of those received were excluded.

    Attributes:
        dataflow: the dataflow's name.
        skip_rate: the share of excluded profiles, from 0 to 1.
        threshold: the share above which it is told; Adobe's own is not documented.
        alert: the alert's name, as Adobe writes it.

    Example:
        >>> ActivationSkipRateExceeded("Survey", skip_rate=0.2, threshold=0.01).alert
        'Activation Skip Rate Exceeded'
    """

    dataflow: str
    skip_rate: float
    threshold: float
    alert: str = "Activation Skip Rate Exceeded"


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The export ended, with nothing pending.

    Attributes:
        status: the run's status in Adobe's terms (A-RPT-1).
        activated: messages accepted by the destination.
        excluded: profiles not exported.
        failed: messages that failed permanently.
        uncertain: messages that were given up without knowing whether they were executed.

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
        reason: why it ended.
        pending: messages not delivered yet.

    Example:
        >>> RunStopped("interrupted", pending=250).pending
        250
    """

    reason: str
    pending: int


Event = (
    OutboxMigrated
    | ExportStarted
    | NoOfferedRate
    | OfferedRateMissed
    | SourceChanged
    | AttemptEnded
    | MessageActivated
    | RetryScheduled
    | MessageFailed
    | MessageUncertain
    | Throttled
    | Waiting
    | CircuitOpened
    | CircuitClosed
    | ProgressMade
    | ActivationRateLow
    | DestinationFlowRunStart
    | DestinationFlowRunSuccess
    | DestinationFlowRunFailure
    | DestinationFlowRunDelay
    | ActivationSkipRateExceeded
    | RunFinished
    | RunStopped
)

Subscriber = Callable[[Event], None]


class Announcer:
    """Passes events to subscribers, and drops a subscriber that raises.

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
        """Pass an event to every subscriber, in the order of subscription."""
        for subscriber in tuple(self._subscribers):
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001  a subscriber must not break the export
                self._subscribers.remove(subscriber)
                self.failures.append(error)
                _log.warning("%r is told no more: it raised %r", subscriber, error)
