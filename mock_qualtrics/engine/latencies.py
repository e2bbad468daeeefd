"""How long the server's answers to trigger calls take, counted by the minute (A-LIM-1).

From a call's last byte, which the server has read, until its answer is written; faults that delay
the answer are part of it. A call whose connection breaks, by a fault or by its caller, has none.
"""

from typing import TYPE_CHECKING

from mock_qualtrics.clock import monotonic_seconds, to_microseconds

if TYPE_CHECKING:
    from mock_qualtrics.engine.call_handler import Receipt
    from mock_qualtrics.journal import Journal


class Latencies:
    """Measure in real time, whatever the clocks of the tenants show.

    Args:
        journal: counts.
    """

    def __init__(self, journal: "Journal") -> None:
        self._journal = journal

    def begin(self) -> float:
        """Return the seconds at which a call has arrived, for `note`."""
        return monotonic_seconds()

    def note(self, receipt: "Receipt", began: float) -> None:
        """Count a call whose answer was written just now."""
        latency = to_microseconds(monotonic_seconds() - began)
        self._journal.note_answered(receipt.call_number, receipt.received_at, latency)
