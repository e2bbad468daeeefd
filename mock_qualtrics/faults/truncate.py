"""The answer's body ends in the middle, and the connection with it.

It finds connectors that count a call as delivered, or as failed, without having read its answer.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, acting, registered


@registered("truncate", finds="trusting a status whose body never came", breaks_connection=True)
def truncate(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Send the head and half of the body, then close."""
    return acting(ConnectionFault.TRUNCATE, effect)
