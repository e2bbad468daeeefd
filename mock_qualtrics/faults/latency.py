"""The answer comes late, in real time.

It finds connectors without a timeout, with one longer than two seconds, or that stall all for one.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import Strike, registered


@registered("latency", finds="a missing timeout, or one slow call that holds up all others")
def latency(settings: Mapping[str, Any], strike: Strike) -> Strike:
    """Answer later; the journal has the call at once."""
    return replace(strike, latency_seconds=strike.latency_seconds + settings["seconds"])
