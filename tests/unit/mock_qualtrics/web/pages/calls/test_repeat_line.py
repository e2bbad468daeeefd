"""The curl line that repeats a call."""

import shlex
from types import SimpleNamespace

import pytest

from mock_qualtrics.web.pages.calls.repeat_line import repeat_line, whole_query

BASE = "http://127.0.0.1:8084"
CALL = {
    "method": "POST",
    "path": "/inbound-event/v1/events/json/triggers",
    "headers": {"x-api-token": "***", "content-type": "application/json", "x-other": "***"},
    "traceId": None,
    "reason": "not-json",
    "body": "{'",
    "bodyBytes": 2,
    "notes": [],
}
WORKFLOW = SimpleNamespace(
    url_token_id="whole-token", trigger_id="OC", context_id="WF", user_id="UR", brand_id="brand"
)


def line(workflow=WORKFLOW, shown="{'", ca_file=None, **changes: object) -> list[str]:
    call = {**CALL, **changes}
    text = repeat_line(call, "urlTokenId=...oken", workflow, BASE, shown, ca_file)
    program, *words = shlex.split(text)
    assert program == "curl"
    return words


def test_it_has_the_whole_url_the_body_and_the_token_as_a_variable():
    words = line()
    assert words[:4] == [
        "--noproxy",
        "127.0.0.1",
        "-i",
        f"{BASE}{CALL['path']}?urlTokenId=whole-token",
    ]
    assert "X-API-TOKEN: $QUALTRICS_API_TOKEN" in words
    assert words[-2:] == ["--data-raw", "{'"]
    assert not any("x-other" in word for word in words)


def test_of_a_url_that_names_nothing_it_has_what_is_kept():
    assert line(None)[3].endswith("?urlTokenId=...oken")


@pytest.mark.parametrize(
    ("shown", "changes"),
    [
        ("d***@e***.com", {}),
        ("{'", {"notes": ["cut"]}),
        (None, {"body": None}),
        ("x" * 3_000, {"body": "x" * 3_000}),
    ],
)
def test_a_body_that_is_masked_cut_or_long_stands_in_a_file(shown, changes):
    assert line(shown=shown, **changes)[-2:] == ["--data-binary", "@event.json"]


def test_a_header_that_arrived_empty_is_sent_empty():
    assert "x-api-token;" in line(reason="no-credential")


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("wrong-credential", ["-u", "$QUALTRICS_USERNAME:$QUALTRICS_API_TOKEN"]),
        ("malformed-credential", ["-H", "Authorization: Basic ***"]),
        ("unsupported-credential", ["-H", "Authorization: ***"]),
    ],
)
def test_an_authorization_is_repeated_as_it_was_taken(reason, words):
    made = line(reason=reason, headers={"authorization": "***"})
    assert made[4:6] == words


def test_a_missing_content_type_stays_missing_and_the_trace_id_is_sent():
    made = line(headers={}, traceId="t 1")
    assert "content-type:" in made
    assert "x-trace-id: t 1" in made


def test_a_call_without_a_body_is_made_with_its_method():
    made = line(method="GET", bodyBytes=0)
    assert made[3:5] == ["-X", "GET"]
    assert made[-1] == "content-type: application/json"


def test_other_parameters_of_the_query_stay():
    assert whole_query("urlTokenId=...oken&x=true", WORKFLOW) == "urlTokenId=whole-token&x=true"


def test_with_tls_it_names_the_authority():
    assert line(ca_file="/a folder/ca.pem")[:2] == ["--cacert", "/a folder/ca.pem"]
