"""The list of known failures is read strictly, and fails nothing until one passes."""

import os
from pathlib import Path

import pytest

from contracts.conformance.declared.known_failing import PASSES, as_known, read_known_failing
from contracts.errors import UnreadableFileError
from contracts.verdicts import Outcome, Verdict

KNOWN = ("happy-path", "rate-limited")


def similar(name: str) -> list[str]:
    return [known for known in KNOWN if known[:4] == name[:4]]


def read(folder: Path, content: bytes) -> frozenset[str]:
    file = folder / "known.txt"
    file.write_bytes(content)
    return read_known_failing(str(file), KNOWN, similar)


def test_a_name_a_line_with_comments_blank_lines_and_a_byte_order_mark(tmp_path):
    content = b"\xef\xbb\xbf# all\r\n\r\nhappy-path  # why\r\n  rate-limited\n"
    assert read(tmp_path, content) == {"happy-path", "rate-limited"}


def test_an_empty_list_lists_nothing(tmp_path):
    assert read(tmp_path, b"") == frozenset()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\nhappy\n", r"known.txt:2: there is no scenario 'happy'; did you mean happy-path\?"),
        (b"else\n", "known.txt:1: there is no scenario 'else'$"),
        (b"happy-path\n#\nhappy-path\n", "known.txt:3: happy-path stands in line 1 already"),
        (b"\xff\xfe", "known.txt: is no UTF-8; expected the name of a scenario a line"),
    ],
)
def test_a_broken_list_is_refused_with_its_line(tmp_path, content: bytes, said: str):
    with pytest.raises(UnreadableFileError, match=said):
        read(tmp_path, content)


def test_a_pipe_that_nobody_writes_to_is_no_list(tmp_path):
    os.mkfifo(tmp_path / "known.txt")
    with pytest.raises(UnreadableFileError, match=r"known\.txt: is a named pipe, expected a file"):
        read_known_failing(str(tmp_path / "known.txt"), KNOWN, similar)


@pytest.mark.parametrize("path", ["missing.txt", "", "null\0character"])
def test_a_list_that_cannot_be_read_is_refused(path: str):
    with pytest.raises(UnreadableFileError, match=r"cannot be read|is no name of a file"):
        read_known_failing(path, KNOWN, similar)


@pytest.mark.parametrize(
    ("outcome", "expected", "is_known"),
    [
        (Outcome.PASSED, Outcome.FAILED, False),
        (Outcome.FAILED, Outcome.FAILED, True),
        (Outcome.SKIPPED, Outcome.SKIPPED, False),
        (Outcome.ERROR, Outcome.ERROR, False),
    ],
)
def test_a_listed_scenario(outcome: Outcome, expected: Outcome, is_known: bool):
    verdict = as_known(Verdict("happy-path", outcome), frozenset({"happy-path"}))
    assert (verdict.outcome, verdict.is_known) == (expected, is_known)


def test_an_unexpected_pass_says_what_to_do():
    verdict = as_known(Verdict("happy-path", Outcome.PASSED), frozenset({"happy-path"}))
    assert verdict.reasons == (PASSES,)
    assert verdict.counts_as_failed


def test_a_scenario_that_is_not_listed_stays_as_it_is():
    verdict = Verdict("rate-limited", Outcome.FAILED, ("lost",))
    assert as_known(verdict, frozenset({"happy-path"})) == verdict
