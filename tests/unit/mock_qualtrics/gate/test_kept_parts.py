"""What is kept of a query, body and answer: what was wrong can be seen, and no credential."""

import base64

import pytest

from mock_qualtrics.gate import kept_parts
from mock_qualtrics.model import Answer, Call

TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("urlTokenId=0a1b2c3d-1111-4222-8333-444455556666", "urlTokenId=...6666"),
        (
            "urlTokenId=0a1b2c3d-1111&force_isolation=true&n=12",
            "urlTokenId=...1111&force_isolation=true&n=12",
        ),
        ("urltokenid=0a1b2c3d%2D1111", "urltokenid=...1111"),
        ("triggerId=OC_000000000000001&brandId=short", "triggerId=...0001&brandId=***"),
        ("urlTokenId=&x", "urlTokenId=&x"),
        ("urlTokenId=short", "urlTokenId=***"),
        (f"urlTokenId={TOKEN}", "urlTokenId=***"),
        (f"{TOKEN}=1", "***=***"),
        ("pin=PLACEHOLDER&token=123", "pin=***&token=***"),
        ("a=%00\udc80", "a=***"),
        ("note=a-longer-value-1234", "note=***"),
        ("dave@example.com=1&eve%40example.com", "***=1&***"),
        ("", ""),
    ],
)
def test_of_a_query_the_names_and_the_ends_of_ids_are_kept(query, kept):
    assert kept_parts.kept_query(query) == kept


def test_of_a_long_query_the_beginning_is_kept():
    kept = kept_parts.kept_query("x=" + "y" * 5_000 + "&" + "n=1&" * 5_000)
    assert len(kept) <= kept_parts.LONGEST_QUERY_CHARACTERS


@pytest.mark.parametrize("before", range(1_950, 2_000, 7))
def test_of_a_query_that_is_cut_in_a_token_nothing_of_the_token_is_kept(before):
    assert "PLACE" not in kept_parts.kept_query(f"a={'b' * before}&{TOKEN}=1&x=2")
    assert "PLACE" not in kept_parts.kept_query(f"a={'b' * before}&urlTokenId={TOKEN}")


def test_an_answer_is_read_as_it_was_kept():
    answer = Answer(429, '{"a": "ä\n"}'.encode(), (("retry-after", "7"), ("x", "é")))
    assert kept_parts.read_answer(kept_parts.kept_answer(answer)) == answer


@pytest.mark.parametrize("length", range(8, 13))
def test_a_cut_through_a_character_leaves_nothing_of_it(length):
    kept, note = kept_parts.kept_body(Call("POST", "/", "", (), "ä€😀".encode() * 9), length)
    assert kept.decode() in "ä€😀" * 3
    assert len(kept) > length - 4
    assert note is not None


def test_a_credential_at_the_cut_is_hidden_as_a_whole():
    body = b"y" * 90 + b" " + TOKEN.encode() + b" end"
    kept, _ = kept_parts.kept_body(Call("POST", "/", "", (), body), 100)
    assert kept == b"y" * 90 + b" *** end"


@pytest.mark.parametrize("shift", range(0, 45, 4))
def test_of_a_body_full_of_tokens_no_half_token_is_kept(shift):
    body = b"-" * shift + (TOKEN.encode() + b" ") * 500
    kept, _ = kept_parts.kept_body(Call("POST", "/", "", (), body), 4_000)
    assert b"PLACE" not in kept
    assert len(kept) > 400


ENCODED = base64.b64encode(b"dave#brand:OWN-PASSWORD").decode()


@pytest.mark.parametrize("sent", ["OWN-PASSWORD", ENCODED])
@pytest.mark.parametrize("scheme", ["Basic", "basic "])
def test_the_calls_own_credential_is_hidden_in_its_body_in_each_form(sent, scheme):
    headers = (("x", "y"), ("authorization", f"{scheme} {ENCODED}"))
    kept, note = kept_parts.kept_body(Call("POST", "/", "", headers, f"a {sent} b".encode()), 100)
    assert (kept, note) == (b"a *** b", None)


@pytest.mark.parametrize("value", [" OWN-TOKEN ", "Bearer OWN-TOKEN"])
def test_a_token_in_its_header_is_hidden_in_the_body(value):
    call = Call("POST", "/", "", (("x-api-token", value),), b"a OWN-TOKEN b OWN-TOKEN")
    assert kept_parts.kept_body(call, 100) == (b"a *** b ***", None)


def test_a_short_credential_hides_no_ordinary_words():
    call = Call("POST", "/", "", (("x-api-token", "the"),), b"in the end")
    assert kept_parts.kept_body(call, 100) == (b"in the end", None)


@pytest.mark.parametrize("body", ["a b".encode("utf-16"), b"a\0b", b"\xff"])
def test_of_what_is_no_text_in_utf_8_nothing_is_kept(body):
    assert kept_parts.kept_body(Call("POST", "/", "", (), body), 100) == (b"", kept_parts.NO_TEXT)


def test_as_much_of_a_body_is_kept_as_may_be_and_the_rest_is_said():
    call = Call("POST", "/", "", (), b"0123456789")
    assert kept_parts.kept_body(call, 10) == (b"0123456789", None)
    assert kept_parts.kept_body(call, 9) == (
        b"012345678",
        "of the body only the first 9 bytes are kept",
    )


