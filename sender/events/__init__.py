"""The events of an export, as small frozen values that are passed to subscribers.

A subscriber is any callable that takes one event. It cannot disturb the export: a subscriber that
raises gets no further events, and no message is lost. No event holds a token, an identity or a
message body.
"""

from sender.events.alert_events import (
    ActivationRateLow,
    ActivationSkipRateExceeded,
    DestinationFlowRunDelay,
    DestinationFlowRunFailure,
    DestinationFlowRunStart,
    DestinationFlowRunSuccess,
)
from sender.events.announcer import Announcer, Event, Subscriber
from sender.events.message_events import (
    AttemptEnded,
    MessageActivated,
    MessageFailed,
    MessageUncertain,
    RetryScheduled,
    Throttled,
)
from sender.events.pause_events import (
    CircuitClosed,
    CircuitOpened,
    Waiting,
)
from sender.events.run_events import (
    ExportStarted,
    NoOfferedRate,
    OfferedRateMissed,
    OutboxMigrated,
    ProgressMade,
    RunFinished,
    RunStopped,
    SourceChanged,
)

__all__ = [
    "ActivationRateLow",
    "ActivationSkipRateExceeded",
    "Announcer",
    "AttemptEnded",
    "CircuitClosed",
    "CircuitOpened",
    "DestinationFlowRunDelay",
    "DestinationFlowRunFailure",
    "DestinationFlowRunStart",
    "DestinationFlowRunSuccess",
    "Event",
    "ExportStarted",
    "MessageActivated",
    "MessageFailed",
    "MessageUncertain",
    "NoOfferedRate",
    "OfferedRateMissed",
    "OutboxMigrated",
    "ProgressMade",
    "RetryScheduled",
    "RunFinished",
    "RunStopped",
    "SourceChanged",
    "Subscriber",
    "Throttled",
    "Waiting",
]
