"""Faults of the run that an accepted call starts: it fails, or it starts twice."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered


@registered("run-failed", finds="taking an accepted call for a run that succeeded")
def run_failed(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Accept the call, and let its run fail.

    Finds connectors and dashboards that take an accepted call for a delivered message (Q-WF-2).
    """
    return replace(effect, scripted_failure="A fault of kind run-failed let this run fail.")


@registered("run-twice", finds="relying on one run for one call")
def run_twice(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Accept the call once, and start a second run; the totals count it as an extra run.

    Finds workflows and counts that rely on exactly one run per call.
    """
    return replace(effect, extra_runs=effect.extra_runs + 1)
