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

    A JSON array, which may be one long line, comes in pieces that are cut anywhere.

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


def is_cut(line: bytes) -> bool:
    """Return whether the text ends in a line, without an end of it."""
    return not line.endswith((b"\n", b"\r")) and not is_too_long(line)


def is_blank(line: bytes) -> bool:
    """Return whether a line holds nothing but blanks and a byte order mark."""
    return not line.removeprefix(BYTE_ORDER_MARK).strip()


def begins_array(line: bytes) -> bool:
    """Return whether a source that begins with this line is a JSON array."""
    return line.removeprefix(BYTE_ORDER_MARK).lstrip().startswith(b"[")


def _live_descriptor(stream: BinaryIO) -> int | None:
    """Return the descriptor of a live stream; None for a file."""
    try:
        descriptor = stream.fileno()
        is_file = stat.S_ISREG(os.fstat(descriptor).st_mode)
    except OSError:
        return None
    return descriptor if _CAN_WAIT and not is_file else None


def _bounded_lines(stream: BinaryIO) -> Iterator[bytes]:
    has_begun = False
    while line := stream.readline(LONGEST_LINE_BYTES + 1):
        if not has_begun and begins_array(line):
            yield line
            yield from iter(lambda: stream.read(CHUNK_BYTES), b"")
            return
        has_begun = has_begun or not is_blank(line)
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
    has_begun = False
    remaining = iter(chunks)
    for chunk in remaining:
        if isinstance(chunk, NothingYet):
            yield chunk
            continue
        if not has_begun and begins_array(bytes(line) + chunk):
            yield bytes(line) + chunk
            yield from remaining
            return
        has_begun = has_begun or not is_blank(bytes(line) + chunk)
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
