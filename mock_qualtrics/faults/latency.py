"""The answer comes late, in real time.

It finds connectors without a timeout, with one longer than two seconds, or that stall all for one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import FaultEffect, registered


@registered("latency", finds="a missing timeout, or one slow call that holds up all others")
def latency(settings: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Answer later; the journal has the call at once."""
    return replace(effect, latency_seconds=effect.latency_seconds + settings["seconds"])
