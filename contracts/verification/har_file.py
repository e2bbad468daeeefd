"""Reads a HAR 1.2 file, of a browser, a proxy or any other writer: bounded, and with one error.

No message quotes what the file holds: it may be a password.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.plain_files import check_plain_file

MOST_BYTES: Final = 256 * 1024 * 1024
_GZIP: Final = b"\x1f\x8b"
_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")


def read_har(path: str) -> list[Mapping[str, Any]]:
    """Return the entries of a HAR file, in its order.

    Args:
        path: the file, of at most ``MOST_BYTES``.

    Raises:
        UnreadableFileError: the file cannot be opened or read.
        BrokenDocumentError: it is too large, cut short, or no HAR file; says where.
    """
    document = _json(path, _content(path))
    match document:
        case {"log": {"entries": list(entries)}}:
            if all(isinstance(entry, dict) for entry in entries):
                return entries
    raise BrokenDocumentError(
        path, "is no HAR file: expected an object with log.entries, a list of objects"
    )


def _content(path: str) -> bytes:
    check_plain_file(path)
    try:
        with Path(path).open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(path, f"cannot be read: {reason}") from None
    if len(content) > MOST_BYTES:
        raise BrokenDocumentError(
            path,
            f"is larger than {MOST_BYTES // 1024**2} MiB: export the calls of the trigger's host "
            "only, without the contents of answers",
        )
    return content


def _json(path: str, content: bytes) -> Any:  # noqa: ANN401  any JSON value
    if not content.strip():
        raise BrokenDocumentError(path, "is empty; expected a HAR file")
    if content.startswith(_GZIP):
        raise BrokenDocumentError(path, "is compressed with gzip; expected JSON: gunzip it first")
    if content.startswith(_UTF_16):
        raise BrokenDocumentError(path, "is UTF-16; expected UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenDocumentError(
            path, f"is no UTF-8: byte {error.object[error.start]:#04x} at {error.start:,}"
        ) from None
    return _value(path, text)


def _value(path: str, text: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        is_cut = error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string")
        hint = "; is it cut short?" if is_cut else ""
        raise BrokenDocumentError(
            path, f"is not JSON: {error.msg} (column {error.colno:,}){hint}", error.lineno
        ) from None
    except RecursionError:
        raise BrokenDocumentError(path, "is nested too deeply") from None
    except ValueError:  # Python's own limit, in Python's own words
        raise BrokenDocumentError(path, "has a whole number with too many digits") from None
