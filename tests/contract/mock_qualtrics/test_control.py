"""The control API: its shapes, its refusals, and that tenants do not meet."""

import json

import pytest
import requests

from contracts import validate

ANYTHING_BUT_JSON = [b"{", b"", b'{"name": NaN}', b'{"name": "a", "name": "b"}', b"[" * 100_000]


def refused(rehearsal, method, path, status, **request: object):
    answer = rehearsal.session.request(method, rehearsal.control_url + path, timeout=20, **request)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    problem = answer.json()
    assert problem["error"]
    return problem


def test_health_says_the_version(mock):
    health = mock.control("GET", "/health")
    assert health["status"] == "ok"
    assert health["version"]


def test_a_tenant_is_made_shown_listed_and_deleted(rehearse):
    mock = rehearse()
    shown = mock.control("GET", f"/tenants/{mock.id}")
    assert validate(shown, "tenant") == []
    assert shown["workflows"][0]["id"] == mock.workflow["id"]
    assert shown in mock.control("GET", "/tenants")["tenants"]
    mock.control("DELETE", f"/tenants/{mock.id}", 204)
    refused(mock, "GET", f"/tenants/{mock.id}", 404)
    refused(mock, "GET", f"/workflows/{mock.workflow['id']}", 404)
    assert mock.post().status_code == 404


def test_a_virtual_clock_starts_where_told_and_moves_only_when_told(rehearse):
    mock = rehearse()
    assert mock.advance(0) == "2026-01-01T00:00:00.000000Z"
    assert mock.advance(90) == "2026-01-01T00:01:30.000000Z"
    later = rehearse(tenant={"startAt": "2030-06-01T12:00:00Z"})
    assert later.advance(0.5) == "2030-06-01T12:00:00.500000Z"


def test_reset_keeps_ids_token_and_urls_and_empties_the_rest(mock):
    fault = {"kind": "status", "when": {"first": 1}, "status": 500}
    mock.control("POST", f"/tenants/{mock.id}/faults", 201, json=fault)
    mock.post()
    mock.advance(60)
    before = mock.control("GET", f"/tenants/{mock.id}")
    assert mock.control("POST", f"/tenants/{mock.id}/reset") == before
    assert mock.requests() == []
    assert mock.totals()["received"] == 0
    assert mock.control("GET", f"/tenants/{mock.id}/faults") == {"faults": []}
    assert mock.advance(0) == "2026-01-01T00:00:00.000000Z"
    assert mock.post().status_code == 202


def test_a_workflow_is_changed_and_deleted(mock):
    path = f"/workflows/{mock.workflow['id']}"
    changed = mock.control("PATCH", path, json={"enabled": False})
    assert changed == {**mock.workflow, "enabled": False, "state": "disabled"}
    assert mock.control("GET", path) == changed
    mock.control("DELETE", path, 204)
    refused(mock, "GET", path, 404)
    refused(mock, "GET", f"{path}/runs", 404)


def test_no_tenant_sees_or_changes_what_is_anothers(rehearse):
    one, other = rehearse(), rehearse()
    one.post()
    one.control("POST", f"/tenants/{one.id}/reset")
    other.post()
    one.advance(3_600)
    assert other.runs()[0]["status"] == "Pending"
    assert one.totals()["received"] == 0
    assert one.tenant["apiToken"] != other.tenant["apiToken"]


def test_pages_of_runs_and_requests_are_read_with_cursors(mock):
    for number in range(5):
        mock.post(data=json.dumps({"n": number}).encode())
    mock.advance(1)
    runs_path = f"/workflows/{mock.workflow['id']}/runs"
    for path, name in ((runs_path, "runs"), (f"/tenants/{mock.id}/requests", "requests")):
        whole = mock.control("GET", path)
        assert validate(whole, "run-page" if name == "runs" else "request-page") == []
        rows, cursor = [], None
        while True:
            query = {"limit": "2", **({"cursor": cursor} if cursor else {})}
            page = mock.control("GET", path, params=query)
            rows += page[name]
            cursor = page["next"]
            if cursor is None:
                break
        assert rows == whole[name]
        assert len(rows) == 5
    assert [run["event"]["n"] for run in mock.runs()] == [4, 3, 2, 1, 0]


