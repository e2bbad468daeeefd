"""What is wrong with a token or a username that was copied carelessly."""

import pytest

from contracts.credentials import (
    token_fits_a_header,
    token_is_wrapped,
    token_problem,
    username_problem,
    without_line_end,
)

CARELESS = [
    ("NAME\n", "a line break"),
    ("NA\r\nME", "a line break"),
    ("NAME\u2028", "a line break"),
    (" NAME", "a blank"),
    ("NA ME", "a blank"),
    ("NAME\t", "a blank"),
    ("NAME\u00a0", "a blank"),
    ("\ufeffNAME", "a byte order mark"),
    ("\u00ef\u00bb\u00bfNAME", "a byte order mark"),
    ("NA\u200bME", "an invisible character"),
    ("NA\x00ME", "an invisible character"),
]


@pytest.mark.parametrize(("text", "problem"), CARELESS)
def test_what_is_around_or_in_a_credential_is_named(text, problem):
    assert token_problem(text) == username_problem(text) == problem


@pytest.mark.parametrize("quoted", ['"N"', "'N'", "`N`", "\u201cN\u201d", "\u00abN\u00bb"])
def test_quotation_marks_around_it_are_named(quoted):
    assert token_problem(quoted) == username_problem(quoted) == "a quotation mark around it"


@pytest.mark.parametrize("name", ["dave@example.com#brand", "o'neil@example.com", "Ren\u00e9", ""])
def test_a_username_may_have_letters_of_any_language_and_an_apostrophe(name):
    assert username_problem(name) == ""


def test_a_token_is_ascii_without_quotation_marks():
    assert token_problem("PLACEHOLDER-TOKEN") == ""
    assert token_problem("PLACEHOLDER'S") == "a quotation mark"
    assert token_problem("PLACEHOLD\u00c9R") == "a character beyond ASCII"


@pytest.mark.parametrize("text", ["T", "T\n", "T\r\n"])
def test_the_line_end_of_a_file_is_no_part_of_a_credential(text):
    assert without_line_end(text) == "T"


@pytest.mark.parametrize(
    ("token", "is_wrapped"), [(" t", True), ("\ufefft", True), ("a\tb", False)]
)
def test_a_control_token_may_have_blanks_in_it_and_none_around(token, is_wrapped):
    assert token_is_wrapped(token) == is_wrapped


@pytest.mark.parametrize(
    ("token", "fits"),
    [
        ("a b\t~", True),
        ("t\u00f6k\u00e9n", True),
        ("\u20ac", False),
        ("a\nb", False),
        ("\x7f", False),
    ],
)
def test_a_control_token_fits_a_header(token, fits):
    assert token_fits_a_header(token) == fits
