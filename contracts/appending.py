"""Appends to a file, or writes into a pipe or a device, without waiting for ever.

A named pipe that nobody reads makes an ordinary ``open`` wait until somebody does. A command whose
report, or whose CI job's summary, is such a pipe would never end.
"""

import errno
import os
import select
from pathlib import Path
from typing import Final

MOST_SECONDS: Final = 10.0
"""How long a pipe that is full is waited for."""

_NO_WAITING: Final = getattr(os, "O_NONBLOCK", 0)  # not on Windows


def append(
    path: str | os.PathLike[str], content: bytes, most_seconds: float = MOST_SECONDS
) -> None:
    """Append to a file, which is made if there is none, or write all into a pipe or a device.

    Raises:
        OSError: it cannot be opened or written. Of a pipe: nobody reads it, or no longer.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | _NO_WAITING, 0o666)
    except OSError as error:
        if error.errno == errno.ENXIO and Path(path).is_fifo():
            raise OSError(errno.ENXIO, "no program reads this pipe", str(path)) from None
        raise
    try:
        _write(descriptor, content, most_seconds)
    finally:
        os.close(descriptor)


def _write(descriptor: int, content: bytes, most_seconds: float) -> None:
    left = memoryview(content)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            if not select.select([], [descriptor], [], most_seconds)[1]:
                text = f"its reader has taken nothing for {most_seconds:g} s"
                raise TimeoutError(errno.ETIMEDOUT, text) from None
