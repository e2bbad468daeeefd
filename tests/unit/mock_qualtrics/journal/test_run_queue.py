"""Which run comes next, when most waiting runs are in the store alone."""

import random

import pytest

from mock_qualtrics.journal.pending_run import PendingRun
from mock_qualtrics.journal.run_queue import RunQueue


def run(sequence, due_at, clock_number=0, priority=0):
    return PendingRun(
        sequence=sequence,
        workflow_number=1,
        clock_number=clock_number,
        due_at=due_at,
        priority=priority,
        received_at=0,
    )


class Store:
    """What a store does for a queue of runs: it has every waiting run, in order."""

    def __init__(self, *waiting: PendingRun) -> None:
        self.waiting = list(waiting)

    def fetch(self, clock_number, moment, limit):
        later = [
            one for one in self.waiting if one.clock_number == clock_number and one.moment >= moment
        ]
        return sorted(later, key=lambda one: one.moment)[:limit]


def drained(run_queue, store, clock_number=0, now=10**9):
    order = []
    while (one := run_queue.pop_due(clock_number, now)) is not None:
        store.waiting.remove(one)
        order.append(one)
    return order


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_runs_come_by_time_then_priority_then_sequence_however_little_is_held(size):
    chance = random.Random(size)
    runs = [run(number, chance.randrange(9), 0, chance.randrange(2)) for number in range(60)]
    store = Store()
    run_queue = RunQueue(store.fetch, size)
    run_queue.open(0)
    for one in runs:
        store.waiting.append(one)
        run_queue.add(one)
    assert drained(run_queue, store) == sorted(runs, key=lambda one: one.moment)


@pytest.mark.parametrize("size", [1, 3, 100])
def test_runs_that_come_while_others_go_are_neither_lost_nor_repeated(size):
    chance = random.Random(size)
    store, done = Store(), []
    run_queue = RunQueue(store.fetch, size)
    run_queue.open(0)
    for number in range(300):
        one = run(number, number + chance.randrange(20))
        store.waiting.append(one)
        run_queue.add(one)
        while chance.random() < 0.5 and (due := run_queue.pop_due(0, number)) is not None:
            store.waiting.remove(due)
            done.append(due.sequence)
    done += [one.sequence for one in drained(run_queue, store)]
    assert sorted(done) == list(range(300))


def test_a_run_that_was_taken_and_is_not_yet_written_does_not_come_again():
    retried = run(1, 10, priority=1)
    store = Store()
    run_queue = RunQueue(store.fetch, 1)
    run_queue.open(0)
    assert run_queue.next_moment(0) is None
    store.waiting.append(retried)
    run_queue.add(retried)
    assert run_queue.pop_due(0, 10) is retried
    for one in (run(2, 50), run(3, 10)):
        store.waiting.append(one)
        run_queue.add(one)
    assert [run_queue.pop_due(0, 99).sequence for _ in range(2)] == [3, 2]
    assert run_queue.pop_due(0, 99) is None


def test_what_the_store_holds_from_before_is_found():
    store = Store(run(2, 20), run(1, 10))
    run_queue = RunQueue(store.fetch)
    run_queue.open(0)
    assert run_queue.next_moment(0) == (10, 0, 1)
    assert run_queue.pop_due(0, 9) is None
    assert run_queue.pop_due(0, 10).sequence == 1


def test_lanes_do_not_see_each_other():
    store = Store()
    run_queue = RunQueue(store.fetch)
    for clock_number in (0, 1):
        run_queue.open(clock_number)
        run_queue.next_moment(clock_number)
    store.waiting.append(run(1, 5, clock_number=1))
    run_queue.add(run(1, 5, clock_number=1))
    assert run_queue.next_moment(0) is None
    assert run_queue.touched == {1}
    run_queue.close(1)
    assert run_queue.next_moment(1) is None
    assert run_queue.pop_due(1, 99) is None


def test_forgotten_runs_do_not_come():
    run_queue = RunQueue(Store().fetch)
    run_queue.open(0)
    run_queue.next_moment(0)
    for number in range(4):
        run_queue.add(run(number, number))
    run_queue.forget(lambda one: one.sequence % 2 == 0)
    assert [run_queue.pop_due(0, 9).sequence for _ in range(2)] == [1, 3]
    assert run_queue.pop_due(0, 9) is None


def test_a_new_clock_s_queue_does_not_ask_the_store_and_forgets_alone():
    asked = []
    run_queue = RunQueue(lambda *question: asked.append(question) or [])
    for clock_number in (1, 2):
        run_queue.open(clock_number, is_empty=True)
        run_queue.add(run(clock_number, 5, clock_number=clock_number))
    run_queue.forget(lambda _: True, 1)
    assert run_queue.pop_due(1, 9) is None
    assert run_queue.pop_due(2, 9).sequence == 2
    assert asked == []
