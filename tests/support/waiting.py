"""Waiting for a condition."""

import threading
from collections.abc import Callable
from typing import TypeVar

DEADLINE_SECONDS = 60
LOOKS_A_SECOND = 100

T = TypeVar("T")


def until(condition: Callable[[], T], deadline_seconds: float = DEADLINE_SECONDS) -> T:
    """Return what the condition returns once it is true."""
    pause = threading.Event()
    for _ in range(int(deadline_seconds * LOOKS_A_SECOND)):
        if found := condition():
            return found
        pause.wait(1 / LOOKS_A_SECOND)
    raise AssertionError("it did not happen in time")
