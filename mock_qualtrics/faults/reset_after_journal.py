"""The lost answer: the call is accepted and journalled, then the connection is reset.

It finds connectors that send again what was accepted: the second run is a duplicate, and the totals
count it.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from mock_qualtrics.faults.effects import ConnectionFault, FaultEffect, acting, registered


@registered("reset-after-journal", finds="duplicates after a lost answer", breaks_connection=True)
def reset_after_journal(_: Mapping[str, Any], effect: FaultEffect) -> FaultEffect:
    """Reset the connection instead of answering."""
    return acting(ConnectionFault.RESET, replace(effect, unanswered=True))
