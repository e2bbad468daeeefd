"""What is kept of headers, paths and trace ids."""

import pytest

from contracts.redaction import HIDDEN
from mock_qualtrics.gate.header_redaction import harmless, journalled_path, trace_id

TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"


def test_a_harmless_header_keeps_its_value_and_another_its_name():
    heads = (("host", "h"), ("x-api-token", "PLACEHOLDER-TOKEN"), ("x-trace-id", "t"))
    assert harmless(heads) == (("host", "h"), ("x-api-token", HIDDEN))


@pytest.mark.parametrize("name", ["user-agent", "content-type", "host"])
def test_a_credential_in_a_harmless_header_is_hidden(name):
    ((_, value),) = harmless(((name, f"x; {TOKEN}"),))
    assert value == f"x; {HIDDEN}"


@pytest.mark.parametrize("before", [0, 450, 480, 499, 1_975, 1_999, 2_000])
def test_of_a_token_anywhere_in_a_long_path_nothing_is_kept(before):
    path = journalled_path(f"/{'-' * before}{TOKEN}/{'-' * 3_000}")
    assert "PLACE" not in path
    assert len(path) == 500
    assert "PLACE" not in journalled_path("/" + f"{TOKEN}/" * (before + 1))


def test_a_trace_id_that_is_the_calls_own_token_is_hidden():
    assert trace_id((("x-api-token", TOKEN), ("x-trace-id", f"t-{TOKEN}"))) == HIDDEN
    assert trace_id((("x-api-token", "other"), ("x-trace-id", TOKEN))) == TOKEN
