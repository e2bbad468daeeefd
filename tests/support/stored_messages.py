"""Messages in an outbox, as an export stores them."""

from sender.outbox import Outbox
from sender.outbox.records import Failure, Run, StoredMessage

FAILURE = Failure(100.0, lost=True, error_code="504", description="too slow")


def filled(outbox: Outbox, count: int = 3) -> tuple[Run, list[StoredMessage]]:
    """Begin a run, and store messages of as many profiles."""
    run = outbox.runs.begin(1.0, None)
    stored = [StoredMessage(1 + n, f"trace-{n}", b"{}") for n in range(count)]
    with outbox.transaction():
        outbox.messages.add(run.id, stored)
    return run, stored


def taken(message: StoredMessage) -> StoredMessage:
    """Return a message as it is when its next call is made."""
    return StoredMessage(message.seq, message.trace_id, message.body, message.attempts + 1)
