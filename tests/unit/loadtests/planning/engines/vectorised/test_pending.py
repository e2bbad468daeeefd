"""Messages that wait for a try."""

import numpy as np

from loadtests.planning.engines.vectorised.pending import NO_RUNS, Pending, numbers_of, runs_of


def waiting(*numbers: list[int]) -> Pending:
    pending = Pending()
    for each in numbers:
        pending.add(runs_of(np.array(each, dtype=np.int64)))
    return pending


def taken(pending, until):
    return numbers_of(pending.take(until)).tolist()


def test_runs_are_the_same_numbers():
    numbers = np.array([1, 2, 3, 7, 9, 10])
    assert [each.tolist() for each in runs_of(numbers)] == [[1, 7, 9], [3, 7, 10]]
    assert numbers_of(runs_of(numbers)).tolist() == numbers.tolist()
    assert numbers_of(NO_RUNS).tolist() == numbers_of(runs_of(numbers[:0])).tolist() == []


def test_what_is_below_a_number_is_taken_once():
    pending = waiting([1, 2, 3, 7], [8, 9], [20, 22, 23, 24])
    assert pending.next == 1
    assert taken(pending, 1) == []
    assert taken(pending, 3) == [1, 2]
    assert taken(pending, 9) == [3, 7, 8]
    assert taken(pending, 22) == [9, 20]
    assert taken(pending, 24) == [22, 23]
    assert taken(pending, 100) == [24]
    assert not pending


def test_the_same_numbers_compare_equal_however_they_were_added():
    assert waiting([1, 2, 3, 7]).relative_to(1) == waiting([11, 12], [13], [17]).relative_to(11)
    assert waiting([1, 2, 3, 7]).relative_to(1) != waiting([1, 2, 7]).relative_to(1)
    moved = waiting([1, 2], [7])
    moved.shift(10)
    assert taken(moved, 100) == [11, 12, 17]
