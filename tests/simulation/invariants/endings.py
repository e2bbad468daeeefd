"""Every message ends in a final state once faults stop, and both sides agree on it."""

from collections import Counter
from collections.abc import Iterator

from simulation.invariants.once import is_retried
from simulation.invariants.seen import Message, Seen
from simulation.invariants.stored import (
    ACTIVATED,
    FAILED,
    RUN_PENDING,
    UNCERTAIN,
    UNFINISHED,
    MockState,
    SenderState,
    StoredMessage,
)
from simulation.schedule import Setup

STOPS = frozenset({401, 403, 404, 405, 407, 410})  # of these a lossless export ends, or may end


def messages_ended(sender: SenderState) -> Iterator[str]:
    """Yield each message that has not ended."""
    for message in sender.messages:
        if message.state in UNFINISHED:
            yield f"message {message.seq} has state {message.state} at the end, not a final one"


def runs_ended(mock: MockState) -> Iterator[str]:
    """Yield each run that has not ended."""
    for run in mock.runs:
        if run.state == RUN_PENDING:
            yield f"run {run.number} is pending at the end, expected it to be done"


def states_follow_answers(seen: Seen, sender: SenderState, setup: Setup) -> Iterator[str]:
    """Yield each message whose final state does not follow from how its attempts ended."""
    for row in sender.messages:
        message = seen.messages.get(row.trace_id)
        if message is not None:
            problem = _state_problem(row, message, setup)
            if problem is not None:
                yield f"message {row.seq} {problem}"


def _state_problem(row: StoredMessage, message: Message, setup: Setup) -> str | None:
    last = message.attempts[-1] if message.attempts else None
    succeeded = last is not None and last.succeeded
    if (row.state == ACTIVATED) != succeeded:
        return f"has state {row.state}, and its last attempt ended {last}"
    least = message.uncertain_attempts
    # One that was marked as in flight, and not sent before a crash, counts as uncertain, too.
    unsent = row.attempts - len(_numbers_used(message, setup))
    if not least <= row.uncertain_attempts <= least + unsent:
        return (
            f"has {row.uncertain_attempts} uncertain attempts, expected {least} to {least + unsent}"
        )
    if row.state == FAILED:
        return _failure_problem(message, setup)
    if row.state == UNCERTAIN and not row.uncertain_attempts:
        return "is uncertain, and no attempt was"
    return None


def _numbers_used(message: Message, setup: Setup) -> set[int]:
    """Return the numbers of its calls; one at which a lossless export stopped may be used again."""
    stops = STOPS if setup.policy == "lossless" else frozenset()
    return {attempt.number for attempt in message.attempts if attempt.status not in stops}


def _failure_problem(message: Message, setup: Setup) -> str | None:
    last = message.attempts[-1] if message.attempts else None
    if last is None:
        return "failed, and was never sent"
    if last.is_uncertain:
        return f"failed, and its last attempt was uncertain: {last}"
    if setup.policy == "lossless" and is_retried("lossless", last.status or 0):
        return f"failed with status {last.status}, which the lossless policy tries again"
    return None


def both_agree(seen: Seen, sender: SenderState, mock: MockState) -> Iterator[str]:
    """Yield each message on which the sender's state and the mock's journal disagree."""
    accepted = Counter(call.trace_id for call in mock.calls if call.accepted)
    for row in sender.messages:
        times, uncertain = accepted[row.trace_id], row.uncertain_attempts
        uncertain += seen.in_doubt[row.trace_id]
        if row.state == ACTIVATED and not times:
            yield f"message {row.seq} is activated, and the mock has not accepted it"
        if row.state != ACTIVATED and times and not uncertain:
            yield f"message {row.seq} has state {row.state}, and the mock accepted it {times} times"
        if row.state == ACTIVATED and times > 1 + uncertain:
            yield (
                f"message {row.seq} was accepted {times} times, with {uncertain} uncertain attempts"
            )
    for trace_id in accepted.keys() - {row.trace_id for row in sender.messages} - {None}:
        yield f"the mock accepted message {trace_id}, which is not in the outbox"
