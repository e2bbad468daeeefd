"""Nothing is executed twice except where an attempt was uncertain, and a refusal stays one."""

from collections import Counter
from collections.abc import Iterator

from simulation.invariants.seen import Attempt, Message, Seen
from simulation.invariants.stored import IN_FLIGHT, MockState, StoredMessage
from simulation.schedule import Setup

RUN_TWICE = "run-twice"
LONGEST_CALL_US = 10_000_000  # with the timeouts of a connection and an answer, on a slow network
# The lossless policy gives these a message's own fault; of the others it stops or tries again.
_RETRIED_LOSSLESS = frozenset({401, 403, 404, 405, 407, 408, 409, 410, 420, 425, 429})
_RETRIED_BEST_EFFORT = frozenset({403, 408, 409, 429, 500, 502, 503, 504})  # A-RTRY-1
_RETRIED_CONFIGURABLE = frozenset({420, 429})  # A-RTRY-2, and above 500
SCHEDULES = {"adobe-best-effort": (15.0, 30.0), "adobe-configurable": (1800.0,)}


def marked_before_sent(row: StoredMessage | None, number: int) -> str | None:
    """Return what is wrong when a call is sent that is not marked as in flight on disk."""
    if row is None:
        return f"attempt {number} of a message was sent that is not in the outbox"
    if row.state != IN_FLIGHT or row.attempts != number:
        return (
            f"attempt {number} of message {row.seq} was sent, found state {row.state} and "
            f"{row.attempts} attempts on disk, expected state {IN_FLIGHT} and {number}"
        )
    return None


def not_sent_again(message: Message, life: int) -> str | None:
    """Return what is wrong when a message is sent that was activated, or is under way.

    Args:
        message: the message.
        life: the number of the sender's process: calls of earlier ones are under way no more.
    """
    for attempt in message.attempts:
        if attempt.succeeded:
            return f"message {message.seq} is sent again, answered {attempt.status} before"
        if attempt.ended is None and attempt.life == life:
            return (
                f"message {message.seq} is sent again while attempt {attempt.number} is under way"
            )
    return None


def not_retried_after_refusal(message: Message, setup: Setup) -> str | None:
    """Return what is wrong when a message is sent that was refused for good (A-RTRY-1)."""
    for attempt in message.attempts:
        refused = attempt.recorded and attempt.ended == "answered" and attempt.status is not None
        if refused and not is_retried(setup.policy, attempt.status or 0):
            return (
                f"message {message.seq} is sent again after status {attempt.status}, which policy "
                f"{setup.policy} never retries"
            )
    return None


def is_retried(policy: str, status: int) -> bool:
    """Return whether a message is sent again after this status."""
    if policy == "lossless":
        return status < 400 or status in _RETRIED_LOSSLESS or status >= 500
    if policy == "adobe-best-effort":
        return status in _RETRIED_BEST_EFFORT
    return status in _RETRIED_CONFIGURABLE or status > 500


def retried_on_schedule(message: Message, number: int, at_us: int, setup: Setup) -> str | None:
    """Return what is wrong when Adobe's policy retries too often, or too early (A-RTRY-1)."""
    if setup.policy == "lossless" or number == 1:
        return None
    schedule = setup.retry_after or SCHEDULES[setup.policy]
    if number > len(schedule) + 1:
        return f"attempt {number} of message {message.seq}, expected {len(schedule) + 1} at most"
    first = next((a for a in message.attempts if a.number == 1), None)
    earliest_us = 0 if first is None else first.at_us + round(schedule[number - 2] * 1_000_000)
    if at_us < earliest_us - 1:
        return (
            f"attempt {number} of message {message.seq} at {at_us} µs, expected {earliest_us} µs "
            "at the earliest"
        )
    return None


def retried_in_time(
    message: Message, number: int, at_us: int, last_send_us: int, setup: Setup
) -> str | None:
    """Return what is wrong when Adobe's policy made a retry late, without being busy (A-RTRY-1).

    For a sender that neither crashed nor was stopped.

    Args:
        message: the message.
        number: the attempt's number, as the sender counts.
        at_us: when it is sent.
        last_send_us: when the sender sent its call before this one.
        setup: has the policy.
    """
    if setup.policy == "lossless" or number == 1:
        return None
    schedule = setup.retry_after or SCHEDULES[setup.policy]
    due_us = message.attempts[0].at_us + round(schedule[number - 2] * 1_000_000)
    latest_us = max(due_us, last_send_us) + LONGEST_CALL_US
    if at_us > latest_us:
        return (
            f"attempt {number} of message {message.seq} at {at_us} µs, expected {latest_us} µs at "
            "the latest"
        )
    return None


def accepted_once(seen: Seen, mock: MockState) -> Iterator[str]:
    """Yield each message that was accepted more often than its uncertain attempts explain."""
    accepted = Counter(call.trace_id for call in mock.calls if call.accepted and call.trace_id)
    for trace_id, times in accepted.items():
        message = seen.messages.get(trace_id or "")
        if message is None:
            yield f"the mock accepted message {trace_id}, which the sender has not stored"
            continue
        uncertain = sum(map(_may_have_run, message.attempts)) + seen.in_doubt[trace_id]
        if times > 1 + uncertain:
            yield (
                f"message {message.seq} was accepted {times} times with {uncertain} uncertain "
                "attempts"
            )


def _may_have_run(attempt: Attempt) -> bool:
    return attempt.is_uncertain and attempt.ended != "not-connected"


def one_run_a_call(mock: MockState, doublings: int = 1) -> Iterator[str]:
    """Yield each accepted call that did not start one run, or more where faults say so.

    Args:
        mock: what its store holds.
        doublings: how many faults there are that start one run more.
    """
    started = Counter(run.call_number for run in mock.runs)
    for call in mock.calls:
        is_doubled = RUN_TWICE in call.faults.split(",")
        least, most = 1 + is_doubled, 1 + is_doubled * doublings
        fits = call.runs == 0 or (call.accepted and least <= call.runs <= most)
        if started[call.number] != call.runs or not fits:
            yield (
                f"call {call.number} (accepted: {call.accepted}) has {started[call.number]} runs, "
                f"counted {call.runs}, expected {least} to {most}"
            )
