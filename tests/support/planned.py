"""A small plan and its result: 100 messages, of which a limit of 30 a minute refuses most."""

from loadtests.commands.plan_results import Reading, Result, result_of
from loadtests.planning import Plan


def planned_result(seeds: int = 1, reading: Reading | None = None, **settings: object) -> Result:
    """Return what the plan comes to.

    Args:
        seeds: how many.
        reading: what was read; None: each profile is a message.
        settings: values of the plan that take the place of its own.
    """
    values = {"profiles": 100, "arrival_rate": 10.0, "limit_per_minute": 30, **settings}
    plan = Plan(**values)  # type: ignore[arg-type]
    return result_of(plan, reading or Reading(profiles=plan.profiles), seeds, "exact")
