"""Neither side exceeds a limit that it knows."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence

from simulation.invariants.stored import RUN_NOT_STARTED, MockState, StoredCall
from simulation.schedule import Setup

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
DAY_US = 86_400 * SECOND_US
DEFAULT_CALLS_PER_MINUTE, DEFAULT_CALLS_PER_DAY = 3000, 300_000


def paced(sends: Sequence[int], setup: Setup) -> str | None:
    """Return what is wrong when the lossless sender made too many calls in the last minute.

    Args:
        sends: when its calls were sent that were not refused with 429, ascending, in microseconds,
            by all its processes; the last one is the newest.
        setup: has its pace.
    """
    limit = setup.calls_per_minute or DEFAULT_CALLS_PER_MINUTE
    if setup.policy != "lossless" or len(sends) <= limit:
        return None
    if sends[-1 - limit] > sends[-1] - MINUTE_US:
        return f"{limit + 1} calls within 60 s before {sends[-1]} µs, expected {limit} at most"
    return None


def within_day(sends: Sequence[int], setup: Setup) -> str | None:
    """Return what is wrong when the lossless sender made too many calls in 24 hours (Q-LIM-4)."""
    limit = setup.calls_per_day or DEFAULT_CALLS_PER_DAY
    if setup.policy != "lossless" or len(sends) <= limit:
        return None
    if sends[-1 - limit] > sends[-1] - DAY_US:
        return f"{limit + 1} calls within 24 hours, expected {limit} at most"
    return None


def window_kept(mock: MockState, setup: Setup, *, exactly: bool) -> Iterator[str]:
    """Yield each call that the mock admitted over the limit, or refused under it (Q-LIM-5).

    Args:
        mock: what its store holds.
        setup: has the limit and the kind of window.
        exactly: whether refusals are judged, too: not where calls that took from the window may be
            missing from the store.
    """
    limit, span_us = setup.limits.calls_per_minute, setup.limits.window_seconds * SECOND_US
    admitted: deque[int] = deque()
    for call in mock.calls:
        since = call.at_us - span_us + 1
        if setup.window == "fixed":
            since = call.at_us // span_us * span_us
        while admitted and admitted[0] < since:
            admitted.popleft()
        if call.accepted:
            admitted.append(call.at_us)
            if len(admitted) > limit:
                yield f"call {call.number} was admitted as number {len(admitted)} of {limit}"
        elif exactly and _was_refused(call) and len(admitted) < limit:
            yield f"call {call.number} was refused after {len(admitted)} of {limit} calls"


def _was_refused(call: StoredCall) -> bool:
    return call.reason == "rate-limit" and "lower-limit" not in call.faults


def days_kept(mock: MockState, setup: Setup) -> Iterator[str]:
    """Yield each run that was executed over the cap of its day, or blocked under it (Q-LIM-4)."""
    limit = setup.limits.runs_per_day
    executed = Counter[int]()
    for run in mock.runs:
        day = run.received_us // DAY_US
        is_blocked = run.state == RUN_NOT_STARTED
        if is_blocked != (executed[day] >= limit):
            said = "blocked" if is_blocked else "not blocked"
            yield f"run {run.number} was {said} after {executed[day]} runs of its day, of {limit}"
        executed[day] += not is_blocked
