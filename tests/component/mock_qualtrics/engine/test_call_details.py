"""One call opened: its URL and what was wrong in it, what is kept of it, answer and runs."""

import base64
import json

import pytest

from contracts import validate
from mock_qualtrics.engine.call_details import call_details
from mock_qualtrics.gate.kept_parts import NO_TEXT
from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds
from support.rehearsal import TRIGGER_PATH

BASE = "https://mock.example"
WRONG = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
TYPE = ("content-type", "application/json")


def opened(rehearsal, tenant_number: int | None = -1) -> dict:
    number = rehearsal.tenant.number if tenant_number == -1 else tenant_number
    row = rehearsal.engine.journal.requests_page(number).items[0]
    kept = rehearsal.engine.journal.kept_call(row["requestId"])
    details = call_details(kept, rehearsal.engine.tenants, BASE)
    assert validate(details, "request-details") == []
    assert row.items() <= details.items()
    return details


def ending(text: str) -> str:
    return f"...{text[-4:]}"


def test_a_refused_call_is_kept_with_its_body_and_answer(rehearsal):
    answer = rehearsal.send(b'{"a": "dave@example.com"', trace="t-1")
    call = opened(rehearsal)
    assert (call["body"], call["notes"]) == ('{"a": "dave@example.com"', [])
    assert call["answer"]["status"] == answer.status
    assert call["answer"]["body"] == answer.body.decode()
    assert call["answer"]["headers"]["content-type"] == "application/json"
    token = rehearsal.workflow.url_token_id
    assert call["url"] == f"{BASE}{TRIGGER_PATH}?urlTokenId={ending(token)}"
    assert (call["urlProblems"], call["runIds"]) == ([], [])
    assert call["workflowId"] == rehearsal.workflow.id
    assert call["tenantId"] == rehearsal.tenant.id


def test_an_accepted_call_has_its_event_and_leads_to_its_runs_and_back(rehearsal):
    rehearsal.tenant.faults.add({"kind": "run-twice", "when": {"first": 1}})
    answer = rehearsal.send(b'{"n": 1.10}', trace="t-1")
    call = opened(rehearsal)
    assert call["body"] == '{"n": 1.10}'
    assert call["answer"]["body"] == answer.body.decode()
    runs = rehearsal.runs()
    assert sorted(call["runIds"]) == sorted(run["id"] for run in runs)
    assert call["workflowId"] == rehearsal.workflow.id
    assert {(run["requestId"], run["traceId"]) for run in runs} == {(call["requestId"], "t-1")}


def test_a_plain_accepted_call_stores_no_answer_and_shows_it(rehearsal):
    answer = rehearsal.send()
    row = rehearsal.requests()[0]
    assert rehearsal.engine.journal.kept_call(row["requestId"]).answer is None
    assert opened(rehearsal)["answer"]["body"] == answer.body.decode()


def test_an_answer_that_a_fault_replaced_is_shown_as_it_was_sent(rehearsal):
    rehearsal.tenant.faults.add({"kind": "not-json", "when": {"first": 1}})
    answer = rehearsal.send()
    call = opened(rehearsal)
    assert call["answer"]["body"] == answer.body.decode()
    assert call["answer"]["headers"]["content-type"] == dict(answer.headers)["content-type"]


@pytest.mark.parametrize(
    ("fault", "answered", "said"),
    [
        ({"kind": "redirect", "location": "/elsewhere"}, (307, True), "Answer with a redirect"),
        ({"kind": "interim", "status": 103}, (202, True), "Send an interim answer, 102 or 103"),
        ({"kind": "empty"}, (202, False), "Send the status of the answer without a body"),
    ],
)
def test_what_a_fault_did_to_a_call_is_explained(rehearse, fault, answered, said):
    rehearsal = rehearse(wire_faults=True)
    rehearsal.tenant.faults.add({**fault, "when": {"first": 1}})
    rehearsal.send()
    call = opened(rehearsal)
    assert call["faults"] == [fault["kind"]]
    assert (call["answer"]["status"], bool(call["answer"]["body"])) == answered
    (explanation,) = call["explanations"]
    assert explanation.startswith(f"fault {fault['kind']}: {said}")
    rehearsal.send()
    assert (opened(rehearsal)["faults"], opened(rehearsal)["explanations"]) == ([], [])


