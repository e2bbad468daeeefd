"""Reads HAR files, and refuses what is none with one error that quotes nothing."""

import gzip
import os

import pytest

from contracts.errors import UnreadableFileError
from contracts.verification import har_file
from contracts.verification.har_file import read_har
from support.recorded_calls import entry, har

WHOLE = har(entry(), entry())


def test_the_entries_of_a_file_are_read(tmp_path):
    (tmp_path / "a.har").write_bytes(b"\xef\xbb\xbf" + WHOLE.encode())
    assert len(read_har(str(tmp_path / "a.har"))) == 2


BROKEN = {
    "cut in a string": (WHOLE[: WHOLE.index("Bas") + 9].encode(), "Unterminated string"),
    "cut in an object": (WHOLE[:-3].encode(), "is it cut short?"),
    "empty": (b" \n", "is empty; expected a HAR file"),
    "zeros": (b"\0" * 100, "is not JSON"),
    "binary": (b"\x89PNG\r\n", "is no UTF-8: byte 0x89 at 0"),
    "gzip": (gzip.compress(WHOLE.encode()), "is compressed with gzip"),
    "utf-16": (WHOLE.encode("utf-16"), "is UTF-16; expected UTF-8"),
    "two documents": (f"{WHOLE}{WHOLE}".encode(), "is not JSON: Extra data"),
    "no HAR": (b'{"log": {"pages": []}}', "is no HAR file: expected an object with log.entries"),
    "entries of another kind": (b'{"log": {"entries": [1]}}', "a list of objects"),
    "a list": (b"[]", "is no HAR file"),
    "too deep": (b"[" * 100_000, "is nested too deeply"),
    "a number without end": (b"1" * 5_000, "too many digits"),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_what_is_no_har_file_is_one_error_that_quotes_nothing(tmp_path, kind):
    content, said = BROKEN[kind]
    path = tmp_path / "a.har"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError) as caught:
        read_har(str(path))
    assert said in str(caught.value)
    assert str(caught.value).startswith(str(path))
    assert "PLACEHOLDER" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(har_file, "MOST_BYTES", 1024 * 1024)
    with (tmp_path / "a.har").open("wb") as file:
        os.truncate(file.fileno(), 2 * 1024 * 1024)
    with pytest.raises(UnreadableFileError, match="is larger than 1 MiB: export the calls of"):
        read_har(str(tmp_path / "a.har"))


@pytest.mark.parametrize("name", ["missing.har", ".", "a\0b"])
def test_a_file_that_cannot_be_opened_is_told(tmp_path, name):
    with pytest.raises(UnreadableFileError, match="cannot be read: "):
        read_har(f"{tmp_path}/{name}")
