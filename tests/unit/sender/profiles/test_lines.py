"""Where a line ends in what is read so far."""

from sender.profiles import (
    NOTHING_YET,
    lines,
)


def test_a_chunk_that_ends_no_line_is_nothing_yet() -> None:
    assert list(lines.split([b"a", b"b\nc", b"\n"])) == [NOTHING_YET, b"ab\n", b"c\n"]
