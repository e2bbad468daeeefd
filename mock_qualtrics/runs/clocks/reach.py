"""How far a clock is moved by way of what is due. Pure."""

from dataclasses import dataclass
from typing import Final

from mock_qualtrics.clock import DAY, LAST_INSTANT
from mock_qualtrics.model import Microseconds

MOST_TRIES: Final = 10_000  # a few seconds of processor time, within a client's patience
LONGEST: Final[Microseconds] = 30 * DAY


@dataclass(slots=True)
class Reach:
    """How far to move a clock, by way of every due moment.

    Attributes:
        end: the last instant whose due runs are executed.
        stays: whether the clock stays at the last of them, and does not go on to the end.
        tries_left: how many tries of runs are made at most; negative for no bound.
    """

    end: Microseconds
    stays: bool = False
    tries_left: int = -1

    def takes(self, due: Microseconds | None) -> bool:
        """Return whether to execute what is due next, and count it; None when nothing waits."""
        if due is None or due > self.end or not self.tries_left:
            return False
        self.tries_left -= 1
        return True

    def stops_at(self, now: Microseconds) -> Microseconds:
        """Return where the clock stops, once nothing more is executed."""
        return now if self.stays else max(self.end, now)


def until_idle(now: Microseconds) -> Reach:
    """Return the reach until nothing waits, but 30 days or 10,000 tries of runs at most."""
    return Reach(min(now + LONGEST, LAST_INSTANT), stays=True, tries_left=MOST_TRIES)
