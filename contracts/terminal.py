"""Makes texts that somebody else chose safe to print: no text may steer a terminal."""

import json
import re
from typing import Final

# C0, DEL and C1 controls, what changes the direction of writing, line and paragraph separators,
# other invisible marks, lone surrogates and tags. The joiners of emoji and scripts stay.
_UNSAFE: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_SHORT: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def printable(text: str, *, keep: str = "") -> str:
    r"""Return a text with everything that could steer a terminal as an escape.

    The escapes are those of JSON, so that a JSON text stays one and keeps its value.

    Args:
        text: any text.
        keep: characters that stay as they are, such as the line breaks of a text of several lines.

    Example:
        >>> printable("down" + chr(27) + "[2J")
        'down\\u001b[2J'
    """
    if text.isascii() and text.isprintable():
        return text
    return _UNSAFE.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text)


def _escape(character: str) -> str:
    if ord(character) > 0xFFFF:  # noqa: PLR2004  a pair of surrogates in JSON
        return json.dumps(character)[1:-1]
    return _SHORT.get(character, f"\\u{ord(character):04x}")
