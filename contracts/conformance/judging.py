"""Judges a recording: scenario, journal and exit status in, reasons out. Pure."""

from contracts.conformance.checks import CHECKS
from contracts.conformance.recording import Recording
from contracts.conformance.scenario import Scenario


def reasons(scenario: Scenario, recording: Recording) -> tuple[str, ...]:
    """Return why the connector does not pass, and what to do about it; empty when it does."""
    found = tuple(sentence for check in CHECKS for sentence in check(scenario, recording))
    return (*found, scenario.advice) if found and scenario.advice else found
