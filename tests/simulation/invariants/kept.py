"""Nothing accepted is lost: by either side, whatever crashes."""

from collections.abc import Iterator, Mapping

from simulation.invariants.seen import Seen, TakenCall
from simulation.invariants.stored import RUN_PENDING, UNFINISHED, MockState, SenderState


def answered_after_commit(call: TakenCall, status: int) -> str | None:
    """Return what is wrong when an answer leaves the mock before its call is committed."""
    if 200 <= status < 300 and not call.committed:
        return (
            f"call {call.number} of message {call.trace_id} was answered {status} before it was "
            "committed, expected the commit first"
        )
    return None


def answered_calls_are_stored(seen: Seen, mock: MockState) -> Iterator[str]:
    """Yield each call that was answered 2xx and is not in the mock's store as accepted."""
    stored = {call.number: call for call in mock.calls}
    for call in seen.calls.values():
        if call.answered is None or not 200 <= call.answered < 300:
            continue
        row = stored.get(call.number)
        if row is None or not row.accepted or row.trace_id != call.trace_id:
            yield (
                f"call {call.number} of message {call.trace_id} was answered {call.answered}, "
                f"found {row} in the journal, expected it there as accepted"
            )


def committed_calls_are_stored(seen: Seen, mock: MockState) -> Iterator[str]:
    """Yield each call that the mock has committed and that its store does not hold."""
    stored = {call.number for call in mock.calls}
    for call in seen.committed():
        if call.number not in stored:
            yield f"call {call.number} was committed, and is not in the journal"


def messages_are_stored(seen: Seen, sender: SenderState) -> Iterator[str]:
    """Yield each message that the sender has committed and that its outbox does not hold."""
    stored = {message.trace_id for message in sender.messages}
    for message in seen.messages.values():
        if message.trace_id not in stored:
            yield f"message {message.seq} was committed, and is not in the outbox"


def ended_messages_stay(before: Mapping[str, int], sender: SenderState) -> Iterator[str]:
    """Yield each message that had ended and whose state is another one now.

    Args:
        before: states by trace id, at the last look.
        sender: what the outbox holds now.
    """
    for message in sender.messages:
        state = before.get(message.trace_id)
        if state is not None and state not in UNFINISHED and message.state != state:
            yield f"message {message.seq} had state {state}, found {message.state} later"


def ended_runs_stay(before: Mapping[int, int], mock: MockState) -> Iterator[str]:
    """Yield each run that had ended, or was there, and is another one now.

    Args:
        before: states by number, at the last look.
        mock: what the store holds now.
    """
    now = {run.number: run.state for run in mock.runs}
    for number, state in before.items():
        if number not in now:
            yield f"run {number} was stored, and is not there any more"
        elif state != RUN_PENDING and now[number] != state:
            yield f"run {number} had state {state}, found {now[number]} later"
