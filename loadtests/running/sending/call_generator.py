"""Makes the calls of one share when they are due, whether earlier ones were answered or not.

Users are connections: an idle one waits for the next call that is due. When none is idle, a call
is sent late, which the measurements tell.
"""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

import gevent
from gevent.event import Event
from gevent.lock import Semaphore

from loadtests.measuring import Measurements
from loadtests.measuring.call import Call
from loadtests.running.sending.due_calls import CallImpossibleError, DueCall, DueCalls
from sender.transport.outcomes import Outcome

_MICROSECOND: Final = 1e-6
_NANOSECONDS: Final = 1_000


class Post(NamedTuple):
    """What is posted for a call.

    Attributes:
        due: the call.
        body: the message.
        trace_id: its trace id.
    """

    due: DueCall
    body: bytes
    trace_id: str


class Generator:
    """The calls of one share, as one process makes them.

    Args:
        due_calls: which call is due when.
        post_of: makes what is posted for a call.
        measurements: where each call is noted.
        begins_in_seconds: how long from now the run begins.
        late_us: what was due no longer ago than this when the run is halted, was not late.
        note: told each call that has ended, with its outcome.

    Attributes:
        ended: set when every message has ended, or the run was halted and no call is in flight.
        failure: why no further call can be made; empty: nothing is wrong.
    """

    def __init__(
        self,
        due_calls: DueCalls,
        post_of: Callable[[DueCall], Post],
        measurements: Measurements,
        *,
        begins_in_seconds: float,
        late_us: int,
        note: Callable[[Call, Outcome], object],
    ) -> None:
        self.ended = Event()
        self.failure = ""
        self._due_calls = due_calls
        self._post_of = post_of
        self._measurements = measurements
        self._note = note
        self._late_us = late_us
        self._begins_ns = time.monotonic_ns() + round(begins_in_seconds * 1e9)
        self._turn = Semaphore()
        self._changed = Event()
        self._halted = False
        self._made_ahead: Post | None = None
        self._look()

    def now_us(self) -> int:
        """Return the microseconds since the run's beginning; negative before it."""
        return (time.monotonic_ns() - self._begins_ns) // _NANOSECONDS

    def make_next(self, post: Callable[[bytes, str], Outcome]) -> None:
        """Make the next call when it is due, and note how it ended.

        Locust takes users away when a worker joins, or somebody wants fewer: a call that such a
        user has sent is waited for all the same.

        Args:
            post: posts a body with a trace id.
        """
        made, sent_us = self._take()
        gevent.spawn(self._make, post, made, sent_us).join()

    def _make(self, post: Callable[[bytes, str], Outcome], made: Post, sent_us: int) -> None:
        try:
            outcome = post(made.body, made.trace_id)
        except Exception as error:
            self._fail(f"{type(error).__name__}: {error}")
            raise
        self._finish(made.due, outcome, sent_us)

    def _take(self) -> tuple[Post, int]:
        """Wait until a call is due; return what is posted, and when that is.

        Of idle users one waits for the next call that is due, and the others wait for their turn.
        """
        with self._turn:
            while self._halted or not self._is_due():
                self._changed.clear()
                self._make_ahead()
                self._changed.wait(self._seconds_left())
            due = self._due_calls.take()
        made = self._made_ahead
        post = made if made is not None and made.due == due else self._made(due)
        return post, self.now_us()

    def _made(self, due: DueCall) -> Post:
        """Return what a call posts; a message that cannot be made ends the share."""
        try:
            return self._post_of(due)
        except Exception as error:
            self._fail(str(error) or type(error).__name__)
            raise

    def halt(self) -> None:
        """Make no further calls; those in flight may end."""
        if not self._halted:
            self._halted = True
            due_by_us = self.now_us() - self._late_us
            self._measurements.note_unsent(self._due_calls.unsent(due_by_us))
            self._look()

    def _finish(self, due: DueCall, outcome: Outcome, sent_us: int) -> None:
        """Note the outcome of a call; its message is tried again if the policy says so."""
        try:
            call = self._due_calls.ended(due, outcome, sent_us, self.now_us())
        except CallImpossibleError as error:
            self._fail(str(error))
            return
        self._add(call)
        self._note(call, outcome)

    def _fail(self, reason: str) -> None:
        """Note that no further call can be made."""
        self._halted = True
        self.failure = self.failure or reason
        self.ended.set()

    def _add(self, call: Call) -> None:
        self._measurements.add(call)
        self._look()

    def _look(self) -> None:
        """Look whether all is done, and let the waiting user look for what is due next."""
        self._changed.set()
        if self._due_calls.is_finished or (self._halted and not self._due_calls.in_flight):
            self.ended.set()

    def _is_due(self) -> bool:
        due_us = self._due_calls.next_us
        return due_us is not None and due_us <= self.now_us()

    def _seconds_left(self) -> float | None:
        due_us = None if self._halted else self._due_calls.next_us
        return None if due_us is None else max(0.0, (due_us - self.now_us()) * _MICROSECOND)

    def _make_ahead(self) -> None:
        """Make what the next message's first call posts, while there is time."""
        coming = None if self._halted else self._due_calls.next_message
        if coming is not None and (self._made_ahead is None or self._made_ahead.due != coming):
            self._made_ahead = self._made(coming)
