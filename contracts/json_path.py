"""Whether a text is a JSONPath (RFC 9535) that the mock can read, within limits of its own.

The limits keep the verdict the same wherever it is asked for: the library reads nested brackets by
recursion, so that without a limit it would depend on how deep the caller stands.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from contracts.redaction import redact
from contracts.terminal import printable
from contracts.violations import describe, json_path

if TYPE_CHECKING:
    from jsonpath_rfc9535.exceptions import JSONPathError

LONGEST_CHARACTERS: Final = 2_000  # compiling a longer path could take seconds
DEEPEST_BRACKETS: Final = 30

_QUOTED = re.compile(r"""'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*\"""", re.DOTALL)
_DOUBLE_NEGATION = re.compile(r"!\s*!")
# A name after a dot, to where the next part begins; a filter may also end it at a space.
_DOTTED = re.compile(r"\.([^.\[\]()=<>!&|,]+)")
_DOTTED_IN_FILTER = re.compile(r"\.([^.\[\]()=<>!&|,\s]+)")
_PLAIN_NAME = re.compile(r"(?![0-9])[0-9A-Za-z_\x80-\U0010ffff]+")
_LONGEST_SHOWN: Final = 60  # characters of a name, or of the library's own words


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
    from jsonpath_rfc9535.exceptions import JSONPathError  # noqa: PLC0415  as above

    try:
        text.encode()
        jsonpath_rfc9535.compile(text)
    except JSONPathError as error:
        raise NoJsonPathError(_where_it_breaks(text, error)) from None
    except OverflowError:
        raise NoJsonPathError("a number in it is out of range") from None
    except UnicodeEncodeError:
        raise NoJsonPathError("a lone surrogate in it") from None
    except Exception:  # noqa: BLE001  whatever the library raises, the text is not usable
        raise NoJsonPathError from None


def _where_it_breaks(text: str, error: "JSONPathError") -> str:
    """Return where a text stops to be a path, and why; empty if it does not even begin as one."""
    if error.token is None or not text.startswith("$"):
        return ""
    index = error.token.index
    for match in _dotted_names(text, index):
        name = text[match.start(1) : match.end()]
        if match.start() <= index <= match.end() and not _PLAIN_NAME.fullmatch(name.strip()):
            place = "after the two dots" if text[match.start() - 1] == "." else "without the dot"
            return f"{_shown(describe(name))} cannot follow a dot, write {_quoted(name)} {place}"
    return f"{_shown(printable(redact(str(error.args[0]))))}, at character {index + 1}"


def _dotted_names(text: str, index: int) -> Iterator[re.Match[str]]:
    """Yield the names that follow dots; what is quoted has none."""
    bare = _QUOTED.sub(lambda match: "'" * len(match[0]), text)
    in_filter = bare.count("[", 0, index) > bare.count("]", 0, index)
    return (_DOTTED_IN_FILTER if in_filter else _DOTTED).finditer(bare)


def _quoted(name: str) -> str:
    if len(name) > _LONGEST_SHOWN:
        return "it in brackets and quotes"
    written = json_path([name.strip("'\"")]).removeprefix("$")
    written = f"['{written[1:]}']" if written.startswith(".") else written
    return printable(redact(written))


def _shown(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[: _LONGEST_SHOWN - 1]}…"


def _deepest(bare: str) -> int:
    depth = deepest = 0
    for character in bare:
        if character in "[(":
            depth += 1
            deepest = max(deepest, depth)
        elif character in "])":
            depth -= 1
    return deepest
