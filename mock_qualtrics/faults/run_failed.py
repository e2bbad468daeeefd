"""The call is accepted, and its run ends Failed.

It finds connectors and dashboards that take an accepted call for a delivered message (Q-WF-2).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered


@registered("run-failed", finds="taking an accepted call for a run that succeeded")
def run_failed(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Let the run fail."""
    return replace(effect, run_failure="A fault of kind run-failed let this run fail.")
