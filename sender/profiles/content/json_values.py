"""Reads profiles from a JSON array, or from JSON objects that take several lines each.

A value is read as soon as it is complete, so an array may be larger than the memory. A value that
is no profile costs itself only. Where the text itself is no JSON nobody knows where the next value
begins: the rest is told as unread.
"""

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sender.errors import BrokenRowError
from sender.profiles.lines import LONGEST_LINE_BYTES, Line
from sender.profiles.rows import BrokenRow, NothingYet, ProfileRow, Row, UnreadRows

ReadProfile = Callable[[bytes], dict[str, Any]]

# Where a reader is: outside of arrays, or in one after its bracket, a comma or a value.
_OUTSIDE, _BEGUN, _COMMA, _VALUE = "outside", "begun", "comma", "value"
_AFTER = {
    (_OUTSIDE, "["): _BEGUN,
    (_BEGUN, "]"): _OUTSIDE,
    (_VALUE, "]"): _OUTSIDE,
    (_VALUE, ","): _COMMA,
}
_BLANK = re.compile(r"[ \t\r\n]*")
_NEAR_THE_END = (
    16  # characters; a literal or an escape that is cut off is reported at its beginning
)
_REST_UNREAD = (
    "nothing from here on was read, because where the next profile begins is not known; mend it, "
    "or write one profile a line without an array, where a broken line costs itself only"
)
# Finds where a value ends; whether it is a profile is judged afterwards, more strictly.
_EXTENT = json.JSONDecoder(
    strict=False, parse_int=lambda _: 0, parse_float=lambda _: 0, parse_constant=lambda _: 0
)


def read_values(
    pieces: Iterable[Line], source: str, read_profile: ReadProfile
) -> Iterator[Row | NothingYet]:
    """Yield one row for each value, and for each element of an array.

    Args:
        pieces: the text, cut anywhere.
        source: its name.
        read_profile: makes a profile of one value's text, or raises BrokenRowError.
    """
    # Undecodable bytes become surrogates, so that they break only their own value.
    decode = codecs.getincrementaldecoder("utf-8")("surrogateescape").decode
    values = _Values(source, read_profile)
    for piece in pieces:
        if isinstance(piece, NothingYet):
            yield piece
            continue
        yield from values.take(decode(piece))
        if values.is_over:
            return
    yield from values.end(decode(b"", final=True))


class _Values:
    """The text that was not read yet, and where in it the next value is expected."""

    def __init__(self, source: str, read_profile: ReadProfile) -> None:
        self._source = source
        self._read_profile = read_profile
        self._state = _OUTSIDE
        self._text = ""
        self._position = 0
        self._line, self._lines_counted_to = 1, 0
        self._enough = 0  # characters after which a value that was incomplete is tried again
        self._is_complete = False
        self.is_over = False

    def take(self, text: str) -> Iterator[Row]:
        """Add text and yield the rows that it completes."""
        self._line_number()
        self._text = self._text[self._position :] + text
        self._position = self._lines_counted_to = 0
        if len(self._text) < self._enough and not self._is_complete:
            return
        try:
            while self._begins_value() and (end := self._end_of_value()) is not None:
                yield self._row(end)
        except BrokenRowError as error:
            self.is_over = True
            reason = f"{error}; {_REST_UNREAD}"
            yield UnreadRows(self._source, self._line_number(), reason)

    def end(self, text: str) -> Iterator[Row]:
        """Yield the remaining rows, at the end of the text."""
        self._is_complete = True
        yield from self.take(text)
        if self._state != _OUTSIDE and not self.is_over:
            reason = "the array is not closed: the text breaks off"
            yield UnreadRows(self._source, self._line_number(), reason)

    def _begins_value(self) -> bool:
        """Pass blanks, brackets and commas; return whether a value begins."""
        while True:
            blank = _BLANK.match(self._text, self._position)
            self._position = blank.end() if blank else self._position
            character = self._text[self._position : self._position + 1]
            after = _AFTER.get((self._state, character))
            if after is None:
                break
            self._state = after
            self._position += 1
        if character and (self._state == _VALUE or character in "],"):
            expected = "a comma or ]" if self._state == _VALUE else "a value"
            raise BrokenRowError(f"not JSON: {expected} expected")
        return bool(character)

    def _end_of_value(self) -> int | None:
        """Return where a value ends; None if more text is needed to know."""
        try:
            _, end = _EXTENT.raw_decode(self._text, self._position)
            # A number may go on.
            is_whole = self._is_complete or end < len(self._text) or self._text[end - 1] in '}]"'
        except json.JSONDecodeError as error:
            if self._is_complete or not self._may_be_cut(error):
                raise BrokenRowError(f"not JSON: {error.msg}") from None
            is_whole = False
        except RecursionError:
            raise BrokenRowError("nested too deeply") from None
        self._enough = 0
        if is_whole:
            return end
        # Wait for twice as much: to try again at each piece would take quadratic time.
        length = len(self._text) - self._position
        if length > LONGEST_LINE_BYTES:
            raise BrokenRowError("longer than a profile may be")
        self._enough = 2 * length
        return None

    def _may_be_cut(self, error: json.JSONDecodeError) -> bool:
        is_near_the_end = error.pos >= len(self._text) - _NEAR_THE_END
        return is_near_the_end or error.msg.startswith("Unterminated string")

    def _row(self, end: int) -> Row:
        text = self._text[self._position : end].encode("utf-8", "surrogateescape")
        line = self._line_number()
        self._position = end
        self._state = self._state if self._state == _OUTSIDE else _VALUE
        try:
            return ProfileRow(self._read_profile(text), self._source, line, text=text)
        except BrokenRowError as error:
            return BrokenRow(self._source, line, str(error))

    def _line_number(self) -> int:
        self._line += self._text.count("\n", self._lines_counted_to, self._position)
        self._lines_counted_to = self._position
        return self._line
