"""One commit for all calls that one turn of the event loop brought; none is answered before it."""

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine

Told = Callable[[Exception | None], None]


class GroupCommit:
    """Commits what was staged, at the end of the turn, and tells everyone who waits.

    Args:
        engine: whose journal.
    """

    def __init__(self, engine: "Engine") -> None:
        self._engine = engine
        self._waiting: list[Told] = []

    def then(self, told: Told) -> None:
        """Have someone told once it is durable, or why it is not."""
        if not self._waiting:
            asyncio.get_running_loop().call_soon(self.now)
        self._waiting.append(told)

    def done(self) -> asyncio.Future[None]:
        """Return what is done once it is durable, or raises why it is not."""
        future = asyncio.get_running_loop().create_future()

        def tell(error: Exception | None) -> None:
            if future.done():
                return
            if error is None:
                future.set_result(None)
            else:
                future.set_exception(error)

        self.then(tell)
        return future

    def now(self) -> None:
        """Commit at once; nothing happens when nobody waits."""
        waiting, self._waiting = self._waiting, []
        if not waiting:
            return
        error = self._commit()
        for told in waiting:
            told(error)

    def _commit(self) -> Exception | None:
        try:
            self._engine.commit()
        except Exception as error:  # noqa: BLE001  every caller of this turn has to hear of it
            return error
        return None
