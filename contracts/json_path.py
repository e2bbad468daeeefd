"""Whether a text is a JSONPath (RFC 9535) that the mock can read, within limits of its own.

The limits keep the verdict the same wherever it is asked for: the library reads nested brackets by
recursion, so that without a limit it would depend on how deep the caller stands.
"""

import re
from typing import Final

LONGEST_CHARACTERS: Final = 2_000  # compiling a longer path could take seconds
DEEPEST_BRACKETS: Final = 30

_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_DOUBLE_NEGATION = re.compile(r"!\s*!")


class NoJsonPathError(ValueError):
    """A text is no JSONPath that can be read; the message is a reason, or empty."""


def check(text: str) -> None:
    """Return if the text is a JSONPath.

    Raises:
        NoJsonPathError: it is none, or exceeds a limit.
    """
    if len(text) > LONGEST_CHARACTERS:
        raise NoJsonPathError(f"longer than {LONGEST_CHARACTERS:,} characters")
    bare = _QUOTED.sub("''", text)
    if _deepest(bare) > DEEPEST_BRACKETS:
        raise NoJsonPathError(f"brackets nested deeper than {DEEPEST_BRACKETS} levels")
    if _DOUBLE_NEGATION.search(bare):
        raise NoJsonPathError("RFC 9535 has no double negation")
    _compile(text)


def _compile(text: str) -> None:
    import jsonpath_rfc9535  # noqa: PLC0415  only documents that have a path pay for it

    try:
        text.encode()
        jsonpath_rfc9535.compile(text)
    except OverflowError:
        raise NoJsonPathError("a number in it is out of range") from None
    except UnicodeEncodeError:
        raise NoJsonPathError("a lone surrogate in it") from None
    except Exception:  # noqa: BLE001  whatever the library raises, the text is not usable
        raise NoJsonPathError from None


def _deepest(bare: str) -> int:
    depth = deepest = 0
    for character in bare:
        if character in "[(":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "])":
            depth -= 1
    return deepest
