"""The counters by the minute, summed over all time: they are the totals."""

from typing import Any

from mock_qualtrics.clock import FIRST_INSTANT, LAST_INSTANT
from mock_qualtrics.journal import Journal

NAMES = {
    "received": "received",
    "refused": "refused",
    "accepted": "accepted",
    "extraRuns": "extra_runs",
    "ignored": "ignored",
    "blocked": "blocked",
    "succeeded": "succeeded",
    "failed": "failed",
    "otherCalls": "other_calls",
}


def sum_of_minutes(journal: Journal, tenant_number: int) -> dict[str, int]:
    """Return the sum over all minutes of a tenant, by the names that the totals have."""
    (everything,) = journal.minutes(tenant_number, FIRST_INSTANT, LAST_INSTANT, 1)
    return {name: getattr(everything, attribute) for name, attribute in NAMES.items()}


def same_in(totals: dict[str, Any]) -> dict[str, int]:
    """Return those of the totals that minutes count, too."""
    return {name: totals[name] for name in NAMES}
