"""What a fault of the connection does to an answer, as `server.fault_actions` does it to bytes."""

from mock_qualtrics.engine import Receipt
from mock_qualtrics.faults.effects import ConnectionFault
from mock_qualtrics.server.fault_actions import DRIBBLE_SECONDS
from simulation.world.calls import Reply
from simulation.world.timeline import whole_us


def reply_of(receipt: Receipt) -> Reply | None:
    """Return what comes back over the connection; None: nothing ever does."""
    match receipt.connection_fault:
        case ConnectionFault.HANG:
            return None
        case ConnectionFault.RESET:
            return Reply(broken="Connection reset by peer")
        case ConnectionFault.TRUNCATE | ConnectionFault.WRONG_LENGTH:
            return Reply(receipt.answer, is_whole=False)
        case ConnectionFault.DRIBBLE:
            body_us = whole_us(DRIBBLE_SECONDS * len(receipt.answer.body))
            return Reply(receipt.answer, body_us=body_us)
        case _:  # an interim answer is skipped by the sender's connections
            return Reply(receipt.answer)
