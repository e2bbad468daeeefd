"""The pace of a lossless sender while nothing is refused: what its ``Pacer`` comes to, to the bit.

Without a refusal the rate never changes, so that what is left of a ``Pacer`` is two instants and a
minute of calls. The same sums of the same floats are made here in the same order; many at once they
are made in ``strides``.
"""

from array import array
from bisect import bisect_right

from loadtests.planning.plan import SECOND
from sender.delivery.rates.pacing import (
    BURST_SECONDS,
    CATCH_UP_SECONDS,
    CATCH_UP_SPEED,
    CLOCK_MARGIN_SECONDS,
    MARGIN_SECONDS,
    MINUTE_SECONDS,
    SHORTEST_REST_SECONDS,
)

COUNTS_FOR_SECONDS = MINUTE_SECONDS + CLOCK_MARGIN_SECONDS
NEVER = float("-inf")
_MOST_FORGOTTEN = 1 << 16


class Pace:
    """When the next call may be made, as far as the pace says.

    Args:
        limit: calls a minute.
        answer_us: how long after a call it ends.

    Attributes:
        limit: the same.
        interval: seconds between two calls.
        due: when the next call's turn has come by the even spacing, in seconds.
        earliest: the same where lost time is made up for.
        instants: when calls were made, in microseconds: all that count still, and some before them.
        answer_us: the same.
    """

    def __init__(self, limit: int, answer_us: int) -> None:
        self.limit = limit
        self.interval = 1.0 / (limit / (MINUTE_SECONDS + MARGIN_SECONDS))
        self.due = self.earliest = NEVER
        self.instants = array("q")
        self.answer_us = answer_us
        self._oldest = 0  # of the calls that count

    def free_at(self, now: float) -> float:
        """Return from when on a call may be made, as it looks at an instant."""
        return max(self.due, self.earliest, self._window_frees_at(now))

    def next_answer(self, turn: int) -> int | None:
        """Return when a call is answered next, after an instant; None: all are."""
        at = bisect_right(self.instants, turn - self.answer_us, self._oldest)
        return self.instants[at] + self.answer_us if at < len(self.instants) else None

    def has_lost_time(self, turn: int) -> bool:
        """Return whether the call of an instant, the last one, came too late to be made up for."""
        return self.due <= turn / SECOND - CATCH_UP_SECONDS + self.interval

    def is_held_up(self, turn: int) -> bool:
        """Return whether the calls of the last minute alone keep the next call waiting."""
        return self.free_at(turn / SECOND) > max(self.due, self.earliest)

    def sent(self, turn: int) -> None:
        """Record that a call is made."""
        now = turn / SECOND
        since = max(self.due, now - CATCH_UP_SECONDS) if self.instants else now
        self.due = since + self.interval
        self.earliest = max(self.earliest, now - BURST_SECONDS) + self.interval / CATCH_UP_SPEED
        self.instants.append(turn)

    def sent_many(self, instants: bytes, due: float, earliest: float) -> None:
        """Record calls, as 64-bit instants, and what follows from them.

        More of them than the limit are known not to count when the last one was made.
        """
        self.instants.frombytes(instants)
        self.due, self.earliest = due, earliest
        self._oldest = max(self._oldest, len(self.instants) - self.limit - 1)
        if self._oldest > _MOST_FORGOTTEN:
            del self.instants[: self._oldest]
            self._oldest = 0

    def _window_frees_at(self, now: float) -> float:
        if len(self.instants) - self._oldest < self.limit:
            return NEVER
        self._forget_before(now - COUNTS_FOR_SECONDS)
        if len(self.instants) - self._oldest < self.limit:
            return NEVER
        ended = self._ended(self._oldest)
        return ended + COUNTS_FOR_SECONDS if ended <= now else now + SHORTEST_REST_SECONDS

    def _ended(self, number: int) -> float:
        return (self.instants[number] + self.answer_us) / SECOND

    def _forget_before(self, instant: float) -> None:
        while self._oldest < len(self.instants) and self._ended(self._oldest) <= instant:
            self._oldest += 1
