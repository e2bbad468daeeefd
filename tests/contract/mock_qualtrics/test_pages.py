"""The Run history pages, as HTML (Q-RUN-1, Q-RUN-2)."""

import json

import pytest

from contracts import validate

SCRIPT = "<script>alert(1)</script>"


def page(mock, path, answered=200, **query: str):
    answer = mock.session.get(mock.url + path, params=query, timeout=20)
    assert answer.status_code == answered
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return answer.text


def history(mock, **query: str):
    return page(mock, "/runs", workflow=mock.workflow["id"], **query)


def test_the_start_leads_to_run_history(mock):
    assert "Run history" in page(mock, "/")


def test_run_history_has_its_columns_and_its_two_views(rehearse):
    mock = rehearse(tenant={"limits": {"runsPerDay": 1}})
    mock.post()
    mock.post()
    mock.advance(1)
    started = history(mock)
    for shown in (
        "Started on",
        "Workflow name",
        "Status",
        "Successfully started with tasks run",
        "Failed to start after triggered",
        "2026-01-01T00:00:00.200000Z",
        "Survey",
        "Succeeded",
    ):
        assert shown in started
    blocked = history(mock, view="failed-to-start")
    assert "status Failed" in blocked
    assert "status Succeeded" not in blocked


def test_what_waits_is_in_neither_view_and_has_a_link_of_its_own(rehearse):
    mock = rehearse()
    mock.post()
    assert "No runs here yet." in history(mock)
    assert "view=waiting" in history(mock)
    waiting = history(mock, view="waiting")
    assert "status Pending" in waiting
    assert "not started" in waiting
    assert "received " in waiting
    assert "status Pending" in history(mock, status="pending")
    mock.advance(1)
    assert "No runs here yet." in history(mock, view="waiting")


def test_a_run_shows_why_it_failed(rehearse):
    task = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
    mock = rehearse(fields=[{"name": "email", "path": "$.email"}], tasks=[task])
    mock.post()
    mock.advance(1)
    (run,) = mock.runs()
    details = page(mock, f"/runs/{run['id']}")
    assert "Reason" in details
    assert "email" in details
    assert "$.email" in details
    assert run["requestId"] in details


def test_everything_that_was_sent_is_escaped(rehearse):
    mock = rehearse(
        name=SCRIPT,
        fields=[{"name": "a", "path": "$.a"}],
        tasks=[{"name": SCRIPT, "type": "record", "settings": {"a": "~{aedj://a}"}}],
    )
    mock.post(data=f'{{"a": "{SCRIPT}", "a": "{SCRIPT}"}}'.encode())
    mock.post(url=f"{mock.url}/{SCRIPT}")
    mock.advance(1)
    (run,) = mock.runs()
    for text in (history(mock), page(mock, f"/runs/{run['id']}")):
        assert SCRIPT not in text
        assert "&lt;script&gt;" in text
    assert "more than once" in page(mock, f"/runs/{run['id']}")


def test_older_runs_are_on_further_pages(rehearse):
    mock = rehearse()
    for _ in range(51):
        mock.post()
    mock.advance(1)
    first = history(mock)
    assert first.count("status Succeeded") == 50
    link = first.partition("Older runs")[0].rpartition('href="')[2].partition('"')[0]
    assert page(mock, link.replace("&amp;", "&")).count("status Succeeded") == 1


def test_a_disabled_workflow_is_told_from_a_wrong_url(rehearse):
    disabled = rehearse(enabled=False, tenant={"assumptions": {"disabledStatus": 202}})
    disabled.post()
    assert "1 call was ignored" in history(disabled)
    assert "This workflow is disabled" in history(disabled)
    mock = rehearse()
    assert "ignored" not in history(mock)
    mock.post(url=mock.workflow["triggerUrl"] + "x", headers={})
    text = history(mock)
    assert "named no workflow" in text
    assert "unknown-trigger" in text


def test_refused_calls_are_shown_with_their_reason(mock):
    mock.post(data=b"{")
    text = history(mock)
    assert "1 call was refused: not JSON 1" in text
    assert "received <b>1</b>" in text


def test_a_valid_token_at_a_mistyped_path_is_shown_counted_and_opened(mock):
    mock.post(url=mock.workflow["triggerUrl"].replace("/triggers", "/trigger"))
    text = history(mock)
    assert "No call has come in yet" not in text
    assert "1 call was to other paths: wrong path 1" in text
    link = text.partition("/json/trigger</a>")[0].rpartition('href="')[2].partition('"')[0]
    opened = page(mock, link)
    assert "expected /inbound-event/v1/events/json/triggers" in opened
    assert mock.workflow["triggerUrl"].rpartition("=")[2] not in opened


