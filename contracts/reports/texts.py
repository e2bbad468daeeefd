"""Makes texts that somebody else chose fit for a report: no secret, no control, no flood.

A reason may quote what a connector sent or printed. XML admits no control characters, a terminal
must not be steered, and a CI system refuses a report that is too large.
"""

import re
from typing import Final

from contracts.redaction import hide_secrets
from contracts.terminal import printable

LONGEST_TEXT: Final = 1_000  # characters
LONGEST_NAME: Final = 200  # characters

_LONGEST_READ: Final = 100_000  # characters; what is behind them is not looked at
_NO_CHARACTERS: Final = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # XML 1.0 refuses the last two


def shown(text: str, longest: int = LONGEST_TEXT) -> str:
    r"""Return a text as reports show it: secrets hidden, controls as escapes, cut when too long.

    Line breaks stay.

    Example:
        >>> shown("abcdef", longest=3)
        'abc… (3 characters more)'
    """
    safe = printable(hide_secrets(text[:_LONGEST_READ]), keep="\n")
    safe = _NO_CHARACTERS.sub(lambda match: f"\\u{ord(match[0]):04x}", safe)
    left_out = len(safe) - longest + max(0, len(text) - _LONGEST_READ)
    return safe if len(safe) <= longest else f"{safe[:longest]}… ({left_out:,} characters more)"


def on_one_line(text: str) -> str:
    """Return a text that :func:`shown` made, with blanks for its line breaks."""
    return " ".join(text.split())
