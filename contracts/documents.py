"""Reads JSON, JSON lines and TOML strictly, for validation.

JSON is strict: no NaN and no duplicate keys. TOML's dates become ISO texts, which is what the
schemas describe. Profiles are read by :mod:`sender.profiles` instead.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import IO, Any, Final, Never

from contracts.errors import BrokenDocumentError, UnreadableFileError
from contracts.plain_files import check_plain_file
from contracts.redaction import redact

STANDARD_INPUT: Final = "-"
MOST_BITS: Final = 14_000
"""The largest whole number, in bits: 4,214 digits. Python refuses to print more than 4,300."""
LINE_SUFFIXES: Final = frozenset({".jsonl", ".ndjson"})

_READ: Final = "JSON, JSON lines (.jsonl, .ndjson) or TOML (.toml)"
_OTHER_KINDS: Final = {
    ".yaml": "YAML",
    ".yml": "YAML",
    ".csv": "CSV",
    ".parquet": "Parquet",
    ".gz": "compressed",
    ".zip": "compressed",
}
_TOML_LINE = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True)
class Document:
    """One value that was read.

    Attributes:
        path: the file as the caller named it.
        line: the document's first line, counted from 1.
        value: the JSON value.
    """

    path: str
    line: int
    value: Any

    @property
    def place(self) -> str:
        """File and line; no line for a file that is a single document."""
        is_whole = Path(self.path).suffix not in {"", *LINE_SUFFIXES}
        return self.path if is_whole else f"{self.path}:{self.line}"


def read_documents(path: str, stdin: IO[bytes]) -> Iterator[Document | BrokenDocumentError]:
    """Yield a file's documents: one, or one per line of ``.jsonl``; a broken one as its error.

    Args:
        path: a file whose suffix gives its format (``.toml``, ``.jsonl``, ``.ndjson``; anything
            else is JSON), or ``-`` for JSON or JSON lines on standard input.
        stdin: standard input.

    Raises:
        UnreadableFileError: the file cannot be opened or read.
    """
    if path == STANDARD_INPUT:
        yield from _from_standard_input(path, stdin.read())
        return
    check_plain_file(path)
    try:
        with Path(path).open("rb") as file:
            yield from _from_file(path, file)
    except (OSError, ValueError) as error:  # ValueError: a name with a null character
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise UnreadableFileError(path, f"cannot be read: {reason}") from None


def parse_json(text: str) -> Any:  # noqa: ANN401  any JSON value
    """Return the value of a strict JSON text.

    Raises:
        ValueError: it is not strict JSON; the message says why.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table of a TOML text, with dates and times as ISO texts.

    Raises:
        ValueError: it is not TOML; the message says why and at which line.
    """
    try:
        table: dict[str, Any] = _iso_texts(_table(text))
    except RecursionError:
        raise ValueError("nested too deeply") from None
    return table


def _table(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError:  # Python's own limit, in Python's own words
        raise ValueError("a whole number has too many digits") from None


def _from_file(path: str, file: IO[bytes]) -> Iterator[Document | BrokenDocumentError]:
    suffix = Path(path).suffix.lower()
    if suffix in LINE_SUFFIXES:
        yield from _lines(path, file)
    elif suffix == ".toml":
        yield _toml(path, file.read())
    else:
        yield _named(suffix, _json(path, 1, file.read()))


def _named(suffix: str, read: Document | BrokenDocumentError) -> Document | BrokenDocumentError:
    """Say of a file that is not JSON what it is by its name, where that is something else."""
    kind = _OTHER_KINDS.get(suffix)
    if kind is None or isinstance(read, Document):
        return read
    return BrokenDocumentError(read.path, f"is {kind} by its name, and no JSON; expected {_READ}")


def _from_standard_input(path: str, content: bytes) -> Iterator[Document | BrokenDocumentError]:
    """Yield the documents of a text that is JSON or JSON lines.

    It is JSON lines only if it is not one JSON document but its first line is.
    """
    whole = _json(path, 1, content)
    lines = [line for line in content.splitlines() if line.strip()]
    if isinstance(whole, Document) or not lines or isinstance(_json(path, 1, lines[0]), Exception):
        yield whole
    else:
        yield from _lines(path, BytesIO(content))


def _lines(path: str, file: IO[bytes]) -> Iterator[Document | BrokenDocumentError]:
    is_empty = True
    for number, line in enumerate(file, start=1):
        content = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if content.strip():
            is_empty = False
            yield _json(path, number, content.rstrip())
    if is_empty:
        yield BrokenDocumentError(path, "is empty; expected one JSON value a line")


def _json(path: str, line: int, content: bytes) -> Document | BrokenDocumentError:
    if not content.strip():
        return BrokenDocumentError(path, "is empty; expected a JSON value")
    try:
        return Document(path, line, parse_json(content.decode("utf-8-sig")))
    except json.JSONDecodeError as error:
        reason = f"is not JSON: {error.msg} (column {error.colno})"
        return BrokenDocumentError(path, reason, line + error.lineno - 1)
    except UnicodeDecodeError as error:
        return _not_utf8(path, line, error)
    except ValueError as error:
        return BrokenDocumentError(path, f"is no strict JSON: {error}", line)


def _toml(path: str, content: bytes) -> Document | BrokenDocumentError:
    if not content.strip():
        return BrokenDocumentError(path, "is empty; expected TOML")
    try:
        return Document(path, 1, parse_toml(content.decode("utf-8-sig")))
    except UnicodeDecodeError as error:
        return _not_utf8(path, 1, error)
    except ValueError as error:
        match = _TOML_LINE.search(str(error))
        line = int(match[1]) if match else None
        return BrokenDocumentError(path, f"is no TOML: {error}", line)


def _not_utf8(path: str, first_line: int, error: UnicodeDecodeError) -> BrokenDocumentError:
    line = first_line + error.object[: error.start].count(b"\n")
    return BrokenDocumentError(path, f"is no UTF-8: byte {error.object[error.start]:#04x}", line)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) == len(pairs):
        return unique
    keys = [key for key, _ in pairs]
    duplicate = next(key for key in keys if keys.count(key) > 1)
    raise ValueError(f"the key {json.dumps(redact(duplicate))} stands twice in one object")


def _refuse_constant(name: str) -> Never:
    raise ValueError(f"{name} is not a JSON value")


def _whole_number(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:  # more digits than int() takes; JSON has no such limit
        return int(Decimal(digits))


def _iso_texts(value: Any) -> Any:  # noqa: ANN401  any TOML value
    match value:
        case dict():
            return {key: _iso_texts(inner) for key, inner in value.items()}
        case list():
            return [_iso_texts(inner) for inner in value]
        case date() | datetime() | time():
            return value.isoformat().replace("+00:00", "Z")
        case int() if value.bit_length() > MOST_BITS:
            raise ValueError(f"a whole number of {value.bit_length():,} bits is too large")
        case _:
            return value


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_unique, parse_constant=_refuse_constant, parse_int=_whole_number
)
