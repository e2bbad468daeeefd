"""What somebody else wrote, as a report shows it."""

from contracts.reports.texts import LONGEST_TEXT, shown
from support.sample_report import HOSTILE, TOKEN


def test_a_text_shows_no_secret_no_whole_address_and_no_character_that_xml_forbids():
    text = shown(HOSTILE)
    for hidden in (TOKEN, "ZGF2ZTpQTEFDRUhPTERFUg", "dave@example.com"):
        assert hidden not in text
    assert "d***@e***.com" in text
    assert "]]>" in text
    assert text.encode("utf-8")
    forbidden = {*map(chr, range(32)), *"\x7f\x9f\ufffe\uffff\u202e\udc80"} - {"\n"}
    assert not forbidden & set(text)
    assert "\\u001b[2J\\u0000\\b" in text or "\\u001b[2J\\u0000\\u0008" in text


def test_a_text_keeps_its_line_breaks():
    assert shown("one\ntwo\r\n") == "one\ntwo\\r\n"


def test_a_long_text_is_cut_and_says_by_how_much():
    assert shown("a" * (LONGEST_TEXT + 1)).endswith("aa… (1 characters more)")
    assert shown("a " * LONGEST_TEXT).startswith("a a")
    flood = shown("flood " * 1_000_000)
    assert len(flood) < LONGEST_TEXT + 40
    assert flood.endswith("… (5,999,000 characters more)")


def test_a_token_at_the_place_where_a_text_is_cut_is_hidden_first():
    assert TOKEN[:10] not in shown("x" * (LONGEST_TEXT - 21) + " " + TOKEN)