@pytest.mark.parametrize(
    ("identifier", "kept"),
    [
        ("OC_123456789", "...6789"),
        ("OC_12345678", "***"),
        ("", "***"),
        (TOKEN, "***"),
    ],
)
def test_of_an_id_only_the_last_characters_are_kept_and_of_a_short_one_or_a_token_none(
    identifier, kept
):
    assert kept_parts.tail(identifier) == kept


@pytest.mark.parametrize(
    ("identifier", "kept"),
    [("OC_123456789", "...6789"), ("OC_12345678", "***"), (TOKEN, "...EHOL")],
)
def test_the_ending_of_what_is_known_to_be_no_secret_is_not_searched_for_one(identifier, kept):
    assert kept_parts.ending(identifier) == kept


def test_a_short_body_that_ends_in_half_a_character_is_no_text():
    body = "ä€".encode()[:-1]
    for most in (1, 3, 100):
        kept = kept_parts.kept_body(Call("POST", "/", "", (), body), most)
        assert kept == (b"", kept_parts.NO_TEXT)


def test_a_body_with_a_broken_character_far_before_the_cut_is_no_text():
    body = b"ab\xffcd" + b"x" * 10_000
    assert kept_parts.kept_body(Call("POST", "/", "", (), body), 100) == (b"", kept_parts.NO_TEXT)


@pytest.mark.parametrize("shift", range(4))
def test_a_long_body_is_kept_up_to_the_cut_wherever_it_falls_in_a_character(shift):
    body = b"-" * shift + "😀".encode() * 5_000
    kept, note = kept_parts.kept_body(Call("POST", "/", "", (), body), 4_000)
    assert 4_000 - 4 < len(kept) <= 4_000
    assert note is not None
    assert body.startswith(kept)


@pytest.mark.parametrize(
    ("pairs", "shift"),
    [(100, 0), (100, 96), (100, 97), (100, 98), (200, 0), (200, 296), (200, 297), (200, 298)],
)
def test_of_a_body_full_of_a_long_credential_not_even_half_a_one_is_kept(pairs, shift):
    secret = "k-" * pairs
    call = Call("POST", "/", "", (("x-api-token", secret),), b"." * shift + secret.encode() * 60)
    kept, note = kept_parts.kept_body(call, 1_000)
    assert set(kept) <= set(b".*")
    assert note is not None


def test_a_body_that_is_read_to_its_end_is_whole():
    secret = "k-" * 14
    body = secret.encode() * 182  # as much as is read of a body of which 1,000 bytes are kept
    call = Call("POST", "/", "", (("x-api-token", secret),), body)
    assert kept_parts.kept_body(call, 1_000) == (b"***" * 182, None)


@pytest.mark.parametrize("body", [b"x" * 5_095 + b"\xe2", b"x" * 5_092 + b"\xff" + b"x" * 99])
def test_a_broken_character_that_the_cut_did_not_break_is_no_text(body):
    kept = kept_parts.kept_body(Call("POST", "/", "", (), body), 1_000)
    assert kept == (b"", kept_parts.NO_TEXT)


def test_a_credential_of_six_characters_is_hidden_and_a_shorter_one_is_an_ordinary_word():
    for secret, kept in (("abcdef", b"x *** y"), ("abcde", b"x abcde y")):
        call = Call("POST", "/", "", (("x-api-token", secret),), f"x {secret} y".encode())
        assert kept_parts.kept_body(call, 100) == (kept, None)


def test_an_answer_that_is_no_text_is_kept_with_marks_in_the_places_of_what_is_none():
    kept = kept_parts.kept_answer(Answer(500, b"a\xff\0b", ()))
    assert kept_parts.read_answer(kept).body == "a\ufffd\ufffdb".encode()


@pytest.mark.parametrize("known", ["x-api-token", "authorization", None])
def test_base64_of_a_credential_is_hidden_in_bodies_queries_and_names(known):
    pair = base64.b64encode(f"dave:{TOKEN}".encode()).decode()
    value = TOKEN if known == "x-api-token" else f"Basic {pair}"
    headers = () if known is None else ((known, value),)
    body, _ = kept_parts.kept_body(Call("POST", "/", "", headers, f"<a>{pair}</a>".encode()), 999)
    assert body == b"<a>***</a>"
    assert kept_parts.kept_query(f"a={pair}&{pair}&urlTokenId={pair}") == "a=***&***&urlTokenId=***"


def test_a_credential_of_an_unknown_kind_is_hidden_in_the_body():
    call = Call("POST", "/", "", (("authorization", "Bearer own-secret"),), b"a own-secret b")
    assert kept_parts.kept_body(call, 100) == (b"a *** b", None)


def test_what_other_headers_say_is_no_secret_and_what_authorization_says_is():
    headers = (("authorization", f"Basic {ENCODED}"),)
    call = Call("POST", "/", "", headers, b"a OWN-PASSWORD b")
    assert kept_parts.kept_body(call, 100) == (b"a *** b", None)
    agent = Call("POST", "/", "", (("user-agent", "connector"),), b"a connector b")
    assert kept_parts.kept_body(agent, 100) == (b"a connector b", None)
