"""Tells subscribers why no call is made for a while."""

from sender import events
from sender.delivery.call_times import CallTimes
from sender.transport.outcomes import Outcome, cause_of

TOLD_FROM_SECONDS = 1.0  # a shorter wait is not told of
DELAY_SECONDS = 150 * 60.0  # A-ALRT-1


class WaitNotes:
    """Announces each wait once, with its reason; not an outage, of which the circuit tells.

    Args:
        announcer: passes events to subscribers.
        times: says when the next call goes.
    """

    def __init__(self, announcer: events.Announcer, times: CallTimes) -> None:
        self._announcer = announcer
        self._times = times
        self._told_until = float("-inf")

    def waits(self, now: float, until: float, last_retried: Outcome | None) -> None:
        """Record that the next call goes at that instant.

        Args:
            now: the current instant, in seconds since 1970.
            until: when the next call goes.
            last_retried: how the last attempt ended after which a message is sent again.
        """
        is_told = until - now < TOLD_FROM_SECONDS or until - self._told_until < TOLD_FROM_SECONDS
        if is_told or not self._announcer or not self._times.is_up:
            return
        reason = self._times.why_waiting(now)
        if not reason and last_retried is not None:
            reason = f"what failed is sent again then; {cause_of(last_retried)}"
        if reason:
            self._told_until = until
            self._announcer.announce(events.Waiting(until - now, reason))


class DelayWatch:
    """Announces once that a run takes longer than 150 minutes (A-ALRT-1).

    Args:
        announcer: passes events to subscribers.
        began_at: when the run began, in seconds since 1970.
    """

    def __init__(self, announcer: events.Announcer, began_at: float) -> None:
        self._announcer = announcer
        self._began_at = began_at
        self.due_at = began_at + DELAY_SECONDS

    def look(self, now: float) -> None:
        """Announce the delay if it is due."""
        if now >= self.due_at:
            self.due_at = float("inf")
            self._announcer.announce(events.DestinationFlowRunDelay(now - self._began_at))
