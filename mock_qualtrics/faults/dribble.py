"""The answer's body comes a byte at a time.

It finds connectors whose timeout starts anew with every byte.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, acting, registered


@registered("dribble", finds="a timeout that every byte renews", breaks_connection=True)
def dribble(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the whole answer, slowly."""
    return acting(ConnectionFault.DRIBBLE, effect)
