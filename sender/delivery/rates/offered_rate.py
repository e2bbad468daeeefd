"""The offered rate of Adobe's policies: fixed, and blind to what the destination answers. Pure.

First try number i is due i / rate seconds after the first one, whatever became of those before.
Retries are made in addition, each when it is due. So what is lost depends on the rate and on the
destination, and neither on the machine nor on the transport (A-LIM-1).

Times are passed in, as seconds that never go backwards.
"""

from dataclasses import dataclass

CATCH_UP_SECONDS = 2.0


class OfferedRate:
    """Evenly spaced first tries; a machine that was late makes up at most two seconds.

    Args:
        per_second: first tries per second; any positive number.

    Example:
        >>> rate = OfferedRate(per_second=4.0)
        >>> rate.sent(now=100.0)
        >>> rate.wait_seconds(now=100.0)
        0.25
    """

    paces_retries = False

    def __init__(self, per_second: float) -> None:
        self._interval_seconds = 1.0 / per_second
        self._began = float("-inf")
        self._sent = 0

    def wait_seconds(self, now: float) -> float:
        """Return how long to wait before the next first try; 0 when it is due."""
        return max(0.0, self._due() - now)

    def why_waiting(self, now: float) -> str:  # noqa: ARG002  as its kind asks
        """Return "": first tries are evenly spaced, and that is all."""
        return ""

    def sent(self, now: float) -> None:
        """Record that a first try is made now."""
        late_seconds = now - self._due()
        if late_seconds > CATCH_UP_SECONDS:  # after a pause of the source, or of the machine
            began = now if self._sent == 0 else now - CATCH_UP_SECONDS
            self._began, self._sent = began, 0
        self._sent += 1

    def ended(self, sent_at: float, now: float) -> None:
        """Do nothing: it does not adapt."""

    def throttled(self, sent_at: float, now: float, retry_after_seconds: float) -> None:
        """Do nothing: it does not adapt."""

    def _due(self) -> float:
        return self._began + self._sent * self._interval_seconds


@dataclass(slots=True)
class FirstTries:
    """Counts first tries and the time between them, from which the reached rate follows.

    Attributes:
        intervals: how many times one followed another, since it was taken last.
        seconds: the time that those took together.

    Example:
        >>> tries = FirstTries()
        >>> for now in (0.0, 0.5, 1.0):
        ...     tries.sent(now)
        >>> tries.taken(), tries.taken()
        ((2, 1.0), (0, 0.0))
    """

    intervals: int = 0
    seconds: float = 0.0
    _last_at: float | None = None

    def sent(self, now: float) -> None:
        """Record that a first try is made now."""
        if self._last_at is not None:
            self.intervals += 1
            self.seconds += now - self._last_at
        self._last_at = now

    def taken(self) -> tuple[int, float]:
        """Return intervals and seconds, and count anew."""
        counted = self.intervals, self.seconds
        self.intervals, self.seconds = 0, 0.0
        return counted
