"""Looking at a running mock, evenly over time: what it holds, and how soon it answers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psutil

from contracts.clock import Clock
from contracts.control_client import ControlClient
from contracts.errors import ControlError

_MILLISECONDS = 1_000


class Sample(NamedTuple):
    """What one look found.

    Attributes:
        resident_bytes: the memory of the mock's process.
        threads: how many it has.
        descriptors: open files and connections.
        store_bytes: the size of its store, without the log.
        log_bytes: the size of the store's write-ahead log.
        processor_seconds: what the process has taken of the processor since it began.
        answer_ms: how long it took to answer a request of this look's own.
        received: calls that it keeps, of all tenants.
        page_fetches: how often the open page has been fetched.
    """

    resident_bytes: int
    threads: int
    descriptors: int
    store_bytes: int
    log_bytes: int
    processor_seconds: float
    answer_ms: float
    received: int
    page_fetches: int


@dataclass(frozen=True, slots=True)
class Sampler:
    """Looks at one mock.

    Attributes:
        process: the mock's.
        store: its SQLite file.
        control: its control API.
        tenant_ids: whose calls are counted.
        page_fetches: returns how often the open page has been fetched.
        clock: times the answer.
    """

    process: psutil.Process
    store: Path
    control: ControlClient
    tenant_ids: Sequence[str]
    page_fetches: Callable[[], int]
    clock: Clock

    def sample(self) -> Sample:
        """Look once.

        Raises:
            ControlError: the mock does not answer.
            psutil.NoSuchProcess: it has ended.
        """
        asked = self.clock.monotonic()
        self.control.health()
        answer_ms = (self.clock.monotonic() - asked) * _MILLISECONDS
        with self.process.oneshot():
            processor = self.process.cpu_times()
            return Sample(
                resident_bytes=self.process.memory_info().rss,
                threads=self.process.num_threads(),
                descriptors=self.process.num_fds(),
                store_bytes=_size(self.store),
                log_bytes=_size(self.store.with_name(f"{self.store.name}-wal")),
                processor_seconds=processor.user + processor.system,
                answer_ms=answer_ms,
                received=sum(self.received()),
                page_fetches=self.page_fetches(),
            )

    def received(self) -> list[int]:
        """Return how many calls of each tenant the mock keeps."""
        return [self.control.totals(each)["received"] for each in self.tenant_ids]


def sampled(
    look: Callable[[], Sample],
    looks: int,
    interval_seconds: float,
    clock: Clock,
    goes_on: Callable[[], bool],
) -> tuple[Sample | None, ...]:
    """Look so many times, evenly; return what each look found.

    Args:
        look: looks once.
        looks: how many times.
        interval_seconds: how far two looks are apart; one that would be a whole interval late is
            left out, so that each stands at its place in time.
        clock: waits.
        goes_on: whether there is still something to look at.

    Returns:
        One for each look; None: it was left out, or nothing was left to look at.
    """
    found: list[Sample | None] = [None] * looks
    began = clock.monotonic()
    for place in range(looks):
        left = began + place * interval_seconds - clock.monotonic()
        if left <= -interval_seconds:
            continue
        clock.sleep(left)
        if not goes_on():
            break
        try:
            found[place] = look()
        except (ControlError, psutil.NoSuchProcess):  # what became of it is judged at the end
            break
    return tuple(found)


def _size(file: Path) -> int:
    """Return a file's size; 0: there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0
