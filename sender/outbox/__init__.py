"""The outbox: the durable state of every message, in one SQLite file."""

from sender.outbox.outbox import Outbox

__all__ = [
    "Outbox",
]
