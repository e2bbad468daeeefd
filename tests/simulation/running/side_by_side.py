"""Many seeds in several processes."""

import multiprocessing
import multiprocessing.connection
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice

from simulation.running.one_seed import Outcome, run_seed

SEEDS_AT_ONCE = 5


class ProcessEndedError(Exception):
    """A process that ran seeds ended by itself; says which seeds were under way."""


def outcomes(seeds: Sequence[int], jobs: int) -> Iterator[Outcome]:
    """Yield what came of each seed, as it comes.

    Few are under way at a time, so that a caller who stops reading waits for these alone.

    Args:
        seeds: the seeds in the order in which they are begun.
        jobs: how many processes run them; 1: this one.

    Raises:
        ProcessEndedError: a process ended by itself.
    """
    if jobs == 1 or len(seeds) <= SEEDS_AT_ONCE:
        yield from map(run_seed, seeds)
        return
    context = multiprocessing.get_context("spawn")  # nothing of this process goes along
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=end_with_parent) as pool:
        batches = iter(
            [seeds[at : at + SEEDS_AT_ONCE] for at in range(0, len(seeds), SEEDS_AT_ONCE)]
        )
        under_way = {pool.submit(_run, batch): batch for batch in islice(batches, jobs * 2)}
        try:
            while under_way:
                done, _ = wait(under_way, return_when=FIRST_COMPLETED)
                more = islice(batches, len(done))
                under_way |= {pool.submit(_run, batch): batch for batch in more}
                for future in done:
                    yield from future.result()
                    del under_way[future]
        except BrokenProcessPool as error:
            raise ProcessEndedError(_told(under_way.values())) from error
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def end_with_parent() -> None:
    """Have this process end when its parent does; a pool's would wait for its work for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_after, args=(parent.sentinel,), daemon=True).start()


def _end_after(sentinel: int) -> None:
    multiprocessing.connection.wait([sentinel])
    os._exit(1)


def _run(seeds: Iterable[int]) -> list[Outcome]:
    return [run_seed(seed) for seed in seeds]


def _told(batches: Iterable[Sequence[int]]) -> str:
    seeds = ", ".join(str(seed) for batch in batches for seed in batch)
    return f"a process ended by itself; these seeds were under way, or were next: {seeds}"
