"""The traffic of a mock, from the rows of its journal."""

from typing import Any

import pytest

from contracts.errors import TrafficError
from contracts.verification.mock_traffic import traffic_of
from contracts.verification.traffic import Call, Credential, Traffic

ROW = {
    "requestId": "r-1",
    "receivedAt": "2026-01-01T00:00:01.500000Z",
    "method": "POST",
    "path": "/inbound-event/v1/events/json/triggers",
    "status": 202,
    "errorCode": None,
    "reason": None,
    "runId": "RUN_1",
    "traceId": "t-1",
    "headers": {"Content-Type": "application/json", "authorization": "***"},
    "bodyBytes": 8,
    "tokenIn": ["basic"],
    "faults": [],
}
DETAILS = {"body": '{"a": 1}', "notes": [], "answer": None}


def read(*rows: dict[str, Any], details: dict[str, Any] | None = None, **totals: object) -> Traffic:
    counts = {"received": len(rows), "complete": True} | totals
    return traffic_of("tenant t", counts, rows, lambda _: DETAILS | (details or {}), 100, 2)


def one(details: dict[str, Any] | None = None, **row: object) -> Call:
    (call,) = read({**ROW, **row}, details=details, received=0).calls
    return call


def test_an_accepted_call_is_read():
    call = one()
    assert (call.place, call.status, call.accepted, call.trace_id) == (
        "request r-1",
        202,
        True,
        "t-1",
    )
    assert (call.body, call.body_bytes) == (b'{"a": 1}', 8)
    assert (call.credential, call.token_in) == (Credential.BASIC, {"basic"})
    assert call.headers["content-type"] == "application/json"
    assert call.at == 1767225601.5


def test_what_a_tenant_takes_and_who_named_none_is_kept():
    traffic = read(ROW)
    assert (traffic.largest_bytes, traffic.strangers) == (100, 2)


@pytest.mark.parametrize(
    ("row", "accepted"),
    [
        ({"runId": None}, True),  # taken by a disabled workflow, and ignored
        ({"runId": None, "status": 404, "reason": "unknown-trigger"}, False),
        ({"runId": None, "status": None}, False),
        ({"status": None}, True),
        ({"status": 503, "runId": None, "reason": "fault"}, False),
    ],
)
def test_what_was_taken_is_told_by_the_run_and_the_refusal(row, accepted):
    assert one(**row).accepted is accepted


@pytest.mark.parametrize("fault", ["latency", "truncate", "dribble", "wrong-length", "not-json"])
def test_a_fault_that_spoils_an_answer_loses_it(fault):
    assert one(faults=[fault]).answer_was_lost
    assert one(status=None).answer_was_lost


@pytest.mark.parametrize("faults", [[], None, ["run-twice"]])
def test_other_answers_are_not_lost(faults):
    assert not one(faults=faults).answer_was_lost


@pytest.mark.parametrize(
    ("row", "credential"),
    [
        ({"headers": {"X-API-TOKEN": "***"}}, Credential.TOKEN),
        ({"headers": {}}, Credential.NONE),
        ({"reason": "no-credential"}, Credential.NONE),
        ({"reason": "unsupported-credential"}, Credential.OTHER),
        ({"reason": "malformed-credential"}, Credential.OTHER),
    ],
)
def test_the_credential_is_told_by_headers_and_refusal(row, credential):
    assert one(**row).credential is credential


def test_whoami_may_carry_the_token_in_its_header_only():
    whoami = {"path": "/API/v3/whoami", "method": "GET"}
    assert one(**whoami).token_in == frozenset()
    assert one(**whoami, tokenIn=["basic", "query"]).token_in == {"query"}
    assert not one(**whoami).is_trigger
    assert one(path="/elsewhere").token_in == {"basic"}


@pytest.mark.parametrize(
    ("length", "size"), [("20", 20), ("3", 8), ("x", 8), ("9" * 13, 8), ("\u0662\u0660", 8)]
)
def test_of_a_body_that_was_not_read_to_its_end_the_header_says_the_size(length, size):
    assert one(headers={"Content-Length": length}).body_bytes == size


def test_a_row_of_an_older_release_does_not_know_where_the_token_stood():
    assert one(tokenIn=None).token_in is None


@pytest.mark.parametrize("kept", [{"notes": ["only the first 5 bytes"]}, {"body": None}])
def test_a_body_of_which_only_a_part_is_kept_is_not_known(kept):
    assert one(kept, runId=None, status=429, reason="rate-limit").body is None


def test_a_body_in_which_the_mock_has_hidden_something_is_not_known_unless_it_was_taken():
    hidden = {"body": '{"token": ***}'}
    assert one(hidden, runId=None, status=503, reason="fault:status").body is None
    assert one(hidden).body == b'{"token": ***}'


def test_a_body_that_was_taken_is_whole_whatever_is_noted_of_it():
    assert one({"body": '{"a":1,"a":2}', "notes": ["a key twice"]}).body == b'{"a":1,"a":2}'


def test_retry_after_is_read_from_the_answer():
    answer = {"status": 429, "headers": {"Retry-After": "3"}, "body": ""}
    assert one({"answer": answer}, status=429).retry_after_seconds == 3.0


@pytest.mark.parametrize(
    ("totals", "said"),
    [
        ({"complete": False}, "(dropped)"),
        ({"received": 3}, "(gone: 2 of 3 calls)"),
    ],
)
def test_an_incomplete_journal_is_refused_with_how_to_keep_it(totals, said):
    with pytest.raises(TrafficError) as caught:
        read(ROW, **totals)
    assert said in str(caught.value)
    assert "serve --store sqlite:///FILE" in str(caught.value)


def test_calls_elsewhere_are_not_counted_as_triggers():
    with pytest.raises(TrafficError, match="gone: 1 of 1 calls"):
        read({**ROW, "path": "/elsewhere"}, received=1)


def test_only_calls_of_triggers_are_asked_for_in_detail():
    rows = [{**ROW, "path": "/elsewhere"}]
    traffic = traffic_of("", {"received": 0, "complete": True}, rows, pytest.fail, 100)
    assert traffic.calls[0].body is None


def test_a_call_is_for_the_workflow_that_its_url_names():
    assert one(workflowId="WF_1").trigger == "WF_1"
    assert one(workflowId=None).trigger == one().trigger == ""
