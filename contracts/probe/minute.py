"""Finds out how the brand's rate limit is counted. Uses up the limit, so it needs its own flag.

Reads no clock: the time is the sum of the pauses and of the answers' durations.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import requests

from contracts.errors import ProbeError
from contracts.probe.calls import Caller
from contracts.probe.questions import Finding, Observed, finding

CONNECTIONS: Final = 32
MINUTE_SECONDS: Final = 61.0  # a little longer, to allow for delays on the network
REFUSED_BATCH_AT_SECONDS: Final = 30
TRIES_AT_SECONDS: Final = (10, 20, REFUSED_BATCH_AT_SECONDS, 40, 50, 58)
RETRY_AFTER, WINDOW, REFUSED = "Q-LIM-2", "Q-LIM-5", "Q-LIM-5.refused"
SENDS: Final = {
    RETRY_AFTER: "events until one is answered 429",
    WINDOW: f"then one after {', '.join(map(str, TRIES_AT_SECONDS))} seconds",
    REFUSED: "of these a whole minute's calls at once, and one when the minute is over",
}

Pause = Callable[[float], object]


def most_calls(calls_per_minute: int) -> int:
    """Return the most calls that :func:`settle_minute` makes."""
    return 2 * calls_per_minute + CONNECTIONS + len(TRIES_AT_SECONDS) + 1


def settle_minute(caller: Caller, calls_per_minute: int, pause: Pause) -> list[Finding]:
    """Use up the rate limit, and find out when the next call is accepted (Q-LIM-2, Q-LIM-5).

    Args:
        caller: allowed to make ``most_calls``, over ``CONNECTIONS`` connections.
        calls_per_minute: the brand's limit.
        pause: a function that returns after that many seconds.
    """
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        minute = _Minute(caller, pause, pool)
        try:
            return minute.findings(calls_per_minute)
        except ProbeError as error:
            return _unsettled(str(error))


class _Minute:
    """The probe of the rate limit, with the seconds since the first call of its burst."""

    def __init__(self, caller: Caller, pause: Pause, pool: ThreadPoolExecutor) -> None:
        self._caller = caller
        self._pause = pause
        self._pool = pool
        self._seconds = 0.0

    def findings(self, calls_per_minute: int) -> list[Finding]:
        self._pause(MINUTE_SECONDS)
        refused = self._use_up(calls_per_minute)
        if refused is None:
            return _unsettled(f"{calls_per_minute} calls in {self._seconds:.0f} s: none refused")
        findings = [finding(RETRY_AFTER, Observed("Retry-After" in refused.headers))]
        if self._is_fixed(calls_per_minute):
            note = "makes no difference to a fixed window"
            return [
                *findings,
                finding(WINDOW, Observed("fixed")),
                finding(REFUSED, Observed(note=note)),
            ]
        findings.append(finding(WINDOW, Observed("sliding")))
        return [*findings, finding(REFUSED, Observed(not self._is_accepted_at(MINUTE_SECONDS)))]

    def _use_up(self, calls_per_minute: int) -> requests.Response | None:
        """Send until a call is refused; return that answer, or None if none was."""
        for _ in range(0, calls_per_minute + 1, CONNECTIONS):
            for answer in self._send(min(CONNECTIONS, calls_per_minute + 1)):
                if answer.status_code == requests.codes.too_many_requests:
                    return answer
        return None

    def _is_fixed(self, calls_per_minute: int) -> bool:
        """Return whether a call is accepted before the first of the burst is a minute old."""
        for second in TRIES_AT_SECONDS:
            batch = calls_per_minute if second == REFUSED_BATCH_AT_SECONDS else 1
            if self._is_accepted_at(second, batch):
                return True
        return False

    def _is_accepted_at(self, second: float, count: int = 1) -> bool:
        wait_seconds = second - self._seconds
        if wait_seconds < 0:
            raise ProbeError(f"the calls took {self._seconds:.0f} s: too slow to tell")
        self._pause(wait_seconds)
        self._seconds = second
        accepted = False
        for _ in range(0, count, CONNECTIONS):
            accepted |= any(answer.ok for answer in self._send(min(CONNECTIONS, count)))
        return accepted

    def _send(self, count: int) -> list[requests.Response]:
        answers = list(self._pool.map(lambda _: self._caller.post(), range(count)))
        self._seconds += max(answer.elapsed.total_seconds() for answer in answers)
        return answers


def _unsettled(note: str) -> list[Finding]:
    return [finding(id_, Observed(note=note)) for id_ in SENDS]
