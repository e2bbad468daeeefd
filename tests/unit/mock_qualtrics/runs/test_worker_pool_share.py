"""Every owner of jobs has its turn."""

from collections.abc import Callable
from functools import partial

from mock_qualtrics.runs.worker_pool import FairShare


class Later:
    """Keeps jobs until it is told to do them."""

    def __init__(self) -> None:
        self.jobs: list[Callable[[], None]] = []
        self.closed = 0

    def submit(self, job: Callable[[], None]) -> None:
        self.jobs.append(job)

    def close(self) -> None:
        self.closed += 1


def test_an_owner_with_many_jobs_lets_the_others_have_their_turns():
    later, done = Later(), []
    share = FairShare(later)
    for owner, count in ((1, 4), (2, 2), (3, 1)):
        for number in range(count):
            share.submit(owner, partial(done.append, f"{owner}.{number}"))
    for job in later.jobs:
        job()
    assert done == ["1.0", "2.0", "3.0", "1.1", "2.1", "1.2", "1.3"]


def test_closing_closes_the_workers():
    later = Later()
    FairShare(later).close()
    assert later.closed == 1
