"""One pure check for each expectation: a scenario and its recording in, sentences out."""

from contracts.conformance.checks.calls_made import check_keys, check_methods
from contracts.conformance.checks.credentials_sent import check_credentials
from contracts.conformance.checks.delivered import check_delivered
from contracts.conformance.checks.ending import check_ending
from contracts.conformance.checks.spacing import check_counts, check_gaps
from contracts.conformance.checks.trace_ids import check_trace_ids

__all__ = ["CHECKS"]

CHECKS = (
    check_delivered,
    check_ending,
    check_counts,
    check_gaps,
    check_credentials,
    check_methods,
    check_keys,
    check_trace_ids,
)
"""Every check, in the order in which reasons are told."""