def test_a_call_without_an_answer_says_so(rehearse):
    rehearsal = rehearse(wire_faults=True)
    rehearsal.tenant.faults.add({"kind": "hang", "when": {"first": 1}})
    rehearsal.send()
    call = opened(rehearsal)
    assert call["faults"] == ["hang"]
    assert (call["status"], call["answer"], call["body"]) == (None, None, "{}")


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (
            "urlTokenId=0a1b2c3d-1111-4222-8333-444455556666",
            "urlTokenId ends in ...6666, which is no workflow's; this tenant's token ends in {}",
        ),
        ("urlTokenId=short", "urlTokenId is ***, which is no workflow's; this tenant's"),
        ("urlTokenId=", "urlTokenId is empty, which is no workflow's; this tenant's"),
        (f"urlTokenId={WRONG}", "urlTokenId is ***, which is no workflow's; this"),
        ("urltokenid=abc", "the query has urltokenid, expected urlTokenId"),
        ("", "the query has no urlTokenId; this tenant's token ends in {}"),
        ("triggerId=OC_000000000000001&userId=UR_1", "the query lacks contextId; this tenant's"),
        ("triggerId=a&contextId=b&userId=c&brandId=d", "together name no workflow; this tenant's"),
    ],
)
def test_what_was_wrong_in_a_url_is_said_without_any_whole_id(rehearsal, query, problem):
    rehearsal.send(query=query)
    call = opened(rehearsal)
    (said,) = call["urlProblems"]
    assert problem.format(f"{ending(rehearsal.workflow.url_token_id)} (Survey)") in said
    assert rehearsal.workflow.url_token_id not in json.dumps(call)
    assert WRONG not in json.dumps(call)


@pytest.mark.parametrize("form", ["triggerUrl", "legacyTriggerUrl"])
@pytest.mark.parametrize(
    ("settings", "answers", "was"),
    [
        ({"draft": True}, {}, "was a draft"),
        ({"enabled": False}, {}, "was disabled"),
        ({"enabled": False}, {"disabledStatus": 202}, "was disabled"),
    ],
)
def test_a_call_names_the_workflow_that_was_not_enabled(rehearsal, form, settings, answers, was):
    tenants = rehearsal.engine.tenants
    tenant = tenants.create({"assumptions": answers})
    workflow = tenants.add_workflow(tenant, {"name": "My survey", **settings})
    token = ("x-api-token", tenant.api_token.reveal())
    query = workflow.urls("")[form].partition("?")[2]
    rehearsal.send(query=query, headers=(TYPE, token))
    call = opened(rehearsal, tenant.number)
    assert call["workflowId"] == workflow.id
    way = f"mock-qualtrics workflow enable 'My survey' --tenant {tenant.id}"
    assert call["urlProblems"] == [f"the workflow 'My survey' {was}; to enable it: {way}"]
    tenants.update_workflow(workflow.id, {"enabled": True})
    assert opened(rehearsal, tenant.number)["urlProblems"] == [
        f"the workflow 'My survey' {was} when this call came; it is enabled now"
    ]
    tenants.delete_workflow(workflow.id)
    assert opened(rehearsal, tenant.number)["workflowId"] is None


def test_a_workflow_whose_name_is_no_argument_is_named_by_its_id(rehearsal):
    tenants, tenant = rehearsal.engine.tenants, rehearsal.tenant
    for _ in range(2):
        twin = tenants.add_workflow(tenant, {"name": "Twin", "enabled": False})
    rehearsal.send(query=f"urlTokenId={twin.url_token_id}")
    assert opened(rehearsal)["urlProblems"][0].endswith(
        f"workflow enable {twin.id} --tenant {tenant.id}"
    )


def test_a_call_by_hand_is_listed_with_its_workflow(rehearsal):
    rehearsal.engine.run_now(rehearsal.workflow.id, b"{}")
    assert opened(rehearsal)["workflowId"] == rehearsal.workflow.id


@pytest.mark.parametrize("named", [None, "WF_another"])
def test_a_call_that_started_a_run_is_listed_with_the_workflow_of_it(rehearsal, monkeypatch, named):
    # Another workflow's ids, or those of several, have the ends that are kept of the URL.
    monkeypatch.setattr(WorkflowIds, "named_by", lambda *_: named)
    rehearsal.send()
    assert rehearsal.requests()[0]["workflowId"] == rehearsal.workflow.id
    assert opened(rehearsal)["workflowId"] == rehearsal.workflow.id


