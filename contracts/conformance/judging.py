"""Judges a recording: scenario, journal and exit status in, reasons out. Pure."""

from collections.abc import Iterator
from typing import Final

from contracts.conformance.checks import CHECKS
from contracts.conformance.recording import Recording
from contracts.conformance.scenario import Scenario

MAY_DECLINE: Final = "the connector may decline this: "
"""How the advice begins that names the claims of a scenario."""


def reasons(scenario: Scenario, recording: Recording) -> tuple[str, ...]:
    """Return why the connector does not pass, and what to do about it; empty when it does."""
    found = tuple(sentence for check in CHECKS for sentence in check(scenario, recording))
    return (*found, *_advice(scenario, recording)) if found else ()


def _advice(scenario: Scenario, recording: Recording) -> Iterator[str]:
    if scenario.advice:
        yield scenario.advice
    if scenario.needs:
        flag = "--qualtrics-without" if recording.ending.is_function else "--without"
        flags = (f"{flag} {claim}" for claim in sorted(scenario.needs))
        yield f"{MAY_DECLINE}{' or '.join(flags)}"
