"""Judges a token or a username before it is sent, and says what is wrong without showing it. Pure.

One that was copied with a blank or a quotation mark would only be "not known" to Qualtrics.
"""

import re
import unicodedata
from typing import Final

TOKEN_EXPECTED = "the token alone, without blanks and quotation marks"  # noqa: S105  no token
USERNAME_EXPECTED = "the username alone, without blanks and quotation marks"

_BYTE_ORDER_MARKS = ("\ufeff", "\u00ef\u00bb\u00bf")  # the second: its bytes read as Latin-1
_QUOTATION_MARKS = "\"'`\u00ab\u00bb\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f"
_FITS_A_HEADER: Final = re.compile(r"[\t\x20-\x7e\x80-\xff]*")
_LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"


def without_line_end(text: str) -> str:
    r"""Return a text without the line end that a file or a command's output has.

    It is never part of a credential, so it is not worth an error.

    Example:
        >>> without_line_end("PLACEHOLDER\r\n")
        'PLACEHOLDER'
    """
    return text.removesuffix("\n").removesuffix("\r")


def token_problem(token: str) -> str:
    """Return what is wrong with an API token; empty when it can be one (Q-ID-1).

    Example:
        >>> token_problem("PLACEHOLDER TOKEN")
        'a blank'
    """
    if problem := username_problem(token):
        return problem
    if any(mark in token for mark in _QUOTATION_MARKS):
        return "a quotation mark"
    return "" if token.isascii() else "a character beyond ASCII"


def username_problem(username: str) -> str:
    """Return what is wrong with a username; empty when it can be one."""
    if any(mark in username for mark in _BYTE_ORDER_MARKS):
        return "a byte order mark"
    if any(mark in username for mark in _LINE_BREAKS):
        return "a line break"
    if any(map(_is_blank, username)):
        return "a blank"
    if any(unicodedata.category(character)[0] == "C" for character in username):
        return "an invisible character"
    return "a quotation mark around it" if _is_quoted(username) else ""


def token_is_wrapped(token: str) -> bool:
    """Return whether a control token has a blank or a byte order mark around it.

    A header's value is read without the blanks around it, so such a token would never be known.
    """
    return token != token.strip() or token.startswith(_BYTE_ORDER_MARKS)


def token_fits_a_header(token: str) -> bool:
    """Return whether a control token can be sent: Latin-1 and no control character but tabs."""
    return _FITS_A_HEADER.fullmatch(token) is not None


def _is_blank(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] == "Z"


def _is_quoted(text: str) -> bool:
    return text[:1] in _QUOTATION_MARKS and text[-1:] in _QUOTATION_MARKS and bool(text)
