"""Messages that were taken twice, and such as should not have been sent again."""

from collections.abc import Iterator

from contracts.verification.evidence import Evidence
from contracts.verification.traffic import Call, Message


def duplicates(evidence: Evidence) -> Iterator[str]:
    """Yield each message that was taken more often than it may be.

    One whose answer was lost may be sent again: nobody knows that it was taken.
    """
    for message in evidence.messages:
        again = unexcused(message)
        listed = max(1, evidence.wanted[message.tries[0].same_body or ""])
        if len(again) > listed - 1:
            yield _told(message, again[listed - 1 :])


def needless_retries(evidence: Evidence) -> Iterator[str]:
    """Yield each message that was sent again after an answer that forbids it (A-RTRY-1).

    What was taken twice is a duplicate, not a needless retry.
    """
    for message in evidence.messages:
        for call, later in zip(message.tries, message.tries[1:], strict=False):
            if evidence.rule.forbids(call.status):
                yield (
                    f"{later.place}: {message.name} was sent again after {call.answer} at "
                    f"{call.place}, which must not be retried"
                )
                break


def unexcused(message: Message) -> list[Call]:
    """Return the calls that took a message once more, though an answer had said that it was."""
    taken, excused = message.accepted, 0
    excused = sum(call.answer_was_lost for call in taken[:-1])
    return taken[1 + excused :]


def _told(message: Message, again: list[Call]) -> str:
    first, places = message.accepted[0], ", ".join(call.place for call in again[:3])
    bodies = {call.same_body for call in message.accepted}
    differ = ", with another body: a trace id must name one message" if len(bodies) > 1 else ""
    return (
        f"{places}: {message.name} was taken again, after {first.answer} at {first.place}{differ}"
    )
