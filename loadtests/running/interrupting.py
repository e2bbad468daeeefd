"""Ctrl-C: the run ends in order the first time, and at once the second time."""

import os
import signal
from collections.abc import Callable
from typing import Final

import gevent

INTERRUPTED: Final = 3


def on_interrupt(end: Callable[[], object]) -> None:
    """Have Ctrl-C end the run, in a greenlet of its own: Locust would stop wherever it is.

    Args:
        end: ends the run in order; it may take a while.
    """
    state = {"interrupts": 0}

    def interrupted() -> None:
        state["interrupts"] += 1
        if state["interrupts"] > 1:
            os._exit(INTERRUPTED)
        end()

    gevent.signal_handler(signal.SIGINT, interrupted)
