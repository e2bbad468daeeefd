"""What a source is by its first line, whatever its name says."""

import codecs
import gzip

import pytest

from sender.errors import BrokenRowError
from sender.profiles.content.kinds import foreign_kind, refuse_foreign

HEADER = "_id,identityMap.Email\r\n"
UTF_16 = "found text in UTF-16"


@pytest.mark.parametrize(
    ("first_line", "found", "what_to_do"),
    [
        (HEADER.encode("utf-16"), UTF_16, "iconv -f UTF-16 -t UTF-8"),
        (codecs.BOM_UTF16_BE + HEADER.encode("utf-16-be"), UTF_16, "iconv -f UTF-16 -t UTF-8"),
        (HEADER.encode("utf-16-le"), UTF_16, "iconv -f UTF-16LE -t UTF-8"),
        (HEADER.encode("utf-16-be"), UTF_16, "iconv -f UTF-16BE -t UTF-8"),
        ('{"_id"'.encode("utf-16-le"), UTF_16, "iconv -f UTF-16LE -t UTF-8"),
        (HEADER.encode("utf-32"), "found text in UTF-32", "iconv -f UTF-32 -t UTF-8"),
        (b"PAR1\x15\x04", "found Parquet", "--format parquet"),
        (gzip.compress(b"x", mtime=0), "found data compressed with gzip", "end with .gz"),
        (b"PK\x03\x04x", "found a ZIP archive, such as an Excel workbook", "save it as CSV"),
        (b"\x28\xb5\x2f\xfdx", "found data compressed with zstd", "unpack it"),
        (b"\x01\x00\xff\x00", "found binary data", "expected text in UTF-8"),
    ],
)
def test_what_is_no_text_in_utf_8_is_told_with_what_to_do(
    first_line: bytes, found: str, what_to_do: str
) -> None:
    sentence = foreign_kind(first_line)
    assert sentence is not None
    assert sentence.startswith(found)
    assert what_to_do in sentence
    with pytest.raises(BrokenRowError, match=found):
        refuse_foreign(first_line)


@pytest.mark.parametrize(
    "first_line", [b"", HEADER.encode(), b'{"a": "\x00"}', "é,ü".encode("latin-1"), b"a\x00"[:1]]
)
def test_what_may_be_text_is_taken(first_line: bytes) -> None:
    assert foreign_kind(first_line) is None
    refuse_foreign(first_line)


@pytest.mark.parametrize("first_line", [b"{\n", b' [{"_id": 1}]'])
def test_a_table_that_is_json_is_refused(first_line: bytes) -> None:
    refuse_foreign(first_line)
    with pytest.raises(
        BrokenRowError, match=r"found JSON: name it \.jsonl or \.json, or say --format"
    ):
        refuse_foreign(first_line, table=True)
