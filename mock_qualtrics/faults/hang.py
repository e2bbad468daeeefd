"""The call is read and never answered, until the caller gives up.

It finds connectors that wait for ever. Nothing is started, so that a retry is no duplicate.
"""

from collections.abc import Mapping
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, registered, unanswered


@registered("hang", finds="waiting for ever", breaks_connection=True, refuses=True)
def hang(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Say nothing."""
    return unanswered("hang", ConnectionFault.HANG, effect)
