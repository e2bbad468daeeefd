"""Hear on an event loop whose counts changed: gathered, and with a pause between two looks.

Any thread may change counts, and under load every call does: a pause keeps the looks from slowing
calls down. What changes in a pause is looked at after it, so the last change is always seen.
"""

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_qualtrics.engine import Engine


class ChangeLooks:
    """Plans looks at what changed; none before `attach`.

    Args:
        engine: whose journal.
        look: called on the loop with the numbers of the tenants whose counts changed; also when
            waiting ends, because the server stops.
        seconds_between: returns how long to pause after a look.
    """

    def __init__(
        self,
        engine: "Engine",
        look: Callable[[Collection[int]], None],
        seconds_between: Callable[[], float],
    ) -> None:
        self._journal = engine.journal
        self._look_at = look
        self._seconds_between = seconds_between
        self._changed: set[int] = set()
        self._planned = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self.close = engine.journal.listen(self.note)

    def attach(self) -> None:
        """Look on the running loop from now on."""
        self._loop = asyncio.get_running_loop()

    def note(self, tenant_numbers: Collection[int]) -> None:
        """Plan a look; any thread that holds the journal's lock calls this."""
        if self._loop is None:
            return
        self._changed.update(tenant_numbers)
        if not self._planned or self._journal.waits_ended:  # the end does not wait for a pause
            self._planned = True
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(self._look)

    def _look(self) -> None:
        with self._journal.lock:
            changed, self._changed = self._changed, set()
            self._planned = bool(changed) and not self._journal.waits_ended
        self._look_at(changed)
        if self._planned:
            asyncio.get_running_loop().call_later(self._seconds_between(), self._look)
