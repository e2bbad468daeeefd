"""The curl lines of a call send what it had; of what the journal has not, the same kind."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.recording import Call, Recording
from contracts.counterexamples.curl_lines import MOST_CALLS, CurlLines
from contracts.redaction import hide_secrets

HAPPY = catalogue()["happy-path"]
PLAIN = (
    'curl -sS -i --max-time 60 -X POST "$QUALTRICS_URL" '
    '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN" '
    "-H 'content-type: application/json' -H Expect: --data-binary @call-1.body"
)
TOKEN = '-H "X-API-TOKEN: $QUALTRICS_API_TOKEN"'
BASIC = '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"'
BEARER = '-H "Authorization: Bearer $QUALTRICS_API_TOKEN"'
BY_TOKEN, BY_BASIC = {"x-api-token": "***"}, {"authorization": "***"}


@pytest.fixture
def line(recording):
    def of(call: Call, name: str = "happy-path") -> str:
        return CurlLines(recording(call), catalogue()[name]).line(1)

    return of


def script(recording: Recording) -> str:
    return CurlLines(recording, HAPPY).script("/a b")


def test_a_call_becomes_a_line_with_the_credential_as_variables(call, line):
    assert line(call()) == PLAIN


def test_the_token_stands_where_the_connector_had_it(call, line):
    in_url = line(call(token_in={"query"}, headers={}))
    assert '"$QUALTRICS_URL""&token=$QUALTRICS_API_TOKEN"' in in_url
    assert " -u " not in in_url
    in_another = line(call(token_in={"basic", "other-header"}))
    assert '-H "X-Copy: $QUALTRICS_API_TOKEN"' in in_another


@pytest.mark.parametrize(
    ("headers", "token_in", "reason", "sent"),
    [
        (BY_TOKEN, {"header"}, None, TOKEN),
        (BY_BASIC, {"basic"}, None, BASIC),
        ({**BY_TOKEN, **BY_BASIC}, {"header", "basic"}, None, f"{TOKEN} {BASIC}"),
        (BY_BASIC, {"header"}, "unsupported-credential", BEARER),
        (BY_BASIC, set(), "unsupported-credential", BEARER),
        (BY_BASIC, {"header"}, "fault:status", BEARER),
        (BY_BASIC, {"header"}, "malformed-credential", BEARER.replace("Bearer", "Basic")),
        (BY_BASIC, {"basic"}, "wrong-credential", '-u "wrong:$QUALTRICS_API_TOKEN"'),
        (BY_BASIC, set(), "wrong-credential", '-u "$QUALTRICS_USERNAME:wrong"'),
        (BY_TOKEN, set(), "wrong-credential", TOKEN.replace('API_TOKEN"', 'USERNAME"')),
        (BY_TOKEN, set(), "no-credential", "-H 'X-API-TOKEN;'"),
        (BY_BASIC, set(), "no-credential", "-H 'Authorization;'"),
    ],
)
def test_each_credential_is_sent_in_its_form(call, line, headers, token_in, reason, sent):
    said = line(call(headers=headers, token_in=token_in, reason=reason))
    assert f'"$QUALTRICS_URL" {sent} -H Content-Type: ' in said
    assert hide_secrets(said) == said  # so that a report shows what can be copied


def test_a_call_without_a_credential_has_none(call, line):
    said = line(call(headers={}, token_in=set(), reason="no-credential"))
    assert "-u" not in said
    assert "TOKEN" not in said


@pytest.mark.parametrize(("headers", "sent"), [(BY_TOKEN, TOKEN), (BY_BASIC, BASIC)])
@pytest.mark.parametrize("name", ["wrong-token", "new-token-in-mid-run"])
def test_a_token_that_was_given_and_is_refused_is_sent_as_given(call, line, headers, sent, name):
    refused = call(headers=headers, token_in=set(), reason="wrong-credential")
    assert sent in line(refused, name)


def test_a_url_without_its_parameters_is_called_without_them(call, line):
    refused = call(reason="unknown-trigger")
    assert ' "${QUALTRICS_URL%%\\?*}?" ' in line(refused)
    assert ' "$QUALTRICS_URL" ' in line(refused, "unknown-workflow")


def test_a_call_to_another_address_goes_there(call, line):
    assert '"${QUALTRICS_URL%%/inbound-event*}"/elsewhere' in line(call(path="/elsewhere"))
    assert "'/a b;rm -rf'" in line(call(path="/a b;rm -rf"))


def test_other_headers_and_the_trace_id_are_sent_as_they_were(call, line):
    sent = line(call(headers={"x-own": "it's"}, trace_id="t-1", text=None, method="GET"))
    assert "-X GET" in sent
    assert "-H 'X-Trace-Id: t-1'" in sent
    assert """-H 'x-own: it'"'"'s'""" in sent
    assert "--data" not in sent


def test_a_call_without_a_media_type_has_none(call, line):
    assert "-H Content-Type: " in line(call(headers={}))


def test_each_answer_ends_with_a_newline(call, recording):
    lines = script(recording(call(), call())).splitlines()
    after = [lines[n + 1] for n, line in enumerate(lines) if line.startswith("curl ")]
    assert after == ["echo", "echo"]


def test_the_script_ends_as_the_connector_did(call, recording):
    def text(**changes: object) -> str:
        return script(recording(call(), **changes))

    assert text().endswith("\nexit 0\n")
    assert text(exit_code=3).endswith("\nexit 3\n")
    assert text(exit_code=-9).endswith("\nexit 1\n")
    assert text(exit_code=None).endswith("\nexit 1\n")
    assert "replay '/a b' -- sh '/a b'/curl.sh" in text()


def test_a_flood_of_calls_is_cut(call, recording):
    many = recording(*[call()] * (MOST_CALLS + 5))
    said = script(many)
    assert said.count("\ncurl ") == MOST_CALLS == len(CurlLines(many, HAPPY).bodies())
    assert "# … and 5 calls more" in said


def test_a_connector_that_made_no_call_has_a_script_that_makes_none(recording):
    said = script(recording())
    assert "# the connector made no call" in said
    assert "\ncurl " not in said
