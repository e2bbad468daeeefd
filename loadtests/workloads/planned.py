"""The planner's plan of a workload: the same arrivals, forecast instead of sent. Pure."""

from typing import Any

from loadtests.planning import Plan, judging
from loadtests.planning.plan import SECOND
from loadtests.workloads.workload import Workload


def plan_of(workload: Workload, **settings: Any) -> Plan:  # noqa: ANN401  those of Plan
    """Return the plan of a workload.

    Args:
        workload: who arrives when.
        settings: what :class:`~loadtests.planning.Plan` knows of the policy and the destination.

    Raises:
        PlanError: a value is impossible.

    Example:
        >>> plan_of(Workload(kind="steady", profiles=3), limit_per_minute=2).messages
        3
    """
    given = {"seed": workload.seed} | settings
    if workload.kind == "backfill":
        return Plan(profiles=workload.profiles, arrival_rate=workload.arrival_rate, **given)
    arrivals = tuple(workload.instants())
    mean = len(arrivals) * SECOND / max(1, arrivals[-1])
    rate = min(max(mean, judging.LOWEST_RATE), judging.HIGHEST_RATE)  # only what is shown of it
    return Plan(profiles=len(arrivals), arrival_rate=rate, arrivals_us=arrivals, **given)