def test_refused_calls_stay_listed_however_many_were_accepted_since(mock):
    mock.post(data=b"{")
    for _ in range(55):
        mock.post()
    assert ">not-json</td>" in history(mock)
    tenant = mock.tenant["id"]
    listed = page(mock, "/calls", tenant=tenant)
    assert ">not JSON</span>" not in listed
    link = listed.partition("Older calls")[0].rpartition('href="')[2].partition('"')[0]
    assert ">not JSON</span>" in page(mock, link.replace("&amp;", "&"))
    by_reason = page(mock, "/calls", tenant=tenant, reason="not-json", traceId="", status="")
    assert by_reason.count(">not JSON</span>") == 1


def test_a_call_leads_to_its_run_and_a_run_to_its_call_with_identities_masked(rehearse):
    task = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
    mock = rehearse(fields=[{"name": "email", "path": "$.email"}], tasks=[task])
    event = {"email": "dave@example.com", "identityMap": {"crm": [{"id": "4711-0815"}]}}
    mock.post(data=json.dumps(event), headers={**mock.token, "X-Trace-Id": "t-1"})
    mock.advance(1)
    (run,) = mock.runs()
    of_run = page(mock, f"/runs/{run['id']}")
    of_call = page(mock, f"/calls/{run['requestId']}")
    assert f"/calls/{run['requestId']}" in of_run
    assert f"/runs/{run['id']}" in of_call
    assert "traceId=t-1" in of_call
    for text in (of_run, of_call):
        assert "d***@e***.com" in text
        assert "dave@example.com" not in text
        assert "4711-0815" not in text


def test_calls_of_no_tenant_are_pointed_at(mock):
    mock.post(url=mock.workflow["triggerUrl"] + "x", headers={})
    text = history(mock)
    assert "named no workflow" in text
    assert "all calls that name no tenant" in text
    stray = page(mock, "/calls", tenant="none", reason="unknown-trigger")
    link = stray.partition("/json/triggers</a>")[0].rpartition('href="')[2].partition('"')[0]
    assert "neither its URL nor its credential names one" in page(mock, link)


def test_a_call_to_a_draft_names_it_on_the_page_and_says_what_to_do(rehearse):
    mock = rehearse(draft=True)
    mock.post()
    (call,) = mock.requests()
    assert call["workflowId"] == mock.workflow["id"]
    assert validate(call, "request") == []
    assert f">{mock.workflow['name']}</td>" in page(mock, "/calls", tenant=mock.tenant["id"])
    assert "mock-qualtrics workflow enable" in page(mock, f"/calls/{call['requestId']}")
    assert f">{mock.workflow['name']}</td>" in history(mock)


def test_the_page_of_a_call_says_where_the_token_stood_and_what_faults_did(mock):
    mock.client.add_fault(
        mock.id, {"kind": "redirect", "location": "/elsewhere", "when": {"first": 1}}
    )
    token = mock.tenant["apiToken"]
    mock.post(url=f"{mock.workflow['triggerUrl']}&token={token}", allow_redirects=False)
    mock.post()
    mock.post(headers={"X-API-TOKEN": None})
    without, right, redirected = (
        page(mock, f"/calls/{call['requestId']}") for call in mock.requests()
    )
    assert "<dd>in a header and in the URL</dd>" in redirected
    assert "the API token stood in the URL, which ends in the logs" in redirected
    assert "fault redirect: Answer with a redirect" in redirected
    assert token not in redirected
    assert "<dd>in a header</dd>" in right
    assert "fault" not in right
    assert "<dd>not in the call: the token" in without


@pytest.mark.parametrize(
    ("path", "query", "status"),
    [
        ("/runs/RUN_nothing", {}, 404),
        ("/calls/00000000-0000-4000-8000-000000000000", {}, 404),
        ("/calls/nonsense", {}, 404),
        ("/calls", {"tenant": "tenant-0"}, 404),
        ("/calls", {"status": "four"}, 400),
        ("/calls", {"colour": "red"}, 400),
        ("/runs", {"workflow": "WF_nothing"}, 404),
        ("/runs", {"cursor": "nonsense"}, 400),
        ("/runs", {"view": "other"}, 400),
        ("/runs", {"colour": "red"}, 400),
    ],
)
def test_what_is_not_there_is_said_on_a_page(mock, path, query, status):
    assert 'role="alert"' in page(mock, path, status, **query)


def test_without_a_control_token_there_is_nothing_to_log_in_to(mock):
    answer = mock.session.post(f"{mock.url}/login", data={"token": "x"}, timeout=20)
    assert answer.url.endswith("/runs")


def test_a_browsers_question_for_an_icon_is_no_call(mock):
    assert mock.session.get(f"{mock.url}/favicon.ico", timeout=20).status_code == 204
    rows = mock.control("GET", "/unattributed", params={"limit": "500"})["requests"]
    assert all(row["path"] != "/favicon.ico" for row in rows)
