"""Tries plans by simulating them, and measures what each loses."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from loadtests.planning.forecasting import Engine, forecast, forecast_band
from loadtests.planning.judging import check_share
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import Plan

_RATE_LIMITED = "429"


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """How much may be lost.

    Attributes:
        loss_at_most: the share of the messages, from 0 to 1.
        to_limits_only: whether only what the limit a minute and the daily cap cost counts: no limit
            and no schedule changes that a message is too large.
        seeds: with how many seeds a plan with chance is tried; 95 % of them lose no more.

    Raises:
        PlanError: the share is none.
    """

    loss_at_most: float = 0.0
    to_limits_only: bool = False
    seeds: int = 1

    def __post_init__(self) -> None:
        check_share("loss at most", self.loss_at_most)


def lost_to_limits(outcome: Forecast) -> int:
    """Return how many messages the limit a minute and the daily cap cost."""
    return outcome.dropped_by_code.get(_RATE_LIMITED, 0) + outcome.blocked_by_daily_cap


class Trial(NamedTuple):
    """What a plan came to.

    Attributes:
        outcome: the forecast with the plan's own seed.
        lost: the share that is lost, as the goal counts.
        does: whether that is no more than the goal allows.
    """

    outcome: Forecast
    lost: float
    does: bool


@dataclass(slots=True)
class Trials:
    """Simulates plans for one goal, and counts them.

    Attributes:
        goal: how much may be lost.
        engine: which engine computes; "auto" takes the fast one where it can.
        tell: called with a number before each trial; None: nobody is told.
        made: how many were made.
    """

    goal: Goal
    engine: Engine = "auto"
    tell: Callable[[int], None] | None = None
    made: int = field(default=0)

    def __call__(self, plan: Plan) -> Trial:
        """Try a plan."""
        self.made += 1
        if self.tell is not None:
            self.tell(self.made)
        outcome = forecast(plan, engine=self.engine)
        lost = self._lost(outcome)
        return Trial(outcome, lost, lost <= self.goal.loss_at_most)

    def does(self, plan: Plan) -> bool:
        """Return whether a plan loses no more than the goal allows."""
        return self(plan).does

    def lost(self, plan: Plan) -> float:
        """Return the share that a plan loses, as the goal counts."""
        return self(plan).lost

    def _lost(self, outcome: Forecast) -> float:
        if self.goal.to_limits_only:
            return lost_to_limits(outcome) / outcome.messages if outcome.messages else 0.0
        if self.goal.seeds > 1 and outcome.plan.has_chance:
            band = forecast_band(outcome.plan, self.goal.seeds, self.engine)
            return band.figures["loss_share"].high
        return outcome.loss_share
