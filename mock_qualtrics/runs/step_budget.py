"""The default limit of one step: a number of runs, and a time."""

from mock_qualtrics.clock import Countdown


class TimedBudget:
    """Ends a step after a number of runs, or when its time is over.

    Args:
        most_runs: how many runs a step may take.
        countdown: the step's time; ``Countdown(seconds, read)`` reads any clock.
    """

    __slots__ = ("_countdown", "_most_runs", "taken")

    def __init__(self, most_runs: int, countdown: Countdown) -> None:
        self.taken = 0
        self._most_runs = most_runs
        self._countdown = countdown

    def has_more(self) -> bool:
        """Return whether another run may be taken; the first always may, so that steps progress."""
        if not self.taken:
            return True
        return self.taken < self._most_runs and self._countdown.left_seconds() > 0

    def take(self) -> None:
        """Count one run."""
        self.taken += 1
