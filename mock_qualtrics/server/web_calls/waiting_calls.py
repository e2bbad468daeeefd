"""Calls of the control API that wait for counts: on the event loop, each without a thread.

The route itself judges and answers such a call. When the counts are not reached it says so in a
`Pause`; it is asked again once they are, and when the time is over. Where the tenant's clock skips,
one of those who wait is asked again as soon as there is a moment to jump to. Nobody waits whose
caller has hung up, or once the server stops.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, Final

from mock_qualtrics.clock import Countdown
from mock_qualtrics.errors import ServerStoppedError
from mock_qualtrics.model import Answer, Pause
from mock_qualtrics.runs.clocks.skipping import awaited_outcomes
from mock_qualtrics.server.web_calls.change_looks import ChangeLooks

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

LOOK_SECONDS: Final = 0.005  # the shortest time between two looks at the counts
LOOK_SECONDS_EACH: Final = 0.00002  # and for each call that waits: about 20 times what a look takes
Ask = Callable[[Pause], Awaitable[Answer]]


class CallerGoneError(Exception):
    """The caller hung up while the call waited."""


class _Waiter:
    """One call that waits."""

    __slots__ = ("pause", "woken")

    def __init__(self, pause: Pause) -> None:
        self.pause = pause
        self.woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def wake(self) -> None:
        if not self.woken.done():
            self.woken.set_result(None)


class WaitingCalls:
    """All calls of one server that wait for counts.

    Args:
        engine: whose journal has the counts.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._journal = engine.journal
        self._waiters: dict[int, set[_Waiter]] = {}
        self._looks = ChangeLooks(engine, self._look, self._seconds_between_looks)

    async def answer(self, ask: Ask, lost: Callable[[], Awaitable[None]]) -> Answer:
        """Ask until the route does not want to wait, or may not; return its answer.

        Args:
            ask: asks the route.
            lost: waits until the caller has hung up.

        Raises:
            CallerGoneError: the caller hung up.
            ServerStoppedError: the server stops.
        """
        hung_up: asyncio.Future[None] = asyncio.ensure_future(lost())
        try:
            return await self._answer(ask, hung_up)
        finally:
            hung_up.cancel()

    async def _answer(self, ask: Ask, hung_up: asyncio.Future[None]) -> Answer:
        countdown: Countdown | None = None
        while True:
            if hung_up.done():
                raise CallerGoneError
            if self._journal.waits_ended:
                raise ServerStoppedError
            pause = Pause()
            answer = await ask(pause)
            if pause.wanted is None:
                return answer
            countdown = countdown or Countdown(pause.timeout_seconds)
            if (left_seconds := countdown.left_seconds()) <= 0:
                return answer
            await self._wait(pause, hung_up, left_seconds)

    async def _wait(self, pause: Pause, hung_up: asyncio.Future[None], seconds: float) -> None:
        """Wait until the counts are worth another look, or nobody needs them any longer."""
        self._looks.attach()
        waiter = _Waiter(pause)
        waiters = self._waiters.setdefault(pause.tenant_number, set())
        waiters.add(waiter)
        try:
            with self._journal.lock:  # they may have been reached since they were asked for
                if self._is_over(pause) or self._can_jump(pause):
                    return
            ends = (waiter.woken, hung_up)
            await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiters.discard(waiter)
            if not waiters:
                self._waiters.pop(pause.tenant_number, None)
            elif hung_up.done():  # perhaps it was woken to jump: then another one has to
                with self._journal.lock:
                    self._looks.note({pause.tenant_number})

    def close(self) -> None:
        """Hear of no more changes."""
        self._looks.close()

    def _seconds_between_looks(self) -> float:
        waiting = sum(map(len, self._waiters.values()))
        return LOOK_SECONDS + waiting * LOOK_SECONDS_EACH

    def _look(self, changed: Collection[int]) -> None:
        with self._journal.lock:
            for number in self._waiters if self._journal.waits_ended else changed:
                jumps = self._engine.has_jump(number)
                for waiter in self._waiters.get(number, ()):
                    if self._is_over(waiter.pause):
                        waiter.wake()
                    elif jumps and self._awaits_more(waiter.pause):
                        waiter.wake()
                        jumps = False  # one is enough: its jump changes counts, and is heard of

    def _can_jump(self, pause: Pause) -> bool:
        return self._awaits_more(pause) and self._engine.has_jump(pause.tenant_number)

    def _awaits_more(self, pause: Pause) -> bool:
        outcomes = awaited_outcomes(pause.wanted or {})
        return bool(outcomes) and not self._journal.settled(pause.tenant_number, outcomes)

    def _is_over(self, pause: Pause) -> bool:
        wanted = pause.wanted or {}
        return self._journal.waits_ended or self._journal.settled(pause.tenant_number, wanted)
