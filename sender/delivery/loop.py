"""The delivery loop: one thread decides, and a transport posts.

Each turn of the loop waits for attempts to end, records their outcomes, reads profiles while there
is room, and chooses the next messages. All of that is one commit, and messages are sent only after
it. So a message is marked as in flight before its call is made, and after a kill at any instant it
is known which calls may have been executed.
"""

import datetime as dt
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sender import events
from sender.clock import Clock
from sender.day_limit import MINUTE_SECONDS, DayLimit
from sender.delivery.call_times import LONGEST_PAUSE_SECONDS, CallTimes
from sender.delivery.outcome_recorder import OutcomeRecorder, Recorded
from sender.delivery.profile_intake import ProfileIntake
from sender.delivery.rates.pace import Pace
from sender.delivery.rates.pacing import ended_before
from sender.delivery.row_batches import Row
from sender.delivery.send_queue import SendQueue
from sender.delivery.wait_notes import DelayWatch, WaitNotes
from sender.outbox import Outbox
from sender.outbox.records import StoredMessage, WorkDone
from sender.policies import RetryPolicy
from sender.transport.base import Completed, Transport

if TYPE_CHECKING:
    from sender.delivery.decisions import StopExport

NOTE_EVERY_SECONDS = 1.0  # a kill loses at most this much of the run's processing time


@dataclass(frozen=True, slots=True)
class LoopParts:
    """The collaborators of the loop.

    Attributes:
        outbox: stores every message's state.
        transport: posts messages.
        policy: decides on retries.
        pace: limits the rate, or offers one.
        clock: the clock.
        rng: source of the retry jitter.
        announcer: passes events to subscribers.
    """

    outbox: Outbox
    transport: Transport
    policy: RetryPolicy
    pace: Pace
    clock: Clock
    rng: random.Random
    announcer: events.Announcer


class DeliveryLoop:
    """Sends until nothing is left, an outcome stops the export, or a stop is requested.

    Args:
        parts: the collaborators.
        intake: reads profiles; it may have none.
        began_at: when the run began, in seconds since 1970.

    Attributes:
        stopped: why the export stopped early; None if it did not, or was only asked to stop.
        stop_requested: set it to finish the calls in flight and start no more.
        intake_error: the exception that the source of profiles raised, if any.
    """

    def __init__(self, parts: LoopParts, intake: ProfileIntake, began_at: float) -> None:
        self._parts = parts
        self._intake = intake
        # Read the wall clock once: a later change of it must not move the due times of retries.
        self._offset_seconds = parts.clock.now().timestamp() - parts.clock.monotonic()
        self._noted_at = self._now()
        longest_wait_seconds = parts.policy.retries.longest_wait_seconds
        outbox, pace = parts.outbox, parts.pace
        with outbox.transaction():
            outbox.messages.follow_clock(self._noted_at, longest_wait_seconds)
            self._day = DayLimit(pace.calls_per_day, outbox.runs.calls(), self._noted_at)
            outbox.runs.keep_calls(self._day.counts())
            outbox.runs.pace(intake.run_id, pace.text(parts.policy))
        self._queue = SendQueue(outbox.messages, keeps_order=parts.policy.keeps_order)
        self._recorder = OutcomeRecorder(
            outbox.messages,
            self._queue,
            parts.policy,
            parts.rng,
            is_heard=bool(parts.announcer),
        )
        pacing = pace.pacing(ended_before(self._day.counts(), self._noted_at))
        self._times = CallTimes(self._queue, parts.policy, pacing, self._day)
        self._waits = WaitNotes(parts.announcer, self._times)
        self._delay = DelayWatch(parts.announcer, began_at)
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
                self._store(rows, now)
            chosen = self._choose(now)
            if chosen:
                outbox.messages.lease(chosen)
                outbox.runs.count_calls(self._minute(now), len(chosen))
        for message in chosen:
            self._parts.transport.submit(message)
        self._delay.look(now)
        self._announce()
        return bool(self._sent_at) or not (self._is_stopping() or self._is_done())

    def _note_work(self, now: float) -> None:
        rate = self._times.first_tries.taken()
        done = WorkDone(now - self._noted_at, *rate, self._intake.rows_expected())
        self._parts.outbox.runs.note_work(self._intake.run_id, done, now)
        self._noted_at = now

    def _note_ended(self, now: float) -> None:
        # The transport may still return attempts of an earlier loop that raised. Those messages
        # were already recorded as interrupted.
        ended = [each for each in self._ended if _attempt_of(each.message) in self._sent_at]
        self._ended = []
        self._apply(self._recorder.record(ended, now))
        for completed in ended:
            sent_at = self._sent_at.pop(_attempt_of(completed.message))
            self._unannounced += self._times.ended(completed.outcome, sent_at, now)
        self.stopped = self.stopped or self._times.stopped

    def _apply(self, recorded: Recorded) -> None:
        self._activated += recorded.activated
        self._failed += recorded.failed
        self.stopped = self.stopped or recorded.stopped
        self._unannounced += recorded.events

    def _read_rows(self) -> list[Row] | None:
        if self._is_stopping() or not self._wants_rows():
            return None
        try:
            return self._intake.read()
        except Exception as error:  # noqa: BLE001  the caller's iterable may raise anything
            self.intake_error = error
            self.stop_requested = True
            return None

    def _store(self, rows: list[Row], now: float) -> None:
        stored = self._intake.store(rows, self._instant(now))
        self._queue.add(stored.messages)
        if stored.withdrawn:
            self._queue.withdraw(stored.withdrawn)

    def _wants_rows(self) -> bool:
        return self._queue.has_room and not self._intake.finished

    def _choose(self, now: float) -> list[StoredMessage]:
        chosen: list[StoredMessage] = []
        if self._is_stopping():
            return chosen
        self._queue.fetch(now)
        while len(self._sent_at) < self._parts.transport.slots:
            message = self._times.next_message(now)
            if message is None:
                break
            self._sent_at[_attempt_of(message)] = now
            chosen.append(message)
        self._recorder.count_from(self._times.new_day_at or 0.0)
        return chosen

    def _wait(self) -> list[Completed]:
        now = self._now()
        until = self._wait_until(now)
        if self._sent_at:
            return self._parts.transport.completed(min(until - now, LONGEST_PAUSE_SECONDS))
        if until > now:
            self._waits.waits(now, until, self._recorder.last_retried)
            until = min(until, self._delay.due_at, now + LONGEST_PAUSE_SECONDS)
            self._parts.clock.pause(until - now, self._is_stopping)
        return []

    def _wait_until(self, now: float) -> float:
        """Return until when to wait, unless an attempt ends sooner."""
        if self._is_stopping() or len(self._sent_at) >= self._parts.transport.slots:
            return now + LONGEST_PAUSE_SECONDS
        if self._wants_rows():
            return now
        next_call_at = self._times.next_call_at(now)
        return now + LONGEST_PAUSE_SECONDS if next_call_at is None else max(now, next_call_at)

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

    def _minute(self, now: float) -> int:
        """Return the minute, numbered since 1970, in which calls count that are made now.

        A machine that slept, or whose clock was put right, is later than this loop knows; the next
        export goes by the wall clock, and must not take these calls for older than they are.
        """
        return int(max(now, self._parts.clock.now().timestamp()) // MINUTE_SECONDS)

    @staticmethod
    def _instant(now: float) -> dt.datetime:
        return dt.datetime.fromtimestamp(now, dt.UTC)


def _attempt_of(message: StoredMessage) -> tuple[int, int]:
    """Return what tells an attempt from others, of the same message too."""
    return message.seq, message.attempts
