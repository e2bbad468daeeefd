"""Why no call is made for a while, and when calls are made again."""

from dataclasses import dataclass


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


PauseEvent = Waiting | CircuitOpened | CircuitClosed
