"""The fast engine of Adobe's policies with chance: many seeds at once, each equal to the exact one.

Every call has the luck that the exact engine draws for it, so a band is the same to the message.
Needs numpy, from the extra ``load``.
"""

from itertools import pairwise

from loadtests.planning.engines.fast import SHORTEST_GAP_US
from loadtests.planning.engines.seeded.seeded_simulation import SeededSimulation
from loadtests.planning.outcome import Band
from loadtests.planning.plan import Plan

SEEDS_AT_ONCE = 128


def fits(plan: Plan) -> bool:
    """Return whether this engine can forecast a plan.

    Not with a policy that waits for its turn, nor if arrivals have times of their own.
    """
    if plan.arrivals_us:
        return False
    offsets_us = plan.try_offsets_us()
    gaps = (later - earlier for earlier, later in pairwise(offsets_us))
    return plan.policy.drops_messages and min(gaps, default=SHORTEST_GAP_US) >= SHORTEST_GAP_US


def band(plan: Plan, seeds: int) -> Band:
    """Return the band of a plan that `fits`, over its seed and those after it."""
    values: dict[str, list[float]] = {}
    for first in range(plan.seed, plan.seed + seeds, SEEDS_AT_ONCE):
        some = range(first, min(first + SEEDS_AT_ONCE, plan.seed + seeds))
        simulation = SeededSimulation(plan, plan.try_offsets_us(), some)
        for name, found in simulation.run().figures().items():
            values.setdefault(name, []).extend(found)
    return Band.of_figures(plan, values)
