"""A circuit breaker: stops sending to a destination that is down, and probes it. Pure.

Closed: every message may be sent. Open: none, until the next probe is due. Probing: one message is
in flight, and its outcome closes or opens the circuit. Times are passed in, as monotonic seconds.
"""

import enum

from sender.policies import CircuitPolicy
from sender.transport.outcomes import Answered, Outcome

SERVER_ERROR = 500


class CircuitState(enum.Enum):
    """The circuit breaker's state."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class CircuitBreaker:
    """Counts consecutive failures and decides whether a message may be sent now.

    Example:
        >>> from sender.transport.outcomes import NotConnected
        >>> circuit = CircuitBreaker(CircuitPolicy(opens_after_failures=1, first_probe_seconds=2.0))
        >>> circuit.ended(NotConnected("refused"), now=0.0)
        >>> circuit.allows(1.0), circuit.allows(2.0)
        (False, True)
    """

    def __init__(self, policy: CircuitPolicy | None) -> None:
        self._policy = policy
        self._failures = 0
        self._probe_wait_seconds = 0.0
        self._gives_up_at = 0.0
        self.state = CircuitState.CLOSED
        self.probe_at = 0.0

    def allows(self, now: float) -> bool:
        """Return whether a message may be sent now; when open, that message is the probe."""
        if self.state is CircuitState.OPEN:
            return now >= self.probe_at
        return self.state is CircuitState.CLOSED

    def sent(self) -> None:
        """Record that a message was sent; when open, that message is the probe."""
        if self.state is CircuitState.OPEN:
            self.state = CircuitState.PROBING

    def ended(self, outcome: Outcome, now: float) -> None:
        """Record how an attempt ended."""
        if self._policy is None:
            return
        if _is_up(outcome):
            self._close()
            return
        self._failures += 1
        if self.state is CircuitState.PROBING:
            self._open(self._next_wait_seconds(outcome, self._policy), now)
        elif self._trips(self._policy):
            self._gives_up_at = now + self._policy.gives_up_after_seconds
            self._open(self._policy.first_probe_seconds, now)

    def paused(self, seconds: float) -> None:
        """Record that no call was made for that long, for a reason that is not the destination."""
        self._gives_up_at += seconds

    def gave_up(self, now: float) -> bool:
        """Return whether the destination has been down for as long as the policy waits."""
        return self.state is not CircuitState.CLOSED and now >= self._gives_up_at

    def _next_wait_seconds(self, outcome: Outcome, policy: CircuitPolicy) -> float:
        """Return the wait after a failed probe; it does not grow while the destination answers."""
        if isinstance(outcome, Answered):
            return policy.first_probe_seconds
        return min(self._probe_wait_seconds * 2, policy.longest_probe_seconds)

    def _trips(self, policy: CircuitPolicy) -> bool:
        is_closed = self.state is CircuitState.CLOSED
        return is_closed and self._failures >= policy.opens_after_failures

    def _open(self, wait_seconds: float, now: float) -> None:
        self.state = CircuitState.OPEN
        self._probe_wait_seconds = wait_seconds
        self.probe_at = now + wait_seconds
        if now < self._gives_up_at:  # the last probe is due exactly when the policy gives up
            self.probe_at = min(self.probe_at, self._gives_up_at)

    def _close(self) -> None:
        self.state = CircuitState.CLOSED
        self._failures = 0


def _is_up(outcome: Outcome) -> bool:
    """Return whether the destination is up: it answered, and not with a 5xx."""
    return isinstance(outcome, Answered) and outcome.status < SERVER_ERROR
