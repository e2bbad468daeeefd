from contracts.counterexamples.curl_lines import MOST_CALLS, bodies, line, script

PLAIN = (
    'curl -sS -i --max-time 60 -X POST "$QUALTRICS_URL" '
    '-u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN" '
    "-H 'content-type: application/json' -H Expect: --data-binary @call-1.body"
)


def test_a_call_becomes_a_line_with_the_credential_as_variables(call):
    assert line(1, call()) == PLAIN


def test_the_credential_stands_where_the_connector_had_it(call):
    assert '-H "X-API-TOKEN: $QUALTRICS_API_TOKEN"' in line(1, call(token_in={"header"}))
    in_url = line(1, call(token_in={"query"}, headers={}))
    assert '"$QUALTRICS_URL""&token=$QUALTRICS_API_TOKEN"' in in_url
    assert " -u " not in in_url
    in_another = line(1, call(token_in={"basic", "other-header"}))
    assert '-H "X-Copy: $QUALTRICS_API_TOKEN"' in in_another


def test_a_credential_that_the_tenant_does_not_know_is_sent_too(call):
    assert ' -u "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"' in line(1, call(token_in=frozenset()))
    assert " -u " not in line(1, call(token_in=frozenset(), headers={}))


def test_a_call_to_another_address_goes_there(call):
    assert '"${QUALTRICS_URL%%/inbound-event*}"/elsewhere' in line(1, call(path="/elsewhere"))
    assert "'/a b;rm -rf'" in line(1, call(path="/a b;rm -rf"))


def test_other_headers_and_the_trace_id_are_sent_as_they_were(call):
    sent = line(1, call(headers={"x-own": "it's"}, trace_id="t-1", text=None, method="GET"))
    assert "-X GET" in sent
    assert "-H 'X-Trace-Id: t-1'" in sent
    assert """-H 'x-own: it'"'"'s'""" in sent
    assert "--data" not in sent


def test_a_call_without_a_media_type_has_none(call):
    assert "-H Content-Type: " in line(1, call(headers={}))


def test_the_script_ends_as_the_connector_did(call, recording):
    def text(**changes: object) -> str:
        return script(recording(call(), **changes), "n", "It is sent.", "/a b")

    assert text().endswith("\nexit 0\n")
    assert text(exit_code=3).endswith("\nexit 3\n")
    assert text(exit_code=-9).endswith("\nexit 1\n")
    assert text(exit_code=None).endswith("\nexit 1\n")
    assert "replay '/a b' -- sh '/a b'/curl.sh" in text()


def test_a_flood_of_calls_is_cut(call, recording):
    many = recording(*[call()] * (MOST_CALLS + 5))
    said = script(many, "n", "It is sent.", "/a")
    assert said.count("\ncurl ") == MOST_CALLS == len(bodies(many))
    assert "# … and 5 calls more" in said


def test_a_connector_that_made_no_call_has_a_script_that_makes_none(recording):
    said = script(recording(), "n", "It is sent.", "/a")
    assert "# the connector made no call" in said
    assert "\ncurl " not in said
