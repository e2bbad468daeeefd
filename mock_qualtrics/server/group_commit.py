"""Commit all calls of one turn of the event loop at once; none is answered before the commit."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

Callback = Callable[[Exception | None], None]


class GroupCommit:
    """Commit the staged calls at the end of the turn, and call back everyone who waits.

    Args:
        engine: stages and commits the calls.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._waiting: list[Callback] = []

    def then(self, callback: Callback) -> None:
        """Call back after the commit, with None or with the error that prevented it."""
        # Callbacks of the loop run in order: calls read in this turn are staged before the commit.
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.now)
        self._waiting.append(callback)

    def done(self) -> asyncio.Future[None]:
        """Return a future that is done after the commit, or has the error that prevented it."""
        future = asyncio.get_running_loop().create_future()

        def set_outcome(error: Exception | None) -> None:
            if future.done():  # cancelled, because the caller is gone
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.then(set_outcome)
        return future

    def now(self) -> None:
        """Commit at once; do nothing when no call waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        error = self._commit()
        for callback in waiting:
            callback(error)

    def _commit(self) -> Exception | None:
        try:
            self._engine.commit()
        except Exception as error:  # noqa: BLE001  every waiting caller gets the error
            return error
        return None
