"""Who was admitted, with periods that repeat."""

import numpy as np

from loadtests.planning.engines.vectorised.admitted_log import AdmittedLog


def test_numbers_below_bounds_are_counted_as_if_each_was_added():
    log = AdmittedLog()
    log.add(np.array([1, 4]))
    log.repeat(np.array([-1, 4]), 10, 3)  # 9, 14, 19, 24, 29, 34
    log.add(np.array([40]))
    numbers = [1, 4, 9, 14, 19, 24, 29, 34, 40]
    bounds = np.arange(50)
    assert log.count == len(numbers)
    assert log.below(bounds).tolist() == [sum(n < bound for n in numbers) for bound in range(50)]


def test_what_was_added_since_a_mark_is_known():
    log = AdmittedLog()
    log.add(np.array([1]))
    mark = log.mark()
    assert log.since(mark).tolist() == []
    log.add(np.array([2, 3]))
    log.add(np.array([5]))
    assert log.since(mark).tolist() == [2, 3, 5]