def test_a_mistyped_path_is_held_against_the_right_one(rehearsal):
    rehearsal.send(path=TRIGGER_PATH + "s", headers=(*rehearsal.call().headers, ("host", "h:1")))
    call = opened(rehearsal)
    assert call["urlProblems"] == [f"the path is {TRIGGER_PATH}s, expected {TRIGGER_PATH}"]
    assert call["url"].startswith(f"https://h:1{TRIGGER_PATH}s?urlTokenId=...")


def test_of_many_workflows_a_few_are_named(rehearsal):
    for number in range(7):
        rehearsal.engine.tenants.add_workflow(rehearsal.tenant, {"name": f"W{number}"})
    rehearsal.send(query="")
    (said,) = opened(rehearsal)["urlProblems"]
    assert "the tokens here end in ..." in said
    assert said.endswith("(W3) and 3 more")


def test_of_a_call_without_a_tenant_no_body_is_kept(rehearsal):
    rehearsal.send(b'{"a": 1}', query="urlTokenId=other", headers=(TYPE,))
    call = opened(rehearsal, None)
    assert (call["tenantId"], call["body"], call["bodyBytes"]) == (None, None, 8)
    assert call["answer"]["status"] == 404
    assert "the tokens here end in" in call["urlProblems"][0]


@pytest.mark.parametrize(
    "body",
    [
        b"x " + WRONG.encode(),
        b'{"apiToken": "short-one"',
        b"token=short-one&a=1",
        b'{"h": "Basic c2hvcnQtb25lOmFi"',
        b'{"h": "odd-one!"',
        b"y" * 16_370 + b" " + WRONG.encode(),
    ],
)
def test_no_credential_is_kept_of_a_body(rehearsal, tmp_path, body):
    odd = base64.b64encode(b"someone:odd-one!").decode()
    rehearsal.send(body, headers=(TYPE, ("authorization", f"Basic {odd}")))
    call = opened(rehearsal)
    assert "***" in call["body"]
    for secret in (WRONG[:12], "short-one", "odd-one!", odd, "c2hvcnQtb25lOmFi"):
        assert secret not in json.dumps(call)


@pytest.mark.parametrize("body", [b"\x1f\x8b\x08" + WRONG.encode(), WRONG.encode("utf-16")])
def test_nothing_is_kept_of_what_is_no_text(rehearsal, body):
    rehearsal.send(body)
    call = opened(rehearsal)
    assert (call["body"], call["notes"]) == (None, [NO_TEXT])


def test_of_a_long_body_the_beginning_is_kept_and_the_setting_says_how_much(rehearse):
    rehearsal = rehearse(kept_body_bytes=10)
    rehearsal.send(b"[" + "ä".encode() * 30_000)
    call = opened(rehearsal)
    assert call["body"].startswith("[ääää")
    assert len(call["body"].encode(errors="replace")) <= 13
    assert call["notes"] == ["of the body only the first 10 bytes are kept"]


def test_a_call_that_could_not_be_stored_in_time_shows_the_503_that_was_sent(rehearsal):
    rehearsal.engine.stage(rehearsal.call())
    rehearsal.engine.stage(rehearsal.call(b"no json"))
    rehearsal.engine.journal.answered(durable=False)
    rehearsal.engine.journal.commit()
    for row in rehearsal.requests():
        kept = rehearsal.engine.journal.kept_call(row["requestId"])
        answer = call_details(kept, rehearsal.engine.tenants, BASE)["answer"]
        assert answer["status"] == 503
        assert "cannot be written" in answer["body"]


def test_what_is_kept_goes_with_the_tenant_and_counts_for_the_bound(rehearse, tmp_path):
    rehearsal = rehearse(store=f"sqlite:///{tmp_path}/mock.db")
    rehearsal.send(b"secretive-body no json")
    request_id = rehearsal.requests()[0]["requestId"]
    sizes = rehearsal.engine.journal._pruner.sizes_bytes()
    assert sizes[rehearsal.tenant.number] == len(b"secretive-body no json")
    rehearsal.engine.tenants.delete(rehearsal.tenant.id)
    with pytest.raises(Exception, match=request_id):
        rehearsal.engine.journal.kept_call(request_id)


def test_a_bounded_store_drops_the_oldest_refused_bodies(rehearse):
    rehearsal = rehearse(memory_bytes=1_000_000)
    for _ in range(100):
        rehearsal.send(b"x" * 16_000)
    assert rehearsal.engine._store.used_bytes() < 1_500_000
    assert not rehearsal.totals()["complete"]
    assert rehearsal.totals()["refused"] == 100
