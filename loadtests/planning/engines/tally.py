"""Makes a forecast of calls: counts each once, and keeps nothing of it but what is still open."""

from collections import Counter
from collections.abc import Iterable

from loadtests.planning.engines.calls import DELIVERED, EXECUTED, UNCERTAIN, Call
from loadtests.planning.engines.over_time import OverTime
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import DAY, SECOND, Plan


def forecast_of(plan: Plan, calls: Iterable[Call]) -> Forecast:
    """Return the forecast that follows from the calls of an export, in their order."""
    tally = _Tally(plan)
    tally.count(calls)
    return tally.forecast()


class _Tally:
    """Counts the calls of one export.

    Args:
        plan: the plan.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._over_time = OverTime(plan)
        self._delivered_by_try: Counter[int] = Counter()
        self._dropped_by_code: Counter[str] = Counter()
        self._blocked_by_day: Counter[int] = Counter()
        self._accepted = self._windows = self._uncertain = self._duplicates = 0
        self._dropped_at: tuple[int, int] | None = None
        self._finished_at = 0
        self._have_run: set[int] = set()  # and have not ended: their answers were lost
        self._surveys = _Surveys(plan)

    def count(self, calls: Iterable[Call]) -> None:
        """Count calls, in their order."""
        window_us = self._plan.window_seconds * SECOND
        over_time = self._over_time
        first_tries, all_tries, bin_us = over_time.arrivals, over_time.calls, over_time.bin_us
        sent, window_ends = 0, 0
        for call in calls:
            sent = call[0]
            if sent >= window_ends:
                window_ends = (sent // window_us + 1) * window_us
                self._windows += 1
            if sent >= over_time.until_us:
                over_time.reach(sent)
                bin_us = over_time.bin_us
            all_tries[sent // bin_us] += 1
            if call[2] == 1:
                first_tries[sent // bin_us] += 1
            if call[4]:
                self._admitted(call)
            if call[5]:
                self._ended(call)
                bin_us = over_time.bin_us
        self._finished_at = sent + self._plan.answer_us

    def _admitted(self, call: Call) -> None:
        sent, number, _, _, run, ending = call
        self._accepted += 1
        self._over_time.accepted[sent // self._over_time.bin_us] += 1
        if run != EXECUTED:
            return
        if number in self._have_run:
            self._duplicates += 1
            return
        self._surveys.count(number)
        if not ending:
            self._have_run.add(number)

    def _ended(self, call: Call) -> None:
        sent, number, attempt, status, _, ending = call
        if ending is DELIVERED:
            self._delivered_by_try[attempt] += 1
            if not self._was_executed(call):
                self._blocked_by_day[sent // DAY] += 1
        elif ending is UNCERTAIN:
            self._uncertain += 1
        else:
            self._dropped(sent + self._plan.answer_us, status)
        self._have_run.discard(number)

    def _was_executed(self, call: Call) -> bool:
        return call[4] == EXECUTED or call[1] in self._have_run

    def _dropped(self, instant: int, status: int) -> None:
        self._dropped_by_code[str(status)] += 1
        self._over_time.drop(instant)
        first, _ = self._dropped_at or (instant, instant)
        self._dropped_at = first, instant

    def forecast(self) -> Forecast:
        """Return what was counted."""
        plan = self._plan
        tries = max(plan.tries, *self._delivered_by_try, 0)
        by_try = tuple(self._delivered_by_try[attempt] for attempt in range(1, tries + 1))
        ended = sum(by_try) + sum(self._dropped_by_code.values()) + self._uncertain
        dropped_at = self._dropped_at
        return Forecast(
            plan=plan,
            messages=plan.messages,
            delivered_by_try=by_try,
            dropped_by_code=dict(sorted(self._dropped_by_code.items())),
            uncertain=self._uncertain,
            pending=plan.messages - ended,
            duplicates=self._duplicates,
            blocked_by_day=dict(sorted(self._blocked_by_day.items())),
            first_dropped_at_seconds=dropped_at and dropped_at[0] / SECOND,
            last_dropped_at_seconds=dropped_at and dropped_at[1] / SECOND,
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
        again: how many there are.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._counted = bytearray(plan.restated)  # the first people of the plan are restated
        self.again = 0

    def count(self, number: int) -> None:
        """Count the first executed run of a message."""
        if not self._counted:
            return
        person = self._plan.person(number)
        if person >= len(self._counted) or self._counted[person] > 1:
            return
        self._counted[person] += 1
        self.again += self._counted[person] > 1
