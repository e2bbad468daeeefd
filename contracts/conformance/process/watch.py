"""Looks after a scenario while its connector runs: what happens in mid-run, and when it is over."""

from collections.abc import Mapping
from threading import Event as Flag
from typing import Any, Final

from contracts.clock import Clock
from contracts.conformance.events import Events
from contracts.conformance.recording import Stopped
from contracts.conformance.scenario import Scenario
from contracts.conformance.stage import Stage
from contracts.control_client import ControlClient

EVENTS_SECONDS: Final = 0.02
TOTALS_SECONDS: Final = 0.25
SETTLED_SECONDS: Final = 5.0
"""How long nothing arrives before a connector that goes on counts as done."""
UNCLEAR_SECONDS: Final = 35.0
"""The same where an answer may have been taken for a failure: Adobe tries again after 30 s."""
CLEAR_FAULTS: Final = frozenset(
    {"status", "redirect", "lower-limit", "reset-before-read", "run-failed", "run-twice"}
)
"""Faults that leave no doubt whether a call was accepted."""
MOST_CALLS: Final = 1_000
MOST_CALLS_EACH: Final = 40


def most_calls(stage: Stage) -> int:
    """Return how many calls of a scenario are taken: no scenario asks for near as many."""
    return MOST_CALLS + MOST_CALLS_EACH * len(stage.messages)


def settled_seconds(scenario: Scenario) -> float:
    """Return how long nothing more may arrive before a scenario is decided."""
    if all(fault["kind"] in CLEAR_FAULTS for fault in scenario.faults):
        return SETTLED_SECONDS
    return min(UNCLEAR_SECONDS, scenario.timeout_seconds / 2)


class Watch:
    """What is done again and again while a connector runs; asks the mock only now and then.

    Args:
        control: a client of the mock.
        stage: what the connector runs on.
        scenario: what it is.
        clock: by which time is taken.
        interrupted: set when the whole suite ends early.
    """

    def __init__(
        self,
        control: ControlClient,
        stage: Stage,
        scenario: Scenario,
        clock: Clock,
        interrupted: Flag,
    ) -> None:
        self._control = control
        self._stage = stage
        self._clock = clock
        self._interrupted = interrupted
        self._events = Events(control, stage, scenario.during)
        self._events_pause = EVENTS_SECONDS if scenario.during else TOTALS_SECONDS
        self._wanted = calls_that_decide(scenario, len(stage.messages))
        self._settled_seconds = settled_seconds(scenario)
        self._received = 0
        self._changed = self._events_due = self._totals_due = clock.monotonic()

    def __call__(self) -> Stopped | None:
        """Do what is due by now; return why the connector is stopped, if it is."""
        if self._interrupted.is_set():
            return Stopped.BY_THE_HARNESS
        now = self._clock.monotonic()
        if now >= self._events_due:
            self._events()
            self._events_due = now + self._events_pause
        if now < self._totals_due:
            return None
        self._totals_due = now + TOTALS_SECONDS
        return self._over(self._control.totals(self._stage.tenant_id), now)

    def _over(self, totals: Mapping[str, Any], now: float) -> Stopped | None:
        received = totals["received"] + totals["otherCalls"]
        if received > most_calls(self._stage):
            return Stopped.TOO_MANY_CALLS
        if received != self._received:
            self._received, self._changed = received, now
        has_all = self._wanted is not None and totals["accepted"] >= self._wanted
        is_settled = now - self._changed >= self._settled_seconds
        return Stopped.DECIDED if has_all and is_settled else None


def calls_that_decide(scenario: Scenario, messages: int) -> int | None:
    """Return how many accepted calls decide a scenario of so many messages.

    None when only the connector's end does. Where any outcome is allowed, nothing can follow once
    all is accepted.
    """
    delivered = scenario.expect.delivered
    if scenario.expect.exit == "failure" or delivered == "none":
        return None
    return messages if delivered in ("all", "any") else len(delivered)
