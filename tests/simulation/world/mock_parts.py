"""The parts that a mock in a simulated world gets in place of threads, real time and sockets."""

import random
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from mock_qualtrics.clock import Countdown
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.runs.parts import RunnerParts
from mock_qualtrics.runs.step_budget import TimedBudget
from simulation.world.clocks import MockClock
from simulation.world.timeline import Timeline

RUNS_OF_A_STEP = (1, 3, 128, 128)
LONGEST_JOB_US = 50_000


class LaterWorkers:
    """Does each job a little later, on the one thread.

    Attributes:
        is_open: whether jobs are still done.
    """

    def __init__(self, timeline: Timeline, rng: random.Random) -> None:
        self._timeline = timeline
        self._rng = rng
        self.is_open = True

    def submit(self, job: Callable[[], None]) -> None:
        """Plan a job."""
        delay_us = self._rng.getrandbits(16) % LONGEST_JOB_US
        self._timeline.after(delay_us, partial(self._do, job))

    def close(self) -> None:
        """Do no more jobs."""
        self.is_open = False

    def _do(self, job: Callable[[], None]) -> None:
        if self.is_open:
            job()


class AcceptingService:
    """A web service that takes every call, without a socket."""

    def __init__(self) -> None:
        self.own_ports: set[int] = set()
        self.enabled = True

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes, *_: object) -> None:
        """Take the call."""


def runner_parts(timeline: Timeline, rng: random.Random, clock: MockClock) -> RunnerParts:
    """Return the parts of one life of the mock."""

    def countdown(seconds: float) -> Countdown:
        return Countdown(seconds, clock.seconds)

    def step_budget() -> TimedBudget:
        return TimedBudget(RUNS_OF_A_STEP[rng.getrandbits(8) % 4], countdown(1.0))

    return RunnerParts(
        workers=LaterWorkers(timeline, rng),
        new_step_budget=step_budget,
        web_service=AcceptingService(),
        new_work_budget=lambda: WorkBudget(countdown),
    )
