"""Alerts about a run: Adobe's, by the names that Adobe gives them, and the sender's own."""

from dataclasses import dataclass


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


AlertEvent = (
    ActivationRateLow
    | DestinationFlowRunStart
    | DestinationFlowRunSuccess
    | DestinationFlowRunFailure
    | DestinationFlowRunDelay
    | ActivationSkipRateExceeded
)
