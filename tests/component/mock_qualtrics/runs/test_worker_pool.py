"""Jobs on the worker pool's threads."""

import threading
from functools import partial

from mock_qualtrics.runs.worker_pool import MOST_THREADS, WorkerPool

PATIENCE_SECONDS = 60  # only a test that fails waits so long


def test_a_job_that_raises_is_logged_and_the_others_are_done(caplog):
    callers, done = WorkerPool(), threading.Event()
    for _ in range(MOST_THREADS):
        callers.submit(partial(int, "no number"))
    callers.submit(done.set)
    assert done.wait(PATIENCE_SECONDS)
    callers.close(PATIENCE_SECONDS)
    assert caplog.text.count("ValueError") == MOST_THREADS
