"""What is kept of headers, paths and trace ids."""

import base64

import pytest

from contracts.redaction import HIDDEN, TOKEN_CHARACTERS
from mock_qualtrics.gate.attribution import TRIGGER_PATH
from mock_qualtrics.gate.header_redaction import harmless, journalled_path, trace_id

TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"


def test_a_harmless_header_keeps_its_value_and_another_its_name():
    heads = (("host", "h"), ("x-api-token", "PLACEHOLDER-TOKEN"), ("x-trace-id", "t"))
    assert harmless(heads) == (("host", "h"), ("x-api-token", HIDDEN))


@pytest.mark.parametrize("name", ["user-agent", "content-type", "host"])
def test_a_credential_in_a_harmless_header_is_hidden(name):
    ((_, value),) = harmless(((name, f"x; {TOKEN}"),))
    assert value == f"x; {HIDDEN}"
    assert harmless(((name, TOKEN[:TOKEN_CHARACTERS]),)) == ((name, HIDDEN),)
    assert harmless(((name, TOKEN[1:TOKEN_CHARACTERS]),)) != ((name, HIDDEN),)


@pytest.mark.parametrize("before", [0, 450, 480, 499, 1_975, 1_999, 2_000])
def test_of_a_token_anywhere_in_a_long_path_nothing_is_kept(before):
    path = journalled_path(f"/{'-' * before}{TOKEN}/{'-' * 3_000}")
    assert "PLACE" not in path
    assert len(path) == 500
    assert "PLACE" not in journalled_path("/" + f"{TOKEN}/" * (before + 1))


def test_a_trace_id_with_the_calls_own_token_is_hidden_however_either_is_sent():
    pair = base64.b64encode(f"dave:{TOKEN}".encode()).decode()
    for credential in (("x-api-token", TOKEN), ("authorization", f"Basic {pair}")):
        for sent in (f"t-{TOKEN}", f"t-{pair}", pair):
            assert trace_id((credential, ("x-trace-id", sent))) == HIDDEN
        assert trace_id((credential, ("x-trace-id", "0" * 40))) == "0" * 40


def test_a_trace_id_that_is_the_calls_own_token_is_hidden():
    assert trace_id((("x-api-token", TOKEN), ("x-trace-id", f"t-{TOKEN}"))) == HIDDEN
    assert trace_id((("x-api-token", "other"), ("x-trace-id", TOKEN))) == TOKEN


@pytest.mark.parametrize("length", [100, 500, 501, 3_000])
def test_of_a_long_header_name_and_of_a_harmless_value_the_beginning_is_kept(length):
    heads = (("x-" + "n" * (length - 2), "1"), ("user-agent", "a " * (length // 2)))
    (name, hidden), (_, value) = harmless(heads)
    assert (len(name), hidden) == (min(length, 500), HIDDEN)
    assert len(value) == min(length // 2 * 2, 500)


def test_a_trace_id_as_short_as_a_token_may_be_is_hidden_too():
    shortest = "PLACEHOLDER" * 4
    shortest = shortest[:TOKEN_CHARACTERS]
    assert trace_id((("x-api-token", shortest), ("x-trace-id", shortest))) == HIDDEN
    assert trace_id((("x-api-token", shortest[1:]), ("x-trace-id", shortest[1:]))) != HIDDEN


def test_the_trigger_path_is_kept_as_it_is_and_another_is_searched():
    assert journalled_path(TRIGGER_PATH) == TRIGGER_PATH
    assert journalled_path(f"{TRIGGER_PATH}/{TOKEN}") == f"{TRIGGER_PATH}/{HIDDEN}"
