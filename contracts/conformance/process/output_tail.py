"""Keeps the end of what a process writes, however much that is."""

import contextlib
import os
import select
from typing import Final

from contracts.clock import Clock

KEPT_BYTES: Final = 65_536
_READ_BYTES: Final = 65_536
_READS_AT_ONCE: Final = 16


class OutputTail:
    """The read end of a pipe that a process writes to; a context manager that closes it.

    Attributes:
        write_end: what the process gets as its standard output and error.
    """

    def __init__(self) -> None:
        self._read_end, self.write_end = os.pipe()
        os.set_blocking(self._read_end, False)
        self._poll = select.poll()
        self._poll.register(self._read_end, select.POLLIN)
        self._kept = b""
        self._bytes_read = 0
        self._is_open = True

    def close(self) -> None:
        """Close the read end; a process that still writes gets an error."""
        self.close_write_end()
        os.close(self._read_end)

    def close_write_end(self) -> None:
        """Close the write end here, so that the pipe ends with the processes that have it."""
        with contextlib.suppress(OSError):
            os.close(self.write_end)
        self.write_end = -1

    def pump(self, seconds: float, clock: Clock) -> None:
        """Read what there is; wait up to that long when there is nothing."""
        if not self._is_open:
            clock.sleep(seconds)
        elif self._poll.poll(seconds * 1_000):
            self.drain()

    def drain(self) -> None:
        """Read what there is, up to a megabyte, without waiting."""
        for _ in range(_READS_AT_ONCE):
            try:
                chunk = os.read(self._read_end, _READ_BYTES)
            except BlockingIOError:
                return
            self._is_open = bool(chunk)
            if not chunk:
                return
            self._kept = (self._kept + chunk)[-KEPT_BYTES:]
            self._bytes_read += len(chunk)

    def text(self) -> str:
        """Return the end of the output; its first line says how much is left out, if any is."""
        left_out = self._bytes_read - len(self._kept)
        note = f"… {left_out:,} bytes before this are left out\n" if left_out else ""
        return note + self._kept.decode("utf-8", "replace")
