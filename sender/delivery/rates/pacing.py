"""Client-side rate limiting: as fast as the destination's limit allows, and no faster. Pure.

In any 60 seconds the sender makes no more calls than the limit, so it makes no difference whether
the destination counts in a fixed or in a sliding window. A call counts until 60 seconds after it
ended: it is not known when the destination counted it, so even a slow call cannot cause a refusal.
Calls are evenly spaced; after a pause the lost time is made up at twice the rate. A sender that is
started again counts the calls of its last minute, which the outbox keeps by the minute: each as if
it had ended when its minute did.

If another client uses part of the limit, a refused call shows that the window is full. The sender's
share is then the number of its calls that were accepted in the last minute. The rate drops to that
share; after a rest one call probes the destination, and then the rate rises again in small steps.
Times are passed in, as monotonic seconds.
"""

from collections import deque
from collections.abc import Iterable
from typing import Protocol

MINUTE_SECONDS = 60.0
MARGIN_SECONDS = 0.25  # calls spaced over a little more than a minute rarely fill the window
CLOCK_MARGIN_SECONDS = 0.02  # the destination's clock may run slightly slower
CATCH_UP_SECONDS = 2.0  # lost time beyond this is not made up
CATCH_UP_SPEED = 2.0
BURST_SECONDS = 0.005
SHORTEST_REST_SECONDS = 1.0
LONGEST_REST_SECONDS = 4.0
DECREASE = 0.85
SHARE_MARGIN = 0.98
RISE_PER_SECOND = 0.005
SLOWEST_SHARE = 0.01


class Pacing(Protocol):
    """Decides when the next call may be made.

    Attributes:
        paces_retries: whether it spaces all calls; otherwise the first try of each message alone.
    """

    paces_retries: bool

    def wait_seconds(self, now: float) -> float:
        """Return how long to wait before the next call; 0 when it may be sent now."""
        ...

    def why_waiting(self, now: float) -> str:
        """Return why no call may be sent now, beyond the even spacing of calls; "" for no more."""
        ...

    def sent(self, now: float) -> None:
        """Record that a call is sent now."""
        ...

    def ended(self, sent_at: float, now: float) -> None:
        """Record that a call sent at that instant ended without being throttled."""
        ...

    def throttled(self, sent_at: float, now: float, retry_after_seconds: float) -> None:
        """Record that a call sent at that instant was refused because of the rate limit."""
        ...


class Unpaced:
    """No limit on the sender's side (A-LIM-1)."""

    paces_retries = True

    def wait_seconds(self, now: float) -> float:  # noqa: ARG002  required by Pacing
        """Return 0: every call may be sent now."""
        return 0.0

    def why_waiting(self, now: float) -> str:  # noqa: ARG002  required by Pacing
        """Return "": every call may be sent now."""
        return ""

    def sent(self, now: float) -> None:
        """Do nothing."""

    def ended(self, sent_at: float, now: float) -> None:
        """Do nothing."""

    def throttled(self, sent_at: float, now: float, retry_after_seconds: float) -> None:
        """Do nothing."""


