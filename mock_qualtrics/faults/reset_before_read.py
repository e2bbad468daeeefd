"""The connection is reset after the headers, before the body is read.

It finds connectors that take a reset for a final failure. Nothing is started, so that a retry is no
duplicate. Where the choice depends on the body, the reset comes once the body has been read.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, registered, unanswered


@registered(
    "reset-before-read",
    finds="giving up after a reset",
    breaks_connection=True,
    refuses=True,
    before_body=True,
)
def reset_before_read(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Reset the connection without asking the gate."""
    return unanswered("reset-before-read", ConnectionFault.RESET, effect)
