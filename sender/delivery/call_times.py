"""Which message is sent next, and when: what queue, circuit breaker, pace and day allow together.

Does no I/O but through the queue. Times are passed in, as seconds since 1970 that never go back.
"""

from sender import events
from sender.day_limit import DayLimit
from sender.delivery.circuit_breaker import CircuitBreaker, CircuitState
from sender.delivery.decisions import StopExport
from sender.delivery.rates.offered_rate import FirstTries
from sender.delivery.rates.pacing import Pacing
from sender.delivery.send_queue import SendQueue
from sender.outbox.records import DESTINATION_IS_DOWN, StoredMessage
from sender.policies import RetryPolicy
from sender.transport.outcomes import Answered, Outcome, describe, was_throttled
from sender.transport.retry_after import retry_after_seconds

LONGEST_PAUSE_SECONDS = 3600.0


class CallTimes:
    """Says when the next call may be made, and takes its message from the queue.

    Args:
        queue: the messages to send.
        policy: when the circuit breaker opens, and whether ``Retry-After`` counts.
        pacing: the rate.
        day: the calls of the day.

    Attributes:
        first_tries: counts the first tries, and the time between them.
        stopped: why the export stops: the destination stayed down; None: it did not.
        new_day_at: when it last could call again after the calls of a day were made; None: never.
    """

    def __init__(
        self, queue: SendQueue, policy: RetryPolicy, pacing: Pacing, day: DayLimit
    ) -> None:
        self._queue = queue
        self._honours_retry_after = policy.honours_retry_after
        self._circuit = CircuitBreaker(policy.circuit)
        self._pacing = pacing
        self._day = day
        self._over_since: float | None = None
        self.first_tries = FirstTries()
        self.stopped: StopExport | None = None
        self.new_day_at: float | None = None

    @property
    def is_up(self) -> bool:
        """Whether the destination counts as up."""
        return self._circuit.state is CircuitState.CLOSED

    def ended(self, outcome: Outcome, sent_at: float, now: float) -> list[events.Event]:
        """Record how a call ended that was sent at that instant; return what became of it."""
        if isinstance(outcome, Answered) and was_throttled(outcome):
            self._pacing.throttled(sent_at, now, self._asked_seconds(outcome, now))
        else:
            self._pacing.ended(sent_at, now)
        before = self._circuit.state
        self._circuit.ended(outcome, now)
        after = self._circuit.state
        return [] if after is before else self._turned(after, outcome, now)

    def _asked_seconds(self, outcome: Answered, now: float) -> float:
        if not self._honours_retry_after:
            return 0.0
        # Bounded: a date in the far future, from a wrong clock, must not halt the export.
        return min(retry_after_seconds(outcome.retry_after, now), LONGEST_PAUSE_SECONDS)

    def _turned(self, state: CircuitState, outcome: Outcome, now: float) -> list[events.Event]:
        if state is CircuitState.CLOSED:
            return [events.CircuitClosed()]
        if self._circuit.gave_up(now):
            self.stopped = StopExport(f"{DESTINATION_IS_DOWN}: {describe(outcome)}")
        return [events.CircuitOpened(describe(outcome), self._circuit.probe_at - now)]

    def next_message(self, now: float) -> StoredMessage | None:
        """Take the message that may be sent now, and count its call; None if none may be."""
        if not self._may_call(now):
            return None
        # Probe with a message that was never tried: one that fails for a reason of its own would
        # keep the circuit open although the destination is up.
        is_probe = not self.is_up
        message = self._queue.take(fresh_first=is_probe)
        is_first = message.attempts == 1
        if is_first:
            self.first_tries.sent(now)
        if is_first or self._pacing.paces_retries:
            self._pacing.sent(now)
        self._circuit.sent()
        self._day.sent(now)
        return message

    def next_call_at(self, now: float) -> float | None:
        """Return when the next call may be made; None: not before an attempt has ended."""
        ready_at = self._ready_at(now)
        if ready_at is None or self._circuit.state is CircuitState.PROBING:
            return None
        probe_at = self._circuit.probe_at if self._circuit.state is CircuitState.OPEN else now
        return max(ready_at, probe_at, now + self._day.wait_seconds(now))

    def why_waiting(self, now: float) -> str:
        """Return why no call may be made now, beyond the even spacing of calls; "" for no more."""
        if self._day.wait_seconds(now):
            return (
                f"the {self._day.calls_per_day:,} calls of a day are made (--calls-per-day), so "
                "the export goes on the next day"
            )
        return self._pacing.why_waiting(now)

    def _may_call(self, now: float) -> bool:
        if self._is_day_over(now) or not len(self._queue) or not self._circuit.allows(now):
            return False
        is_free = self._queue.has_retries and not self._pacing.paces_retries
        return is_free or not self._pacing.wait_seconds(now)

    def _is_day_over(self, now: float) -> bool:
        """Return whether the calls of the day are made; such a wait gives up no message."""
        if self._day.wait_seconds(now):
            self._over_since = now if self._over_since is None else self._over_since
            return True
        if self._over_since is not None:
            self._circuit.paused(now - self._over_since)
            self._over_since, self.new_day_at = None, now
        return False

    def _ready_at(self, now: float) -> float | None:
        """Return when a message is due and its turn has come, as far as queue and pace say."""
        paced_at = now + self._pacing.wait_seconds(now)
        free_at = paced_at if self._pacing.paces_retries else now
        instants = [free_at] if self._queue.has_retries else []
        if self._queue.has_fresh:
            instants.append(paced_at)
        if self._queue.next_due_at is not None:
            instants.append(max(free_at, self._queue.next_due_at))
        return min(instants, default=None)
