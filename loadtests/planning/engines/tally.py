"""Makes a forecast of calls: counts each once, and keeps nothing of it but what is still open."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from loadtests.planning.engines.calls import DELIVERED, DROPPED, EXECUTED, Call
from loadtests.planning.engines.over_time import OverTime
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import DAY, SECOND, Plan

MOST_SURVEYS = 2  # of a person that are counted


def forecast_of(plan: Plan, calls: Iterable[Call]) -> Forecast:
    """Return the forecast that follows from the calls of an export, in their order."""
    tally = Tally(plan)
    tally.count(calls)
    return tally.forecast()


class Tally:
    """Counts the calls of one export.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._over_time = OverTime(plan)
        self._delivered_by_try: Counter[int] = Counter()
        self._dropped_by_status: defaultdict[int, int] = defaultdict(int)
        self._blocked_by_day: Counter[int] = Counter()
        self._accepted = self._windows = self._uncertain = self._duplicates = 0
        self._answer_us = plan.answer_us
        self._first_dropped_at: int | None = None
        self._last_dropped_at: int | None = None
        self._window_us = plan.window_seconds * SECOND
        self._window_ends = 0
        self._finished_at = 0
        self._have_run: set[int] = set()  # and have not ended: their answers were lost
        self._surveys = _Surveys(plan)

    def count(self, calls: Iterable[Call]) -> None:
        """Count calls, in their order."""
        over_time = self._over_time
        sent = made = first_tries = until = 0
        for call in calls:
            sent, _, attempt, _, run, ending = call
            if sent >= until:
                over_time.add(made, first_tries)
                made, first_tries, until = 0, 0, self._next_bin(sent)
            made += 1
            if attempt == 1:
                first_tries += 1
            if run:
                self._admitted(call)
            if ending is DROPPED:
                self._dropped(call)
            elif ending:
                self._ended(call)
        over_time.add(made, first_tries)
        if made:
            self._finished_at = sent + self._answer_us

    def _next_bin(self, sent: int) -> int:
        """Go to the bin of a call; return where it ends, or an earlier end of a window."""
        if sent >= self._window_ends:
            self._window_ends = (sent // self._window_us + 1) * self._window_us
            self._windows += 1
        return min(self._window_ends, self._over_time.go_to(sent))

    def _admitted(self, call: Call) -> None:
        _, number, _, _, run, ending = call
        self._accepted += 1
        self._over_time.accept()
        if run != EXECUTED:
            return
        if number in self._have_run:
            self._duplicates += 1
            return
        self._surveys.count(number)
        if not ending:
            self._have_run.add(number)

    def _ended(self, call: Call) -> None:
        sent, number, attempt, _, _, ending = call
        if ending is DELIVERED:
            self._delivered_by_try[attempt] += 1
            if not self._was_executed(call):
                self._blocked_by_day[sent // DAY] += 1
        else:
            self._uncertain += 1
        self._have_run.discard(number)

    def _was_executed(self, call: Call) -> bool:
        return call[4] == EXECUTED or call[1] in self._have_run

    def _dropped(self, call: Call) -> None:
        instant = call[0] + self._answer_us
        self._dropped_by_status[call[3]] += 1
        self._over_time.drop(instant)
        if self._first_dropped_at is None:
            self._first_dropped_at = instant
        self._last_dropped_at = instant
        if self._have_run:
            self._have_run.discard(call[1])

    def forecast(self) -> Forecast:
        """Return what was counted."""
        plan = self._plan
        tries = max(plan.tries, *self._delivered_by_try, 0)
        by_try = tuple(self._delivered_by_try[attempt] for attempt in range(1, tries + 1))
        ended = sum(by_try) + sum(self._dropped_by_status.values()) + self._uncertain
        return Forecast(
            plan=plan,
            messages=plan.messages,
            delivered_by_try=by_try,
            dropped_by_code={
                str(status): count for status, count in sorted(self._dropped_by_status.items())
            },
            uncertain=self._uncertain,
            pending=plan.messages - ended,
            duplicates=self._duplicates,
            blocked_by_day=dict(sorted(self._blocked_by_day.items())),
            first_dropped_at_seconds=_seconds(self._first_dropped_at),
            last_dropped_at_seconds=_seconds(self._last_dropped_at),
            finished_at_seconds=self._finished_at / SECOND,
            minute_used_share=self._accepted / max(1, self._windows * plan.limit_per_minute),
            people_surveyed_again=self._surveys.again,
            timeline=self._over_time.timeline(),
        )


class _Surveys:
    """Counts people with an executed run in more than one day's export: one byte a person.

    Args:
        plan: the plan.

    Attributes:
        counted: how many days each person has had a run, at most 2.
        again: how many have had 2.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.counted = bytearray(plan.restated)  # the first people of the plan are restated
        self.again = 0

    def count(self, number: int) -> None:
        """Count the first executed run of a message."""
        if not self.counted:
            return
        person = self._plan.person(number)
        if person >= len(self.counted) or self.counted[person] >= MOST_SURVEYS:
            return
        self.counted[person] += 1
        self.again += self.counted[person] == MOST_SURVEYS


def _seconds(instant: int | None) -> float | None:
    return None if instant is None else instant / SECOND
