"""Ends a function of somebody else's that runs in this process, once its time is up."""

import ctypes
import signal
import sys
import threading
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from types import FrameType
from typing import Final

from contracts.conformance.scenario_clock import OutOfTimeError

_AGAIN_SECONDS: Final = 0.001
_TRACER: Final = "coverage."
"""What measures the coverage of tests is called for every line, and holds a lock of its own for a
moment. An exception in that moment would leave it locked, and every thread would wait for ever."""


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise OutOfTimeError in this thread after so long: a function cannot be ended otherwise.

    In the main thread a signal does, which ends a wait in the system too, such as `time.sleep`; it
    is one that is ignored when it comes late. In another thread such a wait passes first.
    """
    is_main = threading.current_thread() is threading.main_thread()
    limit = _SignalLimit() if is_main else _ThreadLimit()
    timer = threading.Thread(target=limit.watch, args=(seconds,), daemon=True)
    with limit.handler():
        timer.start()
        try:
            yield
        finally:
            limit.end()
            timer.join()


class _Limit(ABC):
    """A limit for the thread that makes it."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._ended = threading.Event()
        self._is_over = False  # it is raised once, and not after the function has ended

    def handler(self) -> AbstractContextManager[None]:
        """Return what must be set up as long as the thread may be interrupted."""
        return nullcontext()

    def end(self) -> None:
        """Take note that the function has ended."""
        self._is_over = True  # in one step, unlike the event: it may be interrupted
        self._ended.set()

    def watch(self, seconds: float) -> None:
        """Interrupt when the time is up, and again until it could be."""
        wait = seconds
        while not self._ended.wait(wait) and not self._is_over:
            self.interrupt()
            wait = _AGAIN_SECONDS

    @abstractmethod
    def interrupt(self) -> None:
        """Interrupt the thread, unless it is where it may not be."""

    def _takes(self, frame: FrameType | None) -> bool:
        """Take the only chance to raise, if it may be raised where the thread is now."""
        if self._is_over or frame is None or _is_of_tracer(frame):
            return False
        self._is_over = True
        return True


class _SignalLimit(_Limit):
    @contextmanager
    def handler(self) -> Iterator[None]:
        before = signal.signal(signal.SIGURG, self._raise)
        try:
            yield
        finally:
            signal.signal(signal.SIGURG, before)

    def interrupt(self) -> None:
        signal.pthread_kill(self._thread, signal.SIGURG)

    def _raise(self, _: int, frame: FrameType | None) -> None:
        if self._takes(frame):
            raise OutOfTimeError


class _ThreadLimit(_Limit):
    def interrupt(self) -> None:
        if self._takes(sys._current_frames().get(self._thread)):  # noqa: SLF001  there is no other
            raised = ctypes.c_ulong(self._thread), ctypes.py_object(OutOfTimeError)
            ctypes.pythonapi.PyThreadState_SetAsyncExc(*raised)


def _is_of_tracer(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__")).startswith(_TRACER)
