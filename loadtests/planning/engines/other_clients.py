"""The calls of a brand's other clients: evenly spaced, not tried again, and first at an instant.

They do not begin with the export: one of them is made at the plan's beginning, and those of the
window before it, in which they were alone, are in the window.
"""

from collections.abc import Callable

from loadtests.planning.plan import DAY, SECOND, Plan

MINUTE = 60 * SECOND
COARSEST_US = 10_000  # the steps in which the window counts a high limit


class OtherClients:
    """Makes their calls up to each call of the export.

    Args:
        plan: the plan; its other traffic is above 0.
        try_take: counts a call in the window, if it has room.
        run: counts runs in the day.
    """

    def __init__(
        self, plan: Plan, try_take: Callable[[int], bool], run: Callable[[int, int], int]
    ) -> None:
        self._per_minute = plan.other_traffic
        self._try_take, self._run = try_take, run
        self._go_to(-calls_before(plan))
        self._window_us = plan.window_seconds * SECOND + COARSEST_US
        most = (self._window_us + COARSEST_US) / MINUTE * self._per_minute + 2
        self._fill_no_window = most <= plan.limit_per_minute
        self._alone_from = 0

    def call_until(self, instant: int) -> None:
        """Make their calls up to an instant, at which the export makes one."""
        if self._next_at <= instant:
            if self._fill_no_window and instant - self._alone_from > self._window_us:
                self._make(min(instant, self._alone_from))
                self._skip_to(instant - self._window_us)
            self._make(instant)
        self._alone_from = instant + self._window_us

    def _make(self, until: int) -> None:
        while self._next_at <= until:
            if self._try_take(self._next_at):
                self._run(self._next_at, 1)
            self._go_to(self._made + 1)

    def _skip_to(self, until: int) -> None:
        """Count what they call while the export makes no calls: the window admits all of them.

        Of the window only what is in it at the end counts, and of the days only the last.
        """
        end = self._number_at(until)
        if end <= self._made:
            return
        day = self._instant(end - 1) // DAY
        begin = max(self._made, self._number_at(day * DAY))
        self._run(self._instant(begin), end - begin)
        self._go_to(end)

    def _go_to(self, number: int) -> None:
        self._made = number
        self._next_at = self._instant(number)

    def _instant(self, number: int) -> int:
        return round(number * MINUTE / self._per_minute)

    def _number_at(self, instant: int) -> int:
        """Return the first call that is not made before an instant."""
        number = max(0, int(instant * self._per_minute / MINUTE) - 2)
        while self._instant(number) < instant:
            number += 1
        return number


def calls_before(plan: Plan) -> int:
    """Return how many calls others make before a plan begins that may still be in its window.

    A fixed window begins with the plan, so that there are none.
    """
    if plan.window == "fixed" or not plan.other_traffic:
        return 0
    window_us = plan.window_seconds * SECOND
    number = int(window_us * plan.other_traffic / MINUTE) + 1
    while round(number * MINUTE / plan.other_traffic) >= window_us:
        number -= 1
    return number
