"""Many seeds in several processes."""

import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from itertools import islice

from simulation.running.one_seed import Outcome, run_seed

SEEDS_AT_ONCE = 5


def outcomes(seeds: Sequence[int], jobs: int) -> Iterator[Outcome]:
    """Yield what came of each seed, as it comes.

    Few are under way at a time, so that a caller who stops reading waits for these alone.

    Args:
        seeds: the seeds in the order in which they are begun.
        jobs: how many processes run them; 1: this one.

    Raises:
        concurrent.futures.process.BrokenProcessPool: a process ended by itself.
    """
    if jobs == 1 or len(seeds) <= SEEDS_AT_ONCE:
        yield from map(run_seed, seeds)
        return
    context = multiprocessing.get_context("spawn")  # nothing of this process goes along
    with ProcessPoolExecutor(jobs, mp_context=context) as pool:
        batches = iter(
            [seeds[at : at + SEEDS_AT_ONCE] for at in range(0, len(seeds), SEEDS_AT_ONCE)]
        )
        under_way = {pool.submit(_run, batch) for batch in islice(batches, jobs * 2)}
        try:
            while under_way:
                done, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                under_way |= {pool.submit(_run, batch) for batch in islice(batches, len(done))}
                yield from _all_of(done)
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _run(seeds: Iterable[int]) -> list[Outcome]:
    return [run_seed(seed) for seed in seeds]


def _all_of(done: Iterable[Future[list[Outcome]]]) -> Iterator[Outcome]:
    for future in done:
        yield from future.result()