class Pacer:
    """Spaces calls evenly under a limit per minute, and adapts to the share that others leave.

    Args:
        calls_per_minute: the destination's limit (Q-LIM-1); any positive number.
        ended: when calls of an earlier process ended, ascending.

    Example:
        >>> pacer = Pacer(calls_per_minute=60)
        >>> pacer.sent(now=0.0)
        >>> pacer.wait_seconds(now=0.0) > 1.0
        True
    """

    paces_retries = True

    def __init__(self, calls_per_minute: float, ended: Iterable[float] = ()) -> None:
        self._limit = max(1, int(calls_per_minute))
        self._highest_rate = calls_per_minute / (MINUTE_SECONDS + MARGIN_SECONDS)
        self._rate = self._highest_rate
        self._ended: deque[float] = deque(ended)
        self._in_flight = 0
        self._has_begun = False
        self._due = float("-inf")
        self._earliest = float("-inf")
        self._rate_changed_at = 0.0
        self._throttled_at = float("-inf")
        self._rest_seconds = SHORTEST_REST_SECONDS
        self._rests_until = float("-inf")
        self._probes = False
        self._probe_is_out = False
        self._probe_sent_at = 0.0

    @property
    def calls_per_minute(self) -> float:
        """The current rate."""
        return self._rate * (MINUTE_SECONDS + MARGIN_SECONDS)

    def wait_seconds(self, now: float) -> float:
        """Return how long to wait before the next call; 0 when it may be sent now.

        While a probe is in flight this is not known yet, and the shortest rest is returned.
        """
        if self._probe_is_out:
            return SHORTEST_REST_SECONDS
        latest = max(self._due, self._earliest, self._rests_until, self._window_frees_at(now))
        return max(0.0, latest - now)

    def why_waiting(self, now: float) -> str:
        """Return that the destination refused a call, or that the minute is used up."""
        if now < self._rests_until:
            return "the destination answered 429, one call too many"
        if self._window_frees_at(now) > now:
            return f"the {self._limit:,} calls of this minute are made"
        return ""

    def sent(self, now: float) -> None:
        """Record that a call is sent now."""
        self._rise(now)
        interval = 1.0 / self._rate
        self._in_flight += 1
        since = max(self._due, now - CATCH_UP_SECONDS) if self._has_begun else now
        self._due = since + interval
        self._has_begun = True
        self._earliest = max(self._earliest, now - BURST_SECONDS) + interval / CATCH_UP_SPEED
        self._probe_is_out = self._probes
        self._probe_sent_at = now

    def ended(self, sent_at: float, now: float) -> None:
        """Record that a call sent at that instant ended without being throttled."""
        self._in_flight -= 1
        self._ended.append(now)
        if self._probe_is_out and sent_at >= self._probe_sent_at:
            self._probes = self._probe_is_out = False
            self._rest_seconds = SHORTEST_REST_SECONDS
            self._rate_changed_at = self._due = self._earliest = now

    def throttled(self, sent_at: float, now: float, retry_after_seconds: float) -> None:
        """Record that a call sent at that instant was refused because of the rate limit."""
        self._in_flight -= 1
        # One reaction for all calls that were already in flight when the first one was refused. The
        # last of their answers may come while the probe is out, and must not be taken for its own.
        if sent_at < (self._probe_sent_at if self._probe_is_out else self._rests_until):
            self._rests_until = max(self._rests_until, now + retry_after_seconds)
            return
        if self._probes:
            self._rest_seconds = min(self._rest_seconds * 2, LONGEST_REST_SECONDS)
        else:
            self._slow_down(now)
        self._probes, self._probe_is_out = True, False
        rests_until = now + max(self._rest_seconds, retry_after_seconds)
        self._rests_until = max(self._rests_until, rests_until)

    def _slow_down(self, now: float) -> None:
        self._forget_before(now - MINUTE_SECONDS)
        share = SHARE_MARGIN * len(self._ended) / MINUTE_SECONDS
        slowest = SLOWEST_SHARE * self._highest_rate
        self._rate = max(slowest, min(share, self._rate * DECREASE))
        self._rate_changed_at = now

    def _rise(self, now: float) -> None:
        if self._rate < self._highest_rate and not self._probes:
            step = RISE_PER_SECOND * self._highest_rate * (now - self._rate_changed_at)
            self._rate = min(self._highest_rate, self._rate + step)
        self._rate_changed_at = now

    def _window_frees_at(self, now: float) -> float:
        if self._in_flight + len(self._ended) < self._limit:
            return float("-inf")
        counts_for = MINUTE_SECONDS + CLOCK_MARGIN_SECONDS
        self._forget_before(now - counts_for)
        if self._in_flight + len(self._ended) < self._limit:
            return float("-inf")
        return self._ended[0] + counts_for if self._ended else now + SHORTEST_REST_SECONDS

    def _forget_before(self, instant: float) -> None:
        while self._ended and self._ended[0] <= instant:
            self._ended.popleft()


def pacing_for(calls_per_minute: float | None, ended: Iterable[float] = ()) -> Pacing:
    """Return the pacing for a limit; None or infinity means no pacing.

    Args:
        calls_per_minute: the limit.
        ended: when calls of an earlier process ended, ascending.
    """
    if calls_per_minute is None or calls_per_minute == float("inf"):
        return Unpaced()
    return Pacer(calls_per_minute, ended)


def ended_before(counts: Iterable[tuple[int, int]], now: float) -> list[float]:
    """Return when the calls of an earlier process ended at the latest, of those that still count.

    Args:
        counts: minutes, numbered since 1970 and ascending, and how many calls were made in each.
        now: the present instant, in seconds since 1970.

    Example:
        >>> ended_before([(0, 9), (2, 1), (3, 2)], now=185.0)
        [180.0, 185.0, 185.0]
    """
    ends = [(min(now, (minute + 1) * MINUTE_SECONDS), calls) for minute, calls in counts]
    oldest = now - MINUTE_SECONDS - CLOCK_MARGIN_SECONDS
    return [end for end, calls in ends if end > oldest for _ in range(calls)]
