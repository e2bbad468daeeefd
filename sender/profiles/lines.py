"""Reads the lines of a stream, with a limit on their length, without blocking on a live stream.

A pipe, a terminal or a socket is live: while it has no line, ``NOTHING_YET`` is yielded, so that
the export can go on sending. Files, and streams without a descriptor, are read without a pause.
"""

import os
import select
import stat
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from sender.profiles.rows import NOTHING_YET, NothingYet

LONGEST_LINE_BYTES = 16 * 1024 * 1024
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
CHUNK_BYTES = 64 * 1024
PAUSE_SECONDS = 0.02  # the interval between calls at 3,000 a minute, so waiting delays no call

Line = bytes | NothingYet

_CAN_WAIT = hasattr(select, "poll")  # not on Windows, where select() supports sockets only


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a stream, without a byte order mark at its beginning.

    A line longer than :data:`LONGEST_LINE_BYTES` is cut one byte after the limit, so that no file
    can fill the memory; readers recognize it with :func:`is_too_long`.

    Args:
        stream: a stream of bytes, at its beginning.
    """
    descriptor = _live_descriptor(stream)
    lines = _bounded_lines(stream) if descriptor is None else split(_chunks(descriptor))
    is_first = True
    for line in lines:
        if isinstance(line, NothingYet) or not is_first:
            yield line
        else:
            yield line.removeprefix(BYTE_ORDER_MARK)
            is_first = False


def is_too_long(line: bytes) -> bool:
    """Return whether a line was cut."""
    return len(line) > LONGEST_LINE_BYTES and not line.endswith(b"\n")


def _live_descriptor(stream: BinaryIO) -> int | None:
    """Return the descriptor of a live stream; None for a file."""
    try:
        descriptor = stream.fileno()
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return None
    return descriptor if _CAN_WAIT and not is_file else None


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        if is_too_long(line):
            _skip_rest_of_line(stream)
        yield line


def _skip_rest_of_line(stream: BinaryIO) -> None:
    while chunk := stream.readline(LONGEST_LINE_BYTES):
        if chunk.endswith(b"\n"):
            return


def _chunks(descriptor: int) -> Iterator[Line]:
    """Yield the available bytes; if there are none, NOTHING_YET at once and after each pause."""
    pause_seconds = 0.0
    while True:
        if not select.select([descriptor], [], [], pause_seconds)[0]:
            yield NOTHING_YET
            pause_seconds = PAUSE_SECONDS
            continue
        chunk = os.read(descriptor, CHUNK_BYTES)
        if not chunk:
            return
        yield chunk
        pause_seconds = 0.0


def split(chunks: Iterable[Line]) -> Iterator[Line]:
    """Yield each line as soon as it is complete."""
    line = bytearray()
    for chunk in chunks:
        if isinstance(chunk, NothingYet):
            yield chunk
            continue
        *ended, rest = chunk.split(b"\n")
        for piece in ended:
            _extend(line, piece + b"\n")
            yield bytes(line)
            line.clear()
        _extend(line, rest)
        if not ended:
            yield NOTHING_YET
    if line:
        yield bytes(line)


def _extend(line: bytearray, piece: bytes) -> None:
    line += piece[: max(0, LONGEST_LINE_BYTES + 1 - len(line))]
