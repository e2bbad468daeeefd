"""Records the outcomes of attempts: stores each decision and makes the events for subscribers.

The decisions are made in :mod:`sender.delivery.decisions`.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sender import events
from sender.delivery.decisions import (
    Activated,
    FailedForGood,
    History,
    RetryAt,
    StopExport,
    decide,
)
from sender.delivery.send_queue import SendQueue
from sender.delivery.stores.message_store import MessageStore
from sender.outbox import schema as sql
from sender.outbox.records import Failure, StoredMessage
from sender.policies import RetryPolicy
from sender.transport.base import Completed
from sender.transport.outcomes import (
    Answered,
    Impossible,
    Lost,
    NotConnected,
    Outcome,
    answer_was_lost,
    describe,
    error_code_of,
    was_throttled,
)
from sender.transport.retry_after import retry_after_seconds

_OUTCOME_NAMES = {
    Answered: "answered",
    Lost: "lost",
    NotConnected: "not connected",
    Impossible: "impossible",
}
INTERRUPTED = Lost("the sender ended while the call was under way")


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result of recording a batch of attempts.

    Attributes:
        activated: messages that the destination accepted.
        failed: messages that failed permanently or are uncertain.
        stopped: why the export must stop, if an outcome affects every message.
        events: the events, in order.
    """

    activated: int
    failed: int
    stopped: StopExport | None
    events: Sequence[events.Event]


class OutcomeRecorder:
    """Records how attempts ended, one batch per transaction of the outbox.

    Args:
        messages: stores the new states.
        queue: is notified of retries and of messages that ended.
        policy: how messages are delivered.
        rng: source of the retry jitter.
        is_heard: whether there are subscribers; without them the events of single attempts are not
            made.

    Attributes:
        last_retried: how the last attempt ended after which a message is sent again.
    """

    def __init__(
        self,
        messages: MessageStore,
        queue: SendQueue,
        policy: RetryPolicy,
        rng: random.Random,
        *,
        is_heard: bool = True,
    ) -> None:
        self._messages = messages
        self._queue = queue
        self._policy = policy
        self._rng = rng
        self._is_heard = is_heard
        self._began_at = 0.0
        self._failed = 0
        self._stopped: StopExport | None = None
        self._events: list[events.Event] = []
        self.last_retried: Outcome | None = None

    def record(self, ended: Iterable[Completed], now: float) -> Recorded:
        """Record attempts that ended; called inside a transaction of the outbox."""
        self._failed, self._stopped, self._events = 0, None, []
        activated = self._record_each(ended, now)
        self._messages.activate(activated)
        for seq in activated:
            self._queue.release(seq)
        return Recorded(len(activated), self._failed, self._stopped, self._events)

    def count_from(self, instant: float) -> None:
        """Count from then at the earliest how long a message has been tried, not from before."""
        self._began_at = max(self._began_at, instant)

    def record_interrupted(self, now: float) -> Recorded:
        """Record the calls that were in flight when an earlier export was killed as lost."""
        self._began_at = now
        interrupted = self._messages.interrupted()
        return self.record((Completed(message, INTERRUPTED, 0.0) for message in interrupted), now)

    def _record_each(self, ended: Iterable[Completed], now: float) -> list[int]:
        """Record each attempt; return the messages to mark as activated, all in one statement."""
        activated: list[int] = []
        for completed in ended:
            if self._is_heard:
                self._add_attempt_events(completed, now)
            message, outcome = completed.message, completed.outcome
            history = History(message.attempts, self._tried_since(message))
            decision = decide(self._policy, history, outcome, now, self._rng)
            if isinstance(decision, Activated):
                activated.append(message.seq)
                if self._is_heard:
                    self._events.append(events.MessageActivated(message.trace_id, message.attempts))
            elif isinstance(decision, RetryAt):
                self._retry(message, decision, outcome, now)
            elif isinstance(decision, StopExport):
                self._stop(message, decision, now)
            else:
                self._end(message, outcome, now, failed=isinstance(decision, FailedForGood))
        return activated

    def _tried_since(self, message: StoredMessage) -> float | None:
        """Return since when a message has been tried, which decides when it is given up.

        A policy that gives up after a time counts from the start of this invocation at the
        earliest, or from the last day on which calls could be made again: before, no message was
        tried.
        """
        first_failed_at = message.first_failed_at
        if first_failed_at is None or self._policy.drops_messages:
            return first_failed_at
        return max(first_failed_at, self._began_at)

    def _retry(self, message: StoredMessage, retry: RetryAt, outcome: Outcome, now: float) -> None:
        failure = _failure(message, outcome, now)
        if not self._messages.retry(message, retry.instant, failure):
            self._queue.release(message.seq)
            return
        self._queue.wait_for(retry.instant)
        self.last_retried = outcome
        delay_seconds = retry.instant - now
        self._events.append(
            events.RetryScheduled(
                message.trace_id, message.attempts, delay_seconds, failure.error_code
            )
        )

    def _stop(self, message: StoredMessage, stop: StopExport, now: float) -> None:
        if not self._messages.unlease(message, now):
            self._queue.release(message.seq)
        self._stopped = self._stopped or stop

    def _end(self, message: StoredMessage, outcome: Outcome, now: float, *, failed: bool) -> None:
        failure = _failure(message, outcome, now)
        self._messages.end(message, sql.FAILED if failed else sql.UNCERTAIN, failure)
        self._queue.release(message.seq)
        self._failed += 1
        kind = events.MessageFailed if failed else events.MessageUncertain
        self._events.append(
            kind(message.trace_id, message.attempts, failure.error_code, failure.description)
        )

    def _add_attempt_events(self, completed: Completed, now: float) -> None:
        message, outcome = completed.message, completed.outcome
        status = outcome.status if isinstance(outcome, Answered) else None
        self._events.append(
            events.AttemptEnded(
                message.trace_id,
                message.attempts,
                status,
                completed.seconds,
                _OUTCOME_NAMES[type(outcome)],
            )
        )
        if isinstance(outcome, Answered) and was_throttled(outcome):
            asked_seconds = retry_after_seconds(outcome.retry_after, now)
            self._events.append(events.Throttled(message.trace_id, asked_seconds))


def _failure(message: StoredMessage, outcome: Outcome, now: float) -> Failure:
    first = now if message.first_failed_at is None else message.first_failed_at
    lost = answer_was_lost(outcome)
    status = outcome.status if isinstance(outcome, Answered) else None
    return Failure(first, lost, error_code_of(outcome), describe(outcome), status)
