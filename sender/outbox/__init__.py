"""Every message's state in one SQLite file."""

from sender.outbox.outbox import Outbox

__all__ = [
    "Outbox",
]
