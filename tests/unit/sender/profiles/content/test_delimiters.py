"""A delimiter is never guessed; another one is told by name."""

import pytest

from sender.errors import BrokenRowError
from sender.profiles.content.delimiters import DELIMITERS, check_header

NAMES = ["_id", "identityMap.Email", "segmentMembership.ups.a"]


@pytest.mark.parametrize("said", DELIMITERS)
@pytest.mark.parametrize("written", DELIMITERS)
def test_a_header_must_have_the_delimiter_that_was_said(said: str, written: str) -> None:
    header = DELIMITERS[written].join(NAMES) + "\r\n"
    if said == written:
        check_header(header, DELIMITERS[said])
        return
    shown = {name: name if name == "tab" else f"'{name}'" for name in DELIMITERS}
    with pytest.raises(BrokenRowError) as caught:
        check_header(header, DELIMITERS[said])
    assert str(caught.value) == (
        f"found {shown[written]} between the columns, expected {shown[said]}: "
        f"say --delimiter {shown[written]}"
    )


@pytest.mark.parametrize("header", ["_id\n", '"a;b;c",_id', "_id,a|b,c", '"x\ry",_id\r\n', ""])
def test_a_header_with_commas_is_taken(header: str) -> None:
    check_header(header, ",")


@pytest.mark.parametrize("header", ["_id,a\r1,2\r", "_id,a\r1,2\n"])
def test_lines_that_end_with_cr_alone_are_told(header: str) -> None:
    with pytest.raises(BrokenRowError, match="found lines that end with CR alone, expected LF"):
        check_header(header, ",")
