"""The fast engine of Adobe's policies without chance: equal to the exact one in every figure.

It judges many calls at once, refuses whole runs of messages where no call can be admitted, and
leaves out periods that go by as one did before. Needs numpy, from the extra ``load``.
"""

from itertools import pairwise

from loadtests.planning.engines.destination import TOO_LARGE, TOO_MANY
from loadtests.planning.engines.vectorised import counting
from loadtests.planning.engines.vectorised.repetition import Repetition
from loadtests.planning.engines.vectorised.simulation import Simulation
from loadtests.planning.outcome import Forecast
from loadtests.planning.plan import Plan

SHORTEST_GAP_US = 1_000
"""Between two tries of a message: a shorter one leaves no calls that can be judged at once."""


def fits(plan: Plan) -> bool:
    """Return whether this engine can forecast a plan.

    Not if chance has a part in it, nor if the answers come so late that each is lost, nor with a
    policy that waits for its turn, nor if arrivals have times of their own.
    """
    return _offsets_us(plan) is not None


def forecast(plan: Plan) -> Forecast:
    """Return the forecast of a plan that `fits`."""
    offsets_us = _offsets_us(plan)
    if offsets_us is None:
        raise ValueError("the fast engine does not fit the plan; expected one that `fits`")
    simulation = Simulation(plan, offsets_us)
    repetition = Repetition(plan, simulation, plan.last_arrival_us() + offsets_us[-1])
    while not simulation.is_over:
        simulation.step(repetition.next_end())
        repetition.watch()
    return counting.forecast_of(plan, simulation, len(offsets_us))


def _offsets_us(plan: Plan) -> tuple[int, ...] | None:
    """Return how long after its arrival each try of a message is made; None: no fit."""
    policy = plan.policy
    if plan.has_chance or plan.answers_late or not policy.drops_messages:
        return None
    if policy.retries_status(TOO_LARGE) or plan.arrivals_us:
        return None
    offsets_us = plan.try_offsets_us() if policy.retries_status(TOO_MANY) else (0,)
    gaps = (later - earlier for earlier, later in pairwise(offsets_us))
    return offsets_us if min(gaps, default=SHORTEST_GAP_US) >= SHORTEST_GAP_US else None