@pytest.mark.parametrize("cursor", ["nonsense", "", "a.b.c", "\u20ac"])
def test_a_cursor_that_was_made_up_is_refused(mock, cursor):
    for path in (f"/workflows/{mock.workflow['id']}/runs", f"/tenants/{mock.id}/requests"):
        refused(mock, "GET", path, 400, params={"cursor": cursor})


def test_a_cursor_of_another_list_is_refused(mock):
    mock.post()
    mock.post()
    path = f"/workflows/{mock.workflow['id']}/runs"
    cursor = mock.control("GET", path, params={"limit": "1"})["next"]
    refused(mock, "GET", "/unattributed", 400, params={"cursor": cursor})
    refused(mock, "GET", path, 400, params={"cursor": cursor[:-1]})


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "501"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": "\u0661"}, "limit"),
        ({"view": "all"}, "view"),
        ({"status": "done"}, "status"),
        ({"statsu": "failed"}, "statsu"),
        ({"status": ["failed", "pending"]}, "status"),
    ],
)
def test_a_query_that_cannot_be_meant_is_refused(mock, query, named):
    path = f"/workflows/{mock.workflow['id']}/runs"
    assert named in refused(mock, "GET", path, 400, params=query)["error"]


@pytest.mark.parametrize("status", ["pending", "Pending", "PENDING"])
def test_a_status_is_asked_for_in_any_case(mock, status):
    mock.post()
    assert len(mock.runs(status=status)) == 1
    assert mock.runs(status="failed") == []


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"limits": {"callsPerHour": 1}}, "callsPerHour"),
        ({"clock": "sundial"}, "$.clock"),
        ({"limits": {"callsPerMinute": -1}}, "$.limits.callsPerMinute"),
        ({"startAt": "yesterday"}, "$.startAt"),
        ([], "$"),
    ],
)
def test_a_tenants_settings_are_judged_whole(mock, body, where):
    problem = refused(mock, "POST", "/tenants", 400, json=body)
    assert any(where in violation for violation in problem["violations"])


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({}, "name"),
        ({"name": "a", "colour": "red"}, "colour"),
        ({"name": "a", "fields": [{"name": "b", "path": "person["}]}, "$.fields[0].path"),
        ({"name": "a", "delay": {"kind": "fixed", "seconds": -1}}, "$.delay"),
        ({"name": "a", "delay": {"kind": "fixed", "seconds": 1e305}}, "$.delay.seconds"),
        ({"name": "a", "delay": {"kind": "fixed", "seconds": 10**400}}, "$.delay.seconds"),
        (
            {"name": "a", "delay": {"kind": "uniform", "lowSeconds": 2, "highSeconds": 1}},
            "$.delay",
        ),
    ],
)
def test_a_workflows_settings_are_judged_whole(mock, body, where):
    problem = refused(mock, "POST", f"/tenants/{mock.id}/workflows", 400, json=body)
    assert any(where in violation for violation in problem["violations"])


def test_a_wrong_change_changes_nothing(mock):
    path = f"/workflows/{mock.workflow['id']}"
    refused(mock, "PATCH", path, 400, json={"enabled": False, "delay": {"kind": "never"}})
    assert mock.control("GET", path) == mock.workflow


@pytest.mark.parametrize("body", ANYTHING_BUT_JSON)
def test_a_body_that_is_no_json_is_refused(mock, body):
    headers = {"Content-Type": "application/json"}
    refused(mock, "POST", f"/tenants/{mock.id}/workflows", 400, data=body, headers=headers)


