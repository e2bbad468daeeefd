"""The minute's limit is lower for a while, as when another client of the brand is busy (Q-LIM-1).

It finds connectors that pace themselves by a constant, and never slow down.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered


@registered("lower-limit", finds="pacing by a constant")
def lower_limit(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Judge the call by the lowest of the limits in force."""
    limit = settings["callsPerMinute"]
    earlier = effect.calls_per_minute
    return replace(effect, calls_per_minute=limit if earlier is None else min(limit, earlier))
