"""The answer's ``Content-Length`` says more than is sent.

It finds connectors that wait for bytes that never come, or reuse a connection they cannot trust.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, acting, registered


@registered("wrong-length", finds="waiting for bytes that never come", breaks_connection=True)
def wrong_length(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Promise more bytes than are sent, then close."""
    return acting(ConnectionFault.WRONG_LENGTH, effect)
