"""Which engine makes the calls of a plan one by one: the policy says."""

from collections.abc import Iterator

from loadtests.planning.engines import exact, lossless
from loadtests.planning.engines.calls import Call
from loadtests.planning.plan import Plan


def calls_of(plan: Plan) -> Iterator[Call]:
    """Return every call of an export, in the order in which they are made."""
    return exact.calls(plan) if plan.policy.drops_messages else lossless.calls(plan)
