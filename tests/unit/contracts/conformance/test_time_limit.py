"""A function in this process is ended when its time is up, and leaves no lock taken."""

import signal
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType

import pytest

from contracts.conformance.scenario_clock import OutOfTimeError
from contracts.conformance.time_limit import time_limit

TRACER = """
def trace(lock):
    lock.acquire()
    for _ in range(500):
        pass
    lock.release()
"""


def work() -> None:
    for _ in range(1_000):
        pass


def in_either(function: Callable[[], bool], *, in_thread: bool) -> bool:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result() if in_thread else function()


def is_ended(function: Callable[[], object]) -> bool:
    try:
        with time_limit(0.01):
            function()
    except OutOfTimeError:
        return True
    return False


either_thread = pytest.mark.parametrize("in_thread", [False, True], ids=["main", "another"])


@either_thread
def test_one_that_never_ends_is_ended(in_thread):
    def spin() -> None:
        while True:
            pass

    assert in_either(lambda: is_ended(spin), in_thread=in_thread)


@either_thread
def test_what_measures_coverage_is_not_interrupted_while_it_holds_its_lock(in_thread):
    tracer, lock = ModuleType("coverage.collector"), threading.Lock()
    exec(TRACER, vars(tracer))

    def spin() -> None:
        while True:
            tracer.trace(lock)
            work()

    for _ in range(20):
        assert in_either(lambda: is_ended(spin), in_thread=in_thread)
        assert not lock.locked()


@either_thread
def test_it_is_raised_once_so_that_the_function_can_tidy_up(in_thread):
    begun, tidied = [], []

    def spin() -> None:
        try:
            begun.append(True)
            while True:
                pass
        finally:
            for _ in range(1_000):
                work()
            tidied.append(True)

    while not begun:  # on a busy machine the time can be up before it begins
        tidied.clear()
        assert in_either(lambda: is_ended(spin), in_thread=in_thread)
    assert tidied == [True]


@either_thread
def test_one_that_ends_in_time_is_left_alone_and_nothing_is_left_behind(in_thread):
    def leaves_nothing() -> bool:
        handler, threads = signal.getsignal(signal.SIGURG), set(threading.enumerate())
        with time_limit(60):
            pass
        return signal.getsignal(signal.SIGURG) == handler and set(threading.enumerate()) <= threads

    assert in_either(leaves_nothing, in_thread=in_thread)
