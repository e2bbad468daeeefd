"""Whether the destination is up: stops sending to one that is down, and probes it. Pure.

Closed: everything may be sent. Open: nothing, until the next probe is due. Probing: one message is
under way, and its outcome decides. Time is handed in, in seconds that never go backwards.
"""

import enum

from sender.policies import CircuitPolicy
from sender.transport.outcomes import Answered, Outcome

SERVER_ERROR = 500


class CircuitState(enum.Enum):
    """Where the circuit stands."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class CircuitBreaker:
    """Counts failures in a row and says how many messages may be sent now.

    Example:
        >>> from sender.delivery.decisions import NotConnected
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
        """Return whether a message may be sent now; when open, it is the one probe."""
        if self.state is CircuitState.OPEN:
            return now >= self.probe_at
        return self.state is CircuitState.CLOSED

    def sent(self) -> None:
        """Note that a message was sent: when open, it is the probe."""
        if self.state is CircuitState.OPEN:
            self.state = CircuitState.PROBING

    def ended(self, outcome: Outcome, now: float) -> None:
        """Note how an attempt ended."""
        if self._policy is None:
            return
        if _speaks_of_life(outcome):
            self._close()
            return
        self._failures += 1
        if self.state is CircuitState.PROBING:
            self._open(self._next_wait_seconds(outcome, self._policy), now)
        elif self._trips(self._policy):
            self._gives_up_at = now + self._policy.gives_up_after_seconds
            self._open(self._policy.first_probe_seconds, now)

    def gave_up(self, now: float) -> bool:
        """Return whether the destination has been down for as long as the policy waits."""
        return self.state is not CircuitState.CLOSED and now >= self._gives_up_at

    def _next_wait_seconds(self, outcome: Outcome, policy: CircuitPolicy) -> float:
        """Return how long to wait after a probe that failed; who answers at all is probed often."""
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
        if now < self._gives_up_at:  # one last probe then, not some time after
            self.probe_at = min(self.probe_at, self._gives_up_at)

    def _close(self) -> None:
        self.state = CircuitState.CLOSED
        self._failures = 0


def _speaks_of_life(outcome: Outcome) -> bool:
    return isinstance(outcome, Answered) and outcome.status < SERVER_ERROR
