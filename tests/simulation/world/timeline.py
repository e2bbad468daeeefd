"""The one clock of a simulated world, and what is to happen on it, in an order that a seed chooses.

Nothing waits: who would wait has the timeline run until then. Time is in whole microseconds.
"""

import heapq
import random
from collections.abc import Callable

LAST = 1 << 64  # behind all that happens at the same instant
DAY_US = 86_400_000_000
MOST_IDLE = 2_000
MOST_EVENTS = 20_000  # of seeds 1 to 400 none has 2,000
MOST_DAYS = 60  # nor lasts 4


class EndlessError(BaseException):
    """The world goes on and on; no handler of errors keeps it from ending here."""


class Timeline:
    """What happens when.

    Args:
        start_us: the instant of the beginning, in microseconds since 1970.
        rng: chooses the order of what happens at one instant; None: by priority, then as planned.
        run: carries an action out.

    Attributes:
        start_us: as given.
        now_us: the present instant, in microseconds after the start.
        events: how many actions were carried out.
    """

    def __init__(
        self, start_us: int, rng: random.Random | None, run: Callable[[Callable[[], None]], None]
    ) -> None:
        self.start_us = start_us
        self.now_us = 0
        self.events = 0
        self._rng = rng
        self._run = run
        self._planned: list[tuple[int, int, int, Callable[[], None]]] = []
        self._count = 0
        self._idle = 0

    @property
    def instant_us(self) -> int:
        """The present instant, in microseconds since 1970."""
        return self.start_us + self.now_us

    @property
    def next_us(self) -> int | None:
        """When something happens next; None: never."""
        return self._planned[0][0] if self._planned else None

    def after(self, delay_us: int, action: Callable[[], None], priority: int = 1) -> None:
        """Plan an action.

        Args:
            delay_us: how long from now, in microseconds.
            action: what happens.
            priority: the lower comes first at one instant, where no seed chooses.
        """
        self._count += 1
        place = priority if self._rng is None else self._rng.getrandbits(32)
        at_us = self.now_us + max(0, delay_us)
        heapq.heappush(self._planned, (at_us, place, self._count, action))

    def run_until(self, end_us: int, stops: Callable[[], bool] | None = None) -> None:
        """Let happen what is planned until an instant, then stand there.

        Args:
            end_us: the instant, in microseconds after the start.
            stops: asked after each action: when it becomes true, the rest of that instant may
                still happen in part, and the clock stays there.

        Raises:
            EndlessError: too much has happened, or for too long nothing has.
        """
        before = self._count
        nothing_happens = True
        end = (end_us, LAST if stops is None else self._last_place())
        if stops is not None and stops():
            end = (self.now_us, self._last_place())
        while self._planned and self._planned[0][:2] <= end:
            at_us, _, _, action = heapq.heappop(self._planned)
            self.now_us = max(self.now_us, at_us)
            nothing_happens = False
            self.events += 1
            self._require_bounds()
            self._run(action)
            if stops is not None and end[0] > self.now_us and stops():
                end = (self.now_us, self._last_place())
        self.now_us = max(self.now_us, end[0])
        self._idle = self._idle + 1 if nothing_happens and before == self._count else 0
        self._require_bounds()

    def _require_bounds(self) -> None:
        if self._idle > MOST_IDLE:
            raise EndlessError(f"somebody waited {MOST_IDLE:,} times, and nothing happened")
        if self.events > MOST_EVENTS or self.now_us > MOST_DAYS * DAY_US:
            days = self.now_us / DAY_US
            raise EndlessError(
                f"did not end after {self.events:,} events, {days:,.1f} virtual days"
            )

    def _last_place(self) -> int:
        return LAST if self._rng is None else self._rng.getrandbits(32)


def whole_us(seconds: float) -> int:
    """Return a wait in microseconds, at least 1 if there is any; never shorter than asked."""
    exact = seconds * 1e6
    nearest = round(exact)
    if nearest < exact - 1e-3:  # beyond what adding floats leaves behind
        nearest += 1
    return nearest if nearest > 0 or seconds <= 0 else 1
