"""The lines of a stream, bounded in length; of a live one also that there is none at the moment.

A pipe, a terminal or a socket is live: whoever reads it is told when no line is there yet, instead
of waiting for one. Files, and streams without a descriptor, are read to their end without a pause.
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
PAUSE_SECONDS = 0.02  # 3,000 calls a minute leave that long between two: waiting delays none

Line = bytes | NothingYet

_CAN_WAIT = hasattr(select, "poll")  # elsewhere than on Windows, whose select knows sockets only


def lines_of(stream: BinaryIO) -> Iterator[Line]:
    """Yield the lines of a stream, without a byte order mark at its beginning.

    A line longer than :data:`LONGEST_LINE_BYTES` is cut one byte after that, so that no file can
    fill the memory; readers take a line of that length for broken.

    Args:
        stream: nothing of it was read before.
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
    """Return the descriptor of a stream whose lines may be slow to come, if it is one."""
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
    """Yield what is there; when that is nothing, say so at once, and again after each pause."""
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
    """Yield the lines that chunks make, each once it is whole."""
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
