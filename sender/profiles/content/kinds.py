"""Tells by its first line whether a source is something else than its name says.

Each sentence says what was found and what to do, without any of the content.
"""

import re

from sender.errors import BrokenRowError

PARQUET_MAGIC, GZIP_MAGIC = b"PAR1", b"\x1f\x8b"
_UTF_16 = "text in UTF-16"
_TO_UTF_8 = "expected UTF-8: iconv -f {} -t UTF-8 OLD > NEW"
_BEGINNINGS = (
    (PARQUET_MAGIC, "Parquet: name it .parquet, or say --format parquet"),
    (GZIP_MAGIC, "data compressed with gzip: let its name end with .gz"),
    (b"PK\x03\x04", "a ZIP archive, such as an Excel workbook: unpack it, or save it as CSV"),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook: save it as CSV in UTF-8"),
    (b"BZh", "data compressed with bzip2: unpack it, or compress it with gzip"),
    (b"\xfd7zXZ\x00", "data compressed with xz: unpack it, or compress it with gzip"),
    (b"\x28\xb5\x2f\xfd", "data compressed with zstd: unpack it, or compress it with gzip"),
    (b"\x00\x00\xfe\xff", f"text in UTF-32; {_TO_UTF_8.format('UTF-32')}"),
    (b"\xff\xfe\x00\x00", f"text in UTF-32; {_TO_UTF_8.format('UTF-32')}"),
    (b"\xff\xfe", f"{_UTF_16}; {_TO_UTF_8.format('UTF-16')}"),
    (b"\xfe\xff", f"{_UTF_16}; {_TO_UTF_8.format('UTF-16')}"),
)
_WITHOUT_MARK = (
    (re.compile(rb"(?:[\t\r\n -~]\x00){2,}"), "UTF-16LE"),
    (re.compile(rb"(?:\x00[\t\r\n -~]){2,}"), "UTF-16BE"),
)
_JSON = "JSON: name it .jsonl or .json, or say --format jsonl"


def foreign_kind(first_line: bytes) -> str | None:
    """Return what a source is, and what to do, if it is no text in UTF-8; None if it may be."""
    for beginning, found in _BEGINNINGS:
        if first_line.startswith(beginning):
            return f"found {found}"
    for pattern, encoding in _WITHOUT_MARK:
        if pattern.match(first_line):
            return f"found {_UTF_16} without a byte order mark; {_TO_UTF_8.format(encoding)}"
    # JSON with a NUL byte in it is a broken row like any other.
    is_binary = b"\x00" in first_line and not _begins_json(first_line)
    return "found binary data, expected text in UTF-8" if is_binary else None


def _begins_json(first_line: bytes) -> bool:
    return first_line.lstrip()[:1] in {b"{", b"["}


def refuse_foreign(first_line: bytes, *, table: bool = False) -> None:
    """Refuse a source that is something else than text in UTF-8.

    Args:
        first_line: its first line that is not blank.
        table: whether it must be a table, so that JSON is something else, too.

    Raises:
        BrokenRowError: the text says what was found, and what to do.
    """
    found = foreign_kind(first_line)
    if found is None and table and _begins_json(first_line):
        found = f"found {_JSON}"
    if found is not None:
        raise BrokenRowError(found)