def test_a_body_of_another_media_type_is_refused(mock):
    path, headers = f"/tenants/{mock.id}/workflows", {"Content-Type": "text/plain"}
    refused(mock, "POST", path, 415, data=b'{"name": "a"}', headers=headers)


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize("over", [0, 1, 2, 48_576, 1_000_000])
def test_a_body_over_a_megabyte_is_refused(mock, over, chunked):
    body = json.dumps({"name": "W"}).ljust(1_000_000 + over).encode()
    given = {
        "data": iter([body[:99], body[99:]]) if chunked else body,
        "headers": {"Content-Type": "application/json"},
    }
    path = f"/tenants/{mock.id}/workflows"
    if over:
        refused(mock, "POST", path, 413, **given)
    else:
        mock.control("POST", path, 201, **given)


def test_a_clock_is_not_moved_by_the_beginning_of_a_body(mock):
    path, headers = f"/tenants/{mock.id}/clock/advance", {"Content-Type": "application/json"}
    pieces = iter([b'{"seconds": 1}'.ljust(1_000_000), b"0"])
    refused(mock, "POST", path, 413, data=pieces, headers=headers)


@pytest.mark.parametrize("body", [{}, {"seconds": "90"}, {"seconds": True}, {"seconds": -1}, 90,
                                  {"seconds": 1, "minutes": 1}, {"seconds": 1e300}])  # fmt: skip
def test_a_clock_is_moved_by_seconds_only(mock, body):
    refused(mock, "POST", f"/tenants/{mock.id}/clock/advance", 400, json=body)


def test_a_clock_cannot_be_moved_past_the_calendar(rehearse):
    mock = rehearse(tenant={"startAt": "9999-12-31T23:59:58Z"})
    path = f"/tenants/{mock.id}/clock/advance"
    assert mock.post().status_code == 202
    assert mock.advance(1) == "9999-12-31T23:59:59.000000Z"
    refused(mock, "POST", path, 409, json={"seconds": 1})


def test_a_whole_number_may_be_written_with_a_fraction_of_nothing(rehearse):
    mock = rehearse(tenant={"assumptions": {"acceptedStatus": 201.0}})
    assert mock.post().json()["meta"]["httpStatus"] == "201 - Created"


def test_a_real_clock_cannot_be_moved(rehearse):
    mock = rehearse(tenant={"clock": "real"})
    refused(mock, "POST", f"/tenants/{mock.id}/clock/advance", 409, json={"seconds": 1})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/tenants/tenant-999", 404),
        ("GET", "/tenants/tenant-\u0661", 404),
        ("GET", "/tenants/tenant-01", 404),
        ("GET", "/tenants/tenant-" + "9" * 5_000, 404),
        ("POST", "/tenants/tenant-999/reset", 404),
        ("GET", "/runs/RUN_nothing", 404),
        ("GET", "/workflows/WF_000000000000000/runs", 404),
        ("GET", "/tenants/tenant-999/wait", 404),
        ("DELETE", "/tenants/tenant-1/faults/fault-999", 404),
        ("PUT", "/tenants", 405),
        ("DELETE", "/health", 405),
    ],
)
def test_what_is_not_there_is_said_in_the_control_apis_form(mock, method, path, status):
    refused(mock, method, path, status)


def test_a_wrong_method_says_which_ones_are_right(mock):
    answer = mock.session.put(f"{mock.control_url}/tenants", timeout=20)
    assert {"GET", "POST"} <= {one.strip() for one in answer.headers["Allow"].split(",")}


def test_wait_answers_once_each_count_is_reached(rehearse):
    mock = rehearse(tenant={"clock": "real"}, delay={"kind": "fixed", "seconds": 0.05})
    for _ in range(3):
        mock.post()
    path = f"/tenants/{mock.id}/wait"
    totals = mock.control("GET", path, params={"succeeded": "3", "timeoutSeconds": "10"})
    assert validate(totals, "totals") == []
    assert totals["succeeded"] == 3


def test_wait_says_408_with_the_counts_when_it_is_not_in_time(rehearse):
    mock = rehearse(tenant={"clock": "real"})
    path = f"/tenants/{mock.id}/wait"
    totals = mock.control("GET", path, 408, params={"received": "1", "timeoutSeconds": "0.01"})
    assert totals["received"] == 0


