"""Finds and ends the processes that a connector has left behind.

On Linux those are found that are in its process group, that descend from it, or that still have its
environment, such as a daemon that began a session of its own. Elsewhere only its group is ended.
One that hides from all of this is ended with the suite: :func:`adopting_orphans`.
"""

import contextlib
import ctypes
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from contracts.clock import Clock

GRACE_SECONDS: Final = 0.5
"""How long a process may outlive its connector: that of a pipe, or of a shell's `tee`."""
_POLL_SECONDS: Final = 0.01
_ROUNDS: Final = 200
_PROC: Final = Path("/proc")
_ENDED: Final = frozenset("ZX")
_SUBREAPER: Final = 36  # PR_SET_CHILD_SUBREAPER


class Process(NamedTuple):
    """A process: `state` is a letter, as the kernel gives it."""

    pid: int
    state: str
    parent: int
    group: int


def end_leftovers(group: int, mark: str, clock: Clock, *, grace_seconds: float) -> int:
    """End what is left of a connector; return how many processes did not end by themselves.

    Args:
        group: the process group that it was started in.
        mark: a variable of its environment and its value, as in ``NAME=value``, that no other has.
        clock: by which is waited.
        grace_seconds: how long they may take to end by themselves.
    """

    def left() -> list[int]:
        return [
            each.pid for each in processes() if each.group == group or has_variable(each.pid, mark)
        ]

    until = clock.monotonic() + grace_seconds
    while (found := left()) and clock.monotonic() < until:
        clock.sleep(_POLL_SECONDS)
    if found:
        _kill_all(left, clock)
    return len(found)


@contextlib.contextmanager
def adopting_orphans(clock: Clock) -> Iterator[None]:
    """Be the parent of descendants that lose theirs, and end those that are left at the end.

    On Linux; elsewhere nothing is done.
    """
    if not sys.platform.startswith("linux"):
        yield
        return
    before = set(_children())
    _set_subreaper(adopt=True)
    try:
        yield
    finally:
        _kill_all(lambda: [pid for pid in _children() if pid not in before], clock)
        _set_subreaper(adopt=False)
        _reap(before)


def processes() -> Iterator[Process]:
    """Return each process that has not ended; none where there is no ``/proc``."""
    return (process for process in _all_processes() if process.state not in _ENDED)


def _all_processes() -> Iterator[Process]:
    for folder in _PROC.glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it has just ended
            # The name, in parentheses, may hold anything.
            state, parent, group = (folder / "stat").read_text().rpartition(")")[2].split()[:3]
            yield Process(int(folder.name), state, int(parent), int(group))


def signal_group(group: int, number: signal.Signals) -> None:
    """Send a signal to each process of a group; none may be left."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def has_variable(pid: int, mark: str) -> bool:
    """Return whether a process was started with a variable and its value, as in ``NAME=value``."""
    try:
        return mark.encode() in (_PROC / str(pid) / "environ").read_bytes().split(b"\0")
    except OSError:  # another user's, or it has just ended
        return False


def _children() -> list[int]:
    return [process.pid for process in processes() if process.parent == os.getpid()]


def _kill_all(left: Callable[[], list[int]], clock: Clock) -> None:
    """Kill what is left until nothing is: one that is killed may have started another."""
    for _ in range(_ROUNDS):
        found = left()
        if not found:
            return
        for pid in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        clock.sleep(_POLL_SECONDS)


def _reap(before: set[int]) -> None:
    """Take note of the end of adopted processes."""
    for process in _all_processes():
        is_ours = process.parent == os.getpid() and process.pid not in before
        if is_ours and process.state == "Z":
            with contextlib.suppress(ChildProcessError):  # another thread has done it
                os.waitpid(process.pid, os.WNOHANG)


def _set_subreaper(*, adopt: bool) -> None:
    ctypes.CDLL(None).prctl(_SUBREAPER, int(adopt), 0, 0, 0)
