"""Judges a recording: scenario, journal and exit status in, reasons out. Pure."""

from contracts.conformance.checks import CHECKS
from contracts.conformance.recording import Recording
from contracts.conformance.scenario import Scenario


def reasons(scenario: Scenario, recording: Recording) -> tuple[str, ...]:
    """Return why the connector does not pass; empty when it does."""
    return tuple(sentence for check in CHECKS for sentence in check(scenario, recording))
