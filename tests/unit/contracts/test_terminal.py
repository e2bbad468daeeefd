"""A text that somebody else chose is printed whole, and steers no terminal."""

import json
import unicodedata

import pytest

from contracts.terminal import printable

HOSTILE = "\x1b[2J\x9b1m\x07\x00\x7f\r\n\t\u202e\u2066\u200b\u2028\ufeff\U000e0041"


@pytest.mark.parametrize(
    "text", ["", "plain text", "Zoë 你好", "👩\u200d🔧 a\u200cb", "a\u00a0b", "\u00ad~"]
)
def test_what_steers_nothing_stays_as_it_is(text):
    assert printable(text) == text


def test_what_could_steer_a_terminal_is_an_escape():
    assert printable("a\x1b[2Jb\x85c\u202ed\x7f") == r"a\u001b[2Jb\u0085c\u202ed\u007f"
    assert printable("a\n\tb") == r"a\n\tb"
    assert printable("a\n\tb\r", keep="\n") == "a\n" + r"\tb\r"
    assert printable("\U000e0041\udfff") == r"\udb40\udc41\udfff"


def test_a_json_text_stays_one_and_keeps_its_value():
    value = {HOSTILE: [HOSTILE]}
    for text in (json.dumps(value), json.dumps(value, ensure_ascii=False)):
        assert json.loads(printable(text)) == value
        assert printable(text).replace("\xad", "").isprintable()


def test_no_control_character_of_any_kind_is_left_but_joiners():
    ranges = (range(0x2100), range(0xD7F0, 0xE010), range(0xFE00, 0x10100), range(0xE0000, 0xE0100))
    every = "".join(chr(number) for numbers in ranges for number in numbers)
    kinds = {"Cc", "Cs", "Zl", "Zp"}
    assert not [c for c in printable(every) if unicodedata.category(c) in kinds]
    bidi = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert not [c for c in printable(every) if unicodedata.bidirectional(c) in bidi]
