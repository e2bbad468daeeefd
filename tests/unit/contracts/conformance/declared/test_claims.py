"""What a connector declares is read strictly."""

import os
from pathlib import Path

import pytest

from contracts.conformance.declared.claims import (
    Declaration,
    check_claims,
    declared,
    read_declaration,
)
from contracts.errors import UnknownClaimError, UnreadableFileError


def read(folder: Path, text: str) -> Declaration:
    (folder / "conformance.toml").write_text(text, "utf-8")
    return read_declaration(folder)


def test_without_a_file_nothing_is_declared(tmp_path):
    assert read_declaration(tmp_path) == Declaration()


def test_claims_and_command_are_read(tmp_path):
    text = 'without = ["retries", "mapping"]\ncommand = ["sh", "-c", "exit"]\n'
    expected = Declaration(frozenset({"retries", "mapping"}), ("sh", "-c", "exit"))
    assert read(tmp_path, text) == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("without", "conformance.toml:?1?: is no TOML"),
        ("", "is empty; expected TOML"),
        ('claims = ["retries"]', "'claims': expected only without and command"),
        ('command = "sh connector.sh"', "command: expected a list of texts, none of them empty"),
        ("without = [1]", "without: expected a list of texts"),
        ('command = [""]', "command: expected a list of texts"),
    ],
)
def test_a_broken_file_is_refused_with_what_was_expected(tmp_path, text: str, said: str):
    with pytest.raises(UnreadableFileError, match=said):
        read(tmp_path, text)


def test_a_pipe_that_nobody_writes_to_is_no_file(tmp_path):
    os.mkfifo(tmp_path / "conformance.toml")
    with pytest.raises(UnreadableFileError, match=r"conformance\.toml: is a named pipe"):
        read_declaration(tmp_path)


def test_the_command_line_adds_claims_and_replaces_the_command():
    found = Declaration(frozenset({"retries"}), ("sh", "old.sh"))
    told = declared(found, ["mapping"], ["sh", "new.sh"])
    assert told == Declaration(frozenset({"retries", "mapping"}), ("sh", "new.sh"))
    assert declared(found, [], []) == found


def test_an_unknown_claim_is_refused_with_those_that_there_are():
    check_claims({"retries"}, frozenset({"retries"}))
    with pytest.raises(UnknownClaimError) as told:
        check_claims({"retrys"}, frozenset({"retries", "mapping"}))
    assert str(told.value) == (
        "no scenario needs a claim 'retrys' (did you mean retries?): expected one of mapping, "
        "retries"
    )
