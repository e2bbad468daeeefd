"""A few threads, for calls to web services and for the Flask app.

They are daemon threads, so that a slow job cannot keep the process from ending. A job under
way at the end is abandoned, and its result is lost.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable

from mock_qualtrics.clock import Countdown
from mock_qualtrics.runs.parts import Workers

MOST_THREADS = 4
PATIENCE_SECONDS = 0.2  # with the server's own grace period, a stop takes under a second

Job = Callable[[], None]
_log = logging.getLogger(__name__)


class FairShare:
    """Hands jobs to workers so that each owner has its turn, however many jobs another one has.

    Args:
        workers: do the jobs.
    """

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._lock = threading.Lock()
        self._jobs: dict[int, deque[Job]] = {}  # by owner; the first one has the next turn

    def submit(self, owner: int, job: Job) -> None:
        """Have the job done after the owner's earlier ones."""
        with self._lock:
            self._jobs.setdefault(owner, deque()).append(job)
        self._workers.submit(self._next)

    def close(self) -> None:
        """Start no more jobs."""
        self._workers.close()

    def _next(self) -> None:
        with self._lock:
            owner = next(iter(self._jobs))
            jobs = self._jobs.pop(owner)
            job = jobs.popleft()
            if jobs:
                self._jobs[owner] = jobs
        job()


class WorkerPool:
    """Does jobs on a few threads, in the order they were submitted.

    Args:
        most_threads: how many jobs are done at the same time.
        name: what the threads do, as a debugger shows it.
    """

    def __init__(self, most_threads: int = MOST_THREADS, name: str = "web-service") -> None:
        self._name = name
        self._most_threads = most_threads
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._closed = threading.Event()

    def submit(self, job: Job) -> None:
        """Queue the job; threads are started as they are needed."""
        self._jobs.put(job)
        if len(self._threads) < self._most_threads:
            thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self, patience_seconds: float = PATIENCE_SECONDS) -> None:
        """Start no more jobs, and wait for those under way, at most the patience."""
        self._closed.set()
        countdown = Countdown(patience_seconds)
        for _ in self._threads:
            self._jobs.put(None)  # wakes a thread that waits for a job
        for thread in self._threads:
            thread.join(max(0.0, countdown.left_seconds()))

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None and not self._closed.is_set():
            try:
                job()
            except Exception:  # noqa: BLE001  one bad job must not end the others
                _log.exception("a job broke; the run that it was for stays pending")
