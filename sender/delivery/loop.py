"""The delivery loop: one thread decides, and a transport posts.

Each turn of the loop waits for attempts to end, records their outcomes, reads profiles while there
is room, and chooses the next messages. All of that is one commit, and messages are sent only after
it. So a message is marked as in flight before its call is made, and after a kill at any instant it
is known which calls may have been executed.
"""

import datetime as dt
import random
from dataclasses import dataclass

from sender import events
from sender.clock import Clock
from sender.delivery.circuit_breaker import CircuitBreaker, CircuitState
from sender.delivery.decisions import StopExport
from sender.delivery.outcome_recorder import OutcomeRecorder, Recorded
from sender.delivery.pacing import Pacing
from sender.delivery.profile_intake import ProfileIntake, Row
from sender.delivery.send_queue import SendQueue
from sender.outbox import Outbox
from sender.outbox.records import StoredMessage
from sender.policies import RetryPolicy
from sender.transport.base import Completed, Transport
from sender.transport.outcomes import Answered, Outcome, cause_of, describe, was_throttled
from sender.transport.retry_after import retry_after_seconds

LONGEST_PAUSE_SECONDS = 3600.0
TOLD_FROM_SECONDS = 1.0  # a shorter wait is not told of
NOTE_EVERY_SECONDS = 1.0  # a kill loses at most this much of the run's processing time


@dataclass(frozen=True, slots=True)
class LoopParts:
    """The collaborators of the loop.

    Attributes:
        outbox: stores every message's state.
        transport: posts messages.
        policy: decides on retries.
        pacing: limits the rate.
        clock: the clock.
        rng: source of the retry jitter.
        announcer: passes events to subscribers.
    """

    outbox: Outbox
    transport: Transport
    policy: RetryPolicy
    pacing: Pacing
    clock: Clock
    rng: random.Random
    announcer: events.Announcer


