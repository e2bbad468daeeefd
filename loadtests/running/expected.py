"""What the planner expects of a run, and how far what happened was from it."""

from collections.abc import Mapping
from typing import Any, Final

from contracts.control_client import Document
from loadtests.measuring import Measurements
from loadtests.planning import Forecast, forecast
from loadtests.planning.against import compare
from loadtests.planning.comparison import Comparison
from loadtests.running.options.run_options import Options
from loadtests.workloads import plan_of

_COUNTED: Final = ("received", "accepted", "refused", "blocked")


def forecast_of(options: Options, tenant: Document | None) -> Forecast:
    """Return what the planner expects of the workload, at an empty window and without faults.

    Args:
        options: what is loaded.
        tenant: whose limits count; None: those that Qualtrics documents.

    Raises:
        PlanError: the planner cannot plan with such limits or retries.
    """
    return forecast(plan_of(options.workload, policy=options.policy, **_limits_of(tenant or {})))


def compared(
    expected: Forecast, measured: Measurements, totals: Mapping[str, int] | None
) -> Comparison:
    """Hold the forecast against what the sending side saw, and what the mock counted."""
    both = (measured.counted, measured.warm_up)
    report = {
        "identitiesActivated": sum(tally.delivered for tally in both),
        "identitiesFailed": sum(tally.dropped for tally in both),
    }
    sides = [compare(expected, report)]
    counted = {name: (totals or {}).get(name, -1) for name in _COUNTED}
    if min(counted.values()) >= 0:  # those of a mock that was reset meanwhile may be below zero
        sides.append(compare(expected, counted))
    return Comparison(tuple(figure for side in sides for figure in side.figures))


def _limits_of(tenant: Document) -> dict[str, Any]:
    limits = tenant.get("limits", {})
    settings = {
        "limit_per_minute": limits.get("callsPerMinute"),
        "window_seconds": limits.get("windowSeconds"),
        "runs_per_day": limits.get("runsPerDay"),
        "window": tenant.get("assumptions", {}).get("window"),
    }
    return {name: value for name, value in settings.items() if value is not None}
