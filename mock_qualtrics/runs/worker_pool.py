"""A few threads for work that waits for somebody outside; a stop does not wait for it long.

They are daemon threads: whoever is called may take as long as they like, and the process ends
nevertheless. What was under way then is nobody's any more; who submits it must do without.
"""

import logging
import queue
import threading
from collections.abc import Callable

from mock_qualtrics.clock import Countdown

MOST_THREADS = 4
PATIENCE_SECONDS = 0.2  # with the server's own, a stop takes under a second

_log = logging.getLogger(__name__)


class WorkerPool:
    """Does what is submitted, in order, a few pieces at a time."""

    def __init__(self) -> None:
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()

    def submit(self, job: Callable[[], None]) -> None:
        """Have the job done, when its turn comes."""
        self._jobs.put(job)
        if len(self._threads) < MOST_THREADS:
            thread = threading.Thread(target=self._work, name="web-service", daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Begin no job any more, and wait so long for those that are under way."""
        self._closed.set()
        countdown = Countdown(patience_seconds)
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, countdown.left_seconds()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._closed.is_set():
            try:
                job()
            except Exception:  # noqa: BLE001  one bad job must not end the others
                _log.exception("a web_service task's call broke; its run stays pending")