class DeliveryLoop:
    """Sends until nothing is left, an outcome stops the export, or a stop is requested.

    Args:
        parts: the collaborators.
        intake: reads profiles; it may have none.

    Attributes:
        stopped: why the export stopped early; None if it did not, or was only asked to stop.
        stop_requested: set it to finish the calls in flight and start no more.
        intake_error: the exception that the source of profiles raised, if any.
    """

    def __init__(self, parts: LoopParts, intake: ProfileIntake) -> None:
        self._parts = parts
        self._intake = intake
        # Read the wall clock once: a later change of it must not move the due times of retries.
        self._offset_seconds = parts.clock.now().timestamp() - parts.clock.monotonic()
        self._noted_at = self._now()
        longest_wait_seconds = parts.policy.retries.longest_wait_seconds
        with parts.outbox.transaction():
            parts.outbox.follow_clock(self._noted_at, longest_wait_seconds)
        self._queue = SendQueue(parts.outbox, keeps_order=parts.policy.keeps_order)
        self._recorder = OutcomeRecorder(
            parts.outbox,
            self._queue,
            parts.policy,
            parts.rng,
            is_heard=bool(parts.announcer),
        )
        self._circuit = CircuitBreaker(parts.policy.circuit)
        self._sent_at: dict[tuple[int, int], float] = {}  # by message and attempt
        self._ended: list[Completed] = []
        self._activated = 0
        self._failed = 0
        self.stopped: StopExport | None = None
        self._unannounced: list[events.Event] = []
        self.stop_requested = False
        self.intake_error: Exception | None = None

    def run(self) -> None:
        """Send until done or stopped."""
        with self._parts.outbox.transaction():
            self._apply(self._recorder.record_interrupted(self._now()))
        try:
            while self._turn():
                self._ended = self._wait()
        finally:
            self._note_work(self._now())

    def _turn(self) -> bool:
        """Record outcomes, read profiles, choose, commit, send; return whether to go on."""
        # Reading may be slow or raise, so it happens before the transaction starts.
        rows = self._read_rows()
        now = self._now()
        outbox = self._parts.outbox
        with outbox.transaction():
            self._note_ended(now)
            if now - self._noted_at >= NOTE_EVERY_SECONDS:
                self._note_work(now)
            if rows is not None:
                self._queue.add(self._intake.store(rows, self._instant(now)))
            chosen = self._choose(now)
            outbox.lease(chosen)
        for message in chosen:
            self._parts.transport.submit(message)
        self._announce()
        return bool(self._sent_at) or not (self._is_stopping() or self._is_done())

    def _note_work(self, now: float) -> None:
        self._parts.outbox.note_work(self._intake.run_id, now - self._noted_at, now)
        self._noted_at = now

    def _note_ended(self, now: float) -> None:
        # The transport may still return attempts of an earlier loop that raised. Those messages
        # were already recorded as interrupted.
        ended = [each for each in self._ended if _attempt_of(each.message) in self._sent_at]
        self._ended = []
        self._apply(self._recorder.record(ended, now))
        for completed in ended:
            sent_at = self._sent_at.pop(_attempt_of(completed.message))
            self._note_pace(completed.outcome, sent_at, now)
            self._note_health(completed.outcome, now)

    def _apply(self, recorded: Recorded) -> None:
        self._activated += recorded.activated
        self._failed += recorded.failed
        self.stopped = self.stopped or recorded.stopped
        self._unannounced += recorded.events

    def _note_pace(self, outcome: Outcome, sent_at: float, now: float) -> None:
        if isinstance(outcome, Answered) and was_throttled(outcome):
            asked_seconds = 0.0
            if self._parts.policy.honours_retry_after:
                # Bounded: a date in the far future, from a wrong clock, must not halt the export.
                asked_seconds = min(
                    retry_after_seconds(outcome.retry_after, now), LONGEST_PAUSE_SECONDS
                )
            self._parts.pacing.throttled(sent_at, now, asked_seconds)
        else:
            self._parts.pacing.ended(sent_at, now)

    def _note_health(self, outcome: Outcome, now: float) -> None:
        before = self._circuit.state
        self._circuit.ended(outcome, now)
        if self._circuit.state is CircuitState.OPEN and before is not CircuitState.OPEN:
            wait_seconds = self._circuit.probe_at - now
            self._unannounced.append(events.CircuitOpened(describe(outcome), wait_seconds))
            if self._circuit.gave_up(now):
                self.stopped = StopExport(f"the destination is down: {describe(outcome)}")
        if self._circuit.state is CircuitState.CLOSED and before is not CircuitState.CLOSED:
            self._unannounced.append(events.CircuitClosed())

    def _read_rows(self) -> list[Row] | None:
        if self._is_stopping() or not self._wants_rows():
            return None
        try:
            return self._intake.read()
        except Exception as error:  # noqa: BLE001  the caller's iterable may raise anything
            self.intake_error = error
            self.stop_requested = True
            return None

    def _wants_rows(self) -> bool:
        return self._queue.has_room and not self._intake.finished

    def _choose(self, now: float) -> list[StoredMessage]:
        chosen: list[StoredMessage] = []
        if self._is_stopping():
            return chosen
        self._queue.fetch(now)
        while len(self._queue) and self._may_send(now):
            # Probe with a message that was never tried: one that fails for a reason of its own
            # would keep the circuit open although the destination is up.
            is_probe = self._circuit.state is not CircuitState.CLOSED
            message = self._queue.take(fresh_first=is_probe)
            self._sent_at[_attempt_of(message)] = now
            self._parts.pacing.sent(now)
            self._circuit.sent()
            chosen.append(message)
        return chosen

    def _may_send(self, now: float) -> bool:
        has_slot = len(self._sent_at) < self._parts.transport.slots
        return has_slot and self._circuit.allows(now) and not self._parts.pacing.wait_seconds(now)

    def _wait(self) -> list[Completed]:
        now = self._now()
        wait_seconds = self._wait_seconds(now)
        if self._sent_at:
            return self._parts.transport.completed(wait_seconds)
        if wait_seconds > 0:
            self._announce_waiting(now, wait_seconds)
            self._parts.clock.pause(wait_seconds, self._is_stopping)
        return []

    def _announce_waiting(self, now: float, seconds: float) -> None:
        """Say why nothing is sent for a while; not of an outage, of which the circuit tells."""
        is_told = seconds < TOLD_FROM_SECONDS or self._circuit.state is not CircuitState.CLOSED
        if is_told or not self._parts.announcer:
            return
        if reason := self._parts.pacing.why_waiting(now) or self._why_retries_wait():
            self._parts.announcer.announce(events.Waiting(seconds, reason))

    def _why_retries_wait(self) -> str:
        outcome = self._recorder.last_retried
        if len(self._queue) or outcome is None:
            return ""
        return f"what failed is sent again then; {cause_of(outcome)}"

    def _wait_seconds(self, now: float) -> float:
        """Return how long to wait, unless an attempt ends sooner."""
        if self._is_stopping() or len(self._sent_at) >= self._parts.transport.slots:
            return LONGEST_PAUSE_SECONDS
        if self._wants_rows():
            return 0.0
        due_at = now if len(self._queue) else self._queue.next_due_at
        if due_at is None:
            return LONGEST_PAUSE_SECONDS
        if self._circuit.state is CircuitState.PROBING:
            return LONGEST_PAUSE_SECONDS
        probe_at = self._circuit.probe_at if self._circuit.state is CircuitState.OPEN else now
        paced_at = now + self._parts.pacing.wait_seconds(now)
        return min(max(due_at, probe_at, paced_at, now) - now, LONGEST_PAUSE_SECONDS)

    def _is_stopping(self) -> bool:
        return self.stop_requested or self.stopped is not None

    def _is_done(self) -> bool:
        return self._intake.finished and self._queue.is_empty

    def _announce(self) -> None:
        announcer = self._parts.announcer
        unannounced, self._unannounced = self._unannounced, []
        if not announcer:
            return
        for event in unannounced:
            announcer.announce(event)
        intake = self._intake
        announcer.announce(
            events.ProgressMade(
                intake.received,
                self._activated,
                intake.excluded,
                self._failed,
                intake.broken,
            )
        )

    def _now(self) -> float:
        """Return the current instant in seconds since 1970; never goes backwards."""
        return self._offset_seconds + self._parts.clock.monotonic()

    @staticmethod
    def _instant(now: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(now, dt.UTC)


def _attempt_of(message: StoredMessage) -> tuple[int, int]:
    """Return what tells an attempt from others, of the same message too."""
    return message.seq, message.attempts
