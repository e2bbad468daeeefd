"""Commit all calls of one turn of the event loop at once; none is answered before the commit."""

import asyncio
from collections.abc import Callable, Set
from typing import TYPE_CHECKING

from mock_qualtrics.engine.call_handler import SET_ASIDE
from mock_qualtrics.errors import RowRefusedError

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

Callback = Callable[[Exception | None], None]
AtTurnEnd = Callable[[Callable[[], None]], object]


class GroupCommit:
    """Commit the staged calls at the end of the turn, and call back everyone who waits.

    Args:
        engine: stages and commits the calls.
        at_turn_end: has a function called once all calls of this turn are staged; by default the
            running event loop calls it soon. A simulation hands in its own scheduler.
    """

    def __init__(self, engine: "Engine", at_turn_end: AtTurnEnd | None = None) -> None:
        self._engine = engine
        self._at_turn_end = at_turn_end or _soon
        self._waiting: list[tuple[int, Callback]] = []

    def then(self, callback: Callback, call_number: int) -> None:
        """Call back after the commit, with None or with the error that prevented it.

        Args:
            callback: takes the error.
            call_number: the call's number in the journal.
        """
        # Callbacks of the loop run in order: calls read in this turn are staged before the commit.
        if not self._waiting:
            self._at_turn_end(self.now)
        self._waiting.append((call_number, callback))

    def done(self, call_number: int) -> asyncio.Future[None]:
        """Return a future that is done after the commit, or has the error that prevented it."""
        future = asyncio.get_running_loop().create_future()

        def set_outcome(error: Exception | None) -> None:
            if future.done():  # cancelled, because the caller is gone
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.then(set_outcome, call_number)
        return future

    def now(self) -> None:
        """Commit at once; do nothing when no call waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        set_aside: Set[int] = frozenset()
        failure: Exception | None = None
        try:
            set_aside = self._engine.commit()
        except Exception as error:  # noqa: BLE001  every waiting caller gets the error
            failure = error
        for call_number, callback in waiting:
            callback(RowRefusedError(SET_ASIDE) if call_number in set_aside else failure)


def _soon(commit: Callable[[], None]) -> None:
    asyncio.get_running_loop().call_soon(commit)
