"""The call is accepted once, and executed twice.

It finds workflows, and counts, that rely on one run for one call.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered


@registered("run-twice", finds="relying on one run for one call")
def run_twice(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Start one more run than the call should; the totals count it as an extra run."""
    return replace(effect, extra_runs=effect.extra_runs + 1)