def test_wait_on_a_virtual_clock_says_to_advance_it_first(mock):
    mock.post()
    path = f"/tenants/{mock.id}/wait"
    assert mock.control("GET", path, params={"accepted": "1"})["accepted"] == 1
    problem = refused(mock, "GET", path, 409, params={"succeeded": "1"})
    assert "advance" in problem["error"]
    mock.advance(1)
    assert mock.control("GET", path, params={"succeeded": "1"})["succeeded"] == 1


@pytest.mark.parametrize(
    "query",
    [
        {"succeeded": "-1"},
        {"succeeded": "many"},
        {"succeded": "1"},
        {"timeoutSeconds": "301"},
        {"timeoutSeconds": "-1"},
        {"timeoutSeconds": "nan"},
    ],
)
def test_wait_takes_counts_and_a_timeout_only(mock, query):
    refused(mock, "GET", f"/tenants/{mock.id}/wait", 400, params=query)


def test_a_fault_is_added_listed_and_taken_away(mock):
    path = f"/tenants/{mock.id}/faults"
    wanted = {"kind": "status", "when": {"first": 1}, "status": 503, "retryAfterSeconds": 2}
    fault = mock.control("POST", path, 201, json=wanted)
    assert {name: fault[name] for name in wanted} == wanted
    assert mock.control("GET", path) == {"faults": [fault]}
    answer = mock.post()
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert mock.totals()["refusedBy"] == {"fault:status": 1}
    mock.control("DELETE", f"{path}/{fault['id']}", 204)
    mock.control("POST", path, 201, json=wanted)
    mock.control("DELETE", path, 204)
    assert mock.control("GET", path) == {"faults": []}


def test_a_wrong_fault_is_refused_with_every_reason(mock):
    wrong = {"kind": "status", "when": {"first": 0}, "status": 200}
    problem = refused(mock, "POST", f"/tenants/{mock.id}/faults", 400, json=wrong)
    assert len(problem["violations"]) >= 2


def test_a_fault_that_breaks_connections_needs_its_flag(wsgi_url):
    tenant = requests.post(f"{wsgi_url}/__control/v1/tenants", json={}, timeout=20).json()
    answer = requests.post(
        f"{wsgi_url}/__control/v1/tenants/{tenant['id']}/faults",
        json={"kind": "hang", "when": {"first": 1}},
        timeout=20,
    )
    assert answer.status_code == 409
    assert "--wire-faults" in answer.json()["error"]


@pytest.mark.parametrize("path", ["/__control/v1/tenants", "/runs", "/login"])
@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8084"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_foreign_host_or_origin_is_refused(mock, path, headers):
    answer = mock.session.get(mock.url + path, headers=headers, timeout=20)
    assert answer.status_code == 403
    assert mock.tenant["apiToken"] not in answer.text


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}])
def test_the_trigger_is_open_to_any_host_and_origin(mock, headers):
    assert mock.post(headers={**mock.token, **headers}).status_code == 202


def test_its_own_origin_is_no_stranger(mock):
    answer = mock.session.get(
        f"{mock.control_url}/tenants", headers={"Origin": mock.url}, timeout=20
    )
    assert answer.status_code == 200


def test_a_query_that_is_no_ascii_is_no_server_error(mock):
    for path in ("/__control/v1/health?\xff=\u20ac", "/nowhere?\xff", "/runs?\xff=1"):
        answer = mock.session.get(mock.url + path, timeout=20)
        assert answer.status_code in (400, 404)


def test_a_chunked_body_is_taken_whole(mock):
    chunks, headers = iter([b'{"name": ', b'"Chunked"}']), {"Content-Type": "application/json"}
    path = f"/tenants/{mock.id}/workflows"
    made = mock.control("POST", path, 201, data=chunks, headers=headers)
    assert made["name"] == "Chunked"
