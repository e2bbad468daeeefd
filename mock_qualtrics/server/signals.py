"""Signals that stop the server, beside the two that uvicorn knows."""

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType


@contextlib.contextmanager
def hangup_stops(stop: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Let SIGHUP, which a closed terminal sends, stop the server as SIGTERM does.

    Not where it is ignored: ``nohup`` asks for that. Windows has no such signal.
    """
    hangup = getattr(signal, "SIGHUP", None)
    is_main = threading.current_thread() is threading.main_thread()
    if hangup is None or not is_main or signal.getsignal(hangup) is signal.SIG_IGN:
        yield
        return
    before = signal.signal(hangup, stop)
    try:
        yield
    finally:
        signal.signal(hangup, before)
