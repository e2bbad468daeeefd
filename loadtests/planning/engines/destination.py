"""The destination of a plan: what it answers a call, and whether a run is executed.

The window is the mock's own, and the order of the questions too: a fault's refusal, then the
minute, then the size, then the runs of the day (``mock_qualtrics.gate.checks`` and
``mock_qualtrics.runs.scheduling``).
"""

from collections.abc import Callable

from loadtests.planning.chance import CHANCES, mixed
from loadtests.planning.engines.calls import BLOCKED, EXECUTED, LOST, NO_RUN
from loadtests.planning.engines.other_clients import OtherClients
from loadtests.planning.plan import DAY, Plan
from mock_qualtrics.gate.rate_window import make_window
from mock_qualtrics.settings import Answers

ACCEPTED = Answers().accepted_status
TOO_LARGE = Answers().too_large_status
TOO_MANY, FAULT = 429, 500
_TOO_MANY, _FAULT = (TOO_MANY, NO_RUN), (FAULT, NO_RUN)

Judge = Callable[[int, int, int], tuple[int, int]]
"""Instant, message number and attempt of a call → the status that its sender sees, and the run."""


class Destination:
    """Answers calls, whose instants never go back.

    Args:
        plan: the plan.

    Attributes:
        judge: answers a call.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        window = make_window(plan.window, plan.limit_per_minute, plan.window_seconds)
        self._try_take, self._give_back = window.try_take, window.give_back
        self._day, self._runs_today = 0, 0
        self.judge = self._by_limits() if self._is_plain() else self._with_everything()

    def _is_plain(self) -> bool:
        plan = self._plan
        return not (plan.has_chance or plan.other_traffic or plan.oversized or plan.answers_late)

    def _by_limits(self) -> Judge:
        """Return what answers by window and day alone: most plans need no more."""
        try_take, run = self._try_take, self._run

        def judge(instant: int, _number: int, _attempt: int) -> tuple[int, int]:
            return (ACCEPTED, run(instant)) if try_take(instant) else _TOO_MANY

        return judge

    def _with_everything(self) -> Judge:
        """Return what answers after the calls of others, by chance, window, size and day."""
        plan, answer = self._plan, self._answer
        faults = plan.fault_ratio * CHANCES
        failures = (plan.fault_ratio + plan.lost_ratio) * CHANCES
        seed = plan.seed if plan.has_chance else None
        others = OtherClients(plan, self._try_take, self._run) if plan.other_traffic else None

        def judge(instant: int, number: int, attempt: int) -> tuple[int, int]:
            if others is not None:
                others.call_until(instant)
            luck = CHANCES if seed is None else mixed(seed, number, attempt)
            if luck < faults:
                return _FAULT
            status, run = answer(instant, number)
            return (LOST if luck < failures else status), run

        if not plan.answers_late:
            return judge
        return lambda instant, number, attempt: (LOST, judge(instant, number, attempt)[1])

    def _answer(self, instant: int, number: int) -> tuple[int, int]:
        if not self._try_take(instant):
            return _TOO_MANY
        if self._plan.oversized and self._plan.person(number) in self._plan.oversized:
            self._give_back()
            return TOO_LARGE, NO_RUN
        return ACCEPTED, self._run(instant)

    def _run(self, instant: int, runs: int = 1) -> int:
        """Count runs of the day, unless it has as many as it may have (Q-LIM-4)."""
        day = instant // DAY
        if day != self._day:
            self._day, self._runs_today = day, 0
        if self._runs_today >= self._plan.runs_per_day:
            return BLOCKED
        self._runs_today += runs
        return EXECUTED
