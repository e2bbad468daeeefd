"""Every fact of the JSON Event that HTTP can show, by both ways in; each test names its id."""

import json
import re
import uuid

import pytest

from contracts import validate

WRONG_TOKEN = "PLACEHOLDERTOKENPLACEHOLDERTOKENPLACEHOL"
NOT_FOUND = {
    "meta": {
        "httpStatus": "404 - Not Found",
        "error": {"errorMessage": "The requested resource does not exist."},
    }
}


def error_of(answer):
    return answer.json()["meta"]["error"]


def assert_refused(answer, status, reason, mock):
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert validate(answer.json(), "answer-envelope") == []
    assert mock.requests()[0]["reason"] == reason
    assert mock.totals()["refusedBy"][reason] == 1
    assert mock.totals()["accepted"] == 0
    assert mock.runs() == []


def test_q_url_1_a_post_to_the_trigger_url_starts_one_run(mock):
    assert mock.post().status_code == 202
    assert len(mock.runs()) == 1


@pytest.mark.parametrize(("assumed", "status"), [({}, 405), ({"wrongMethodStatus": 404}, 404)])
def test_q_url_1_the_status_of_another_method_is_a_setting(rehearse, assumed, status):
    mock = rehearse(tenant={"assumptions": assumed})
    assert_refused(mock.post(method="PUT"), status, "method", mock)


def test_q_url_2_the_older_form_of_the_url_starts_the_same_workflow(mock):
    assert mock.post(url=mock.workflow["legacyTriggerUrl"]).status_code == 202
    assert len(mock.runs()) == 1


@pytest.mark.parametrize("name", ["contextId", "userId", "brandId", "triggerId"])
def test_q_url_2_every_part_of_the_older_form_must_fit(mock, name):
    url = mock.workflow["legacyTriggerUrl"].replace(f"{name}=", f"{name}=x")
    assert_refused(mock.post(url=url), 404, "unknown-trigger", mock)


@pytest.mark.parametrize(
    "change",
    [
        lambda url: url.replace("/json/", "/JSON/"),
        lambda url: url + "&force_isolation=true",
        lambda url: url.replace("?", "?force_isolation=true&"),
    ],
)
def test_q_url_3_upper_case_json_and_further_parameters_do_no_harm(mock, change):
    assert mock.post(url=change(mock.workflow["triggerUrl"])).status_code == 202
    assert len(mock.runs()) == 1


@pytest.mark.parametrize("token", ["a", "Az09" * 40, "%C3%A9%20x", "0-0", ".."])
def test_q_url_3_the_form_of_a_token_is_not_judged(mock, token):
    url = mock.workflow["triggerUrl"].partition("=")[0] + f"={token}"
    assert_refused(mock.post(url=url), 404, "unknown-trigger", mock)
    assert [
        violation for violation in validate({"url": url}, "dataflow") if "url" in violation.path
    ] == []


@pytest.mark.parametrize(
    "path", ["/nowhere", "/inbound-event/v1/events/xml/triggers", "/inbound-event/v1/events/json"]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_q_url_4_an_unknown_path_answers_as_observed(mock, path, method):
    answer = mock.post(url=mock.url + path, method=method)
    assert (answer.status_code, answer.json()) == (404, NOT_FOUND)
    assert mock.requests()[0]["reason"] == "unknown-path"
    assert mock.totals()["received"] == 0


def test_q_url_5_a_url_that_names_no_workflow_is_not_found_and_in_no_run_history(mock):
    url = mock.workflow["triggerUrl"].partition("=")[0] + f"={uuid.UUID(int=0)}"
    assert_refused(mock.post(url=url), 404, "unknown-trigger", mock)


@pytest.mark.parametrize(
    ("form", "name"), [("triggerUrl", "urlTokenId"), ("legacyTriggerUrl", "triggerId")]
)
def test_q_url_5_the_message_says_that_nothing_is_associated_with_the_token(mock, form, name):
    answer = mock.post(url=re.sub(rf"({name})=[^&]*", r"\1=unknown", mock.workflow[form]))
    meta = answer.json()["meta"]
    assert (answer.status_code, meta["httpStatus"]) == (404, "404 - Not Found")
    assert meta["error"]["errorMessage"] == "No workflow is associated with the token in this URL."
    assert meta["requestId"] == mock.requests()[0]["requestId"]
    assert meta["error"] != NOT_FOUND["meta"]["error"]


def test_q_url_5_the_status_is_a_setting(rehearse):
    mock = rehearse(tenant={"assumptions": {"unknownTriggerStatus": 400}})
    url = mock.workflow["triggerUrl"].partition("=")[0] + "=unknown"
    assert_refused(mock.post(url=url), 400, "unknown-trigger", mock)


def test_q_url_5_without_a_credential_either_it_stands_among_the_unattributed(mock):
    unknown = f"{uuid.uuid4()}"
    url = mock.workflow["triggerUrl"].partition("=")[0] + f"={unknown}"
    answer = mock.post(url=url, headers={"X-Trace-Id": unknown})
    assert answer.status_code == 404
    page = mock.control("GET", "/unattributed")
    assert validate(page, "request-page") == []
    row = next(row for row in page["requests"] if row["traceId"] == unknown)
    assert (row["status"], row["reason"]) == (404, "unknown-trigger")
    assert mock.totals()["received"] == 0


def test_q_auth_1_the_token_header_and_http_basic_are_let_in(mock):
    for headers in (mock.token, mock.basic(), {**mock.token, **mock.basic()}):
        assert mock.post(headers=headers).status_code == 202
    assert mock.totals()["accepted"] == 3


def test_q_auth_1_oauth_is_refused(mock):
    answer = mock.post(headers={"Authorization": f"Bearer {mock.tenant['apiToken']}"})
    assert_refused(answer, 401, "unsupported-credential", mock)


@pytest.mark.parametrize("value", ["Basic !!!", "Basic", "Basic bm9jb2xvbg==", "Basic /////w=="])
def test_q_auth_1_basic_that_cannot_be_read_is_refused(mock, value):
    answer = mock.post(headers={"Authorization": value})
    assert_refused(answer, 401, "malformed-credential", mock)


def test_q_auth_1_two_credentials_must_both_be_right(mock):
    answer = mock.post(headers={**mock.token, **mock.basic(token=WRONG_TOKEN)})
    assert_refused(answer, 401, "wrong-credential", mock)


@pytest.mark.parametrize(
    ("assumed", "status"), [({}, 401), ({"everyCredentialCounts": False}, 202)]
)
def test_q_auth_1_whether_every_credential_counts_is_a_setting(rehearse, assumed, status):
    mock = rehearse(tenant={"assumptions": assumed})
    one_of_them = [
        {**mock.token, **mock.basic(token=WRONG_TOKEN)},
        {"X-API-TOKEN": WRONG_TOKEN, **mock.basic()},
    ]
    assert [mock.post(headers=two).status_code for two in one_of_them] == [status, status]
    both_wrong = {"X-API-TOKEN": WRONG_TOKEN, **mock.basic(token=WRONG_TOKEN)}
    assert mock.post(headers=both_wrong).status_code == 401


@pytest.mark.parametrize("headers", [{}, {"X-API-TOKEN": WRONG_TOKEN}])
def test_q_auth_2_the_switch_turned_off_asks_for_no_credential(rehearse, headers):
    mock = rehearse(requireAuthentication=False)
    assert mock.post(headers=headers).status_code == 202


def test_q_auth_3_no_credential_answers_as_observed(mock):
    answer = mock.post(headers={})
    assert_refused(answer, 400, "no-credential", mock)
    assert error_of(answer) == {
        "errorMessage": "Expected authorization in headers, but none provided.",
        "errorCode": "ATP_2",
    }
    assert mock.requests()[0]["errorCode"] == "ATP_2"


def test_q_auth_4_a_wrong_token_answers_as_observed(mock):
    answer = mock.post(headers={"X-API-TOKEN": WRONG_TOKEN})
    assert_refused(answer, 401, "wrong-credential", mock)
    assert error_of(answer) == {
        "errorMessage": "Unrecognized X-API-TOKEN.",
        "errorCode": "DCD_7",
    }


def test_q_auth_4_another_tenants_token_is_a_wrong_one(mock, rehearse):
    other = rehearse()
    assert_refused(mock.post(headers=other.token), 401, "wrong-credential", mock)
    assert other.totals()["received"] == 0


def test_q_auth_4_a_rejected_credential_is_never_journalled(mock):
    secret = "REJECTEDPLACEHOLDERREJECTEDPLACEHOLDERRE"
    for headers in (
        {"X-API-TOKEN": secret},
        mock.basic(username=secret),
        mock.basic(token=secret),
        {"Authorization": f"Bearer {secret}"},
        {"Cookie": secret, "X-Something": secret},
    ):
        mock.post(headers=headers)
        mock.post(headers=headers, url=f"{mock.url}/x/{secret}?token={secret}")
    mock.post(url=mock.workflow["triggerUrl"] + f"&token={secret}")
    encoded = mock.basic(token=secret)["Authorization"].split()[1]
    seen = json.dumps([mock.requests(), mock.control("GET", "/unattributed?limit=500")])
    assert secret not in seen
    assert encoded not in seen


@pytest.mark.parametrize("kind", ["token", "basic"])
def test_q_auth_5_whoami_says_whose_credential_it_is(mock, kind):
    headers = mock.token if kind == "token" else mock.basic()
    answer = mock.session.get(f"{mock.url}/API/v3/whoami", headers=headers, timeout=20)
    assert answer.status_code == 200
    assert validate(answer.json(), "answer-envelope") == []
    result = answer.json()["result"]
    keys = "brandId userId userName accountType firstName lastName email datacenter"
    assert set(result) == set(keys.split())
    assert result["userName"] == mock.tenant["username"]
    assert result["brandId"] == mock.tenant["brandId"]
    assert mock.totals()["received"] == 0


@pytest.mark.parametrize(
    ("headers", "status", "code"),
    [({}, 400, "ATP_2"), ({"X-API-TOKEN": WRONG_TOKEN}, 401, "DCD_7")],
)
def test_q_auth_5_whoami_refuses_as_the_trigger_does(mock, headers, status, code):
    answer = mock.session.get(f"{mock.url}/API/v3/whoami", headers=headers, timeout=20)
    assert (answer.status_code, error_of(answer)["errorCode"]) == (status, code)


def test_q_auth_6_a_new_token_ends_the_old_one(mock):
    old = mock.token
    tenant = mock.client.new_token(mock.id)
    assert validate(tenant, "tenant") == []
    new = {"X-API-TOKEN": tenant["apiToken"]}
    assert [mock.post(headers=one).status_code for one in (old, new)] == [401, 202]
    basic = [mock.basic(token=one["X-API-TOKEN"]) for one in (old, new)]
    assert [mock.post(headers=one).status_code for one in basic] == [401, 202]
    whoami = f"{mock.url}/API/v3/whoami"
    asked = [mock.session.get(whoami, headers=one, timeout=20) for one in (old, new)]
    assert [answer.status_code for answer in asked] == [401, 200]
    assert mock.client.tenant(mock.id)["apiToken"] == tenant["apiToken"]
    assert mock.client.reset(mock.id)["apiToken"] == tenant["apiToken"]


def test_q_env_1_every_answer_of_a_trigger_is_the_envelope(mock):
    answers = [mock.post(), mock.post(data=b"{"), mock.post(headers={})]
    for answer in answers:
        assert validate(answer.json(), "answer-envelope") == []
        assert answer.json()["meta"]["httpStatus"].startswith(f"{answer.status_code} - ")
    ids = [answer.json()["meta"]["requestId"] for answer in answers]
    assert ids == [row["requestId"] for row in reversed(mock.requests())]


@pytest.mark.parametrize("status", [500, 503, 504])
def test_q_env_3_errors_of_the_service_carry_an_instance_id(mock, status):
    mock.client.add_fault(mock.id, {"kind": "status", "when": {"first": 2}, "status": status})
    answers = [mock.post(), mock.post()]
    for answer in answers:
        assert answer.status_code == status
        assert validate(answer.json(), "answer-envelope") == []
    ids = {error_of(answer)["instanceId"] for answer in answers}
    assert len(ids) == 2
    assert "instanceId" not in error_of(mock.post(data=b"{"))


def test_q_env_3_no_answer_has_a_notice_of_another_data_centre(mock):
    answers = [mock.post(), mock.post(headers={**mock.token, "X-Forwarded-Host": "fra1.example"})]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert not any("notice" in answer.json()["meta"] for answer in answers)


@pytest.mark.parametrize(
    ("assumed", "status"), [({}, "202 - Accepted"), ({"acceptedStatus": 200}, "200 - OK")]
)
def test_q_env_2_an_accepted_trigger_is_answered_202_in_the_envelope(rehearse, assumed, status):
    answer = rehearse(tenant={"assumptions": assumed}).post()
    meta = answer.json()["meta"]
    assert (f"{answer.status_code}", meta["httpStatus"]) == (status[:3], status)
    assert meta["requestId"]


def test_q_lim_1_calls_over_the_brands_minute_are_refused(rehearse):
    mock = rehearse(tenant={"limits": {"callsPerMinute": 3}})
    statuses = [mock.post().status_code for _ in range(5)]
    assert statuses == [202, 202, 202, 429, 429]
    mock.advance(60)
    assert mock.post().status_code == 202


def test_q_lim_1_the_minute_is_the_brands_not_the_workflows(rehearse):
    mock = rehearse(tenant={"limits": {"callsPerMinute": 1}})
    path = f"/tenants/{mock.id}/workflows"
    second = mock.control("POST", path, 201, json={"name": "Second"})
    assert mock.post().status_code == 202
    assert mock.post(url=second["triggerUrl"]).status_code == 429


@pytest.mark.parametrize(("limits", "span"), [({}, 60), ({"windowSeconds": 2}, 2)])
def test_q_lim_1_calls_are_counted_over_a_minute_unless_a_test_has_a_shorter_span(
    rehearse, limits, span
):
    mock = rehearse(tenant={"limits": {"callsPerMinute": 1, **limits}})
    assert mock.post().status_code == 202
    mock.advance(span - 0.001)
    assert mock.post().status_code == 429
    mock.advance(0.001)
    assert mock.post().status_code == 202


@pytest.mark.parametrize(("switch", "header"), [(False, None), (True, "60")])
def test_q_lim_2_retry_after_is_absent_unless_switched_on(rehearse, switch, header):
    assumptions = {"retryAfter": switch}
    mock = rehearse(tenant={"limits": {"callsPerMinute": 1}, "assumptions": assumptions})
    mock.post()
    assert mock.post().headers.get("Retry-After") == header


def body_of(size):
    return b'{"a":"' + b"x" * (size - 8) + b'"}'


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(("size", "status"), [(102_399, 202), (102_400, 202), (102_401, 413)])
def test_q_lim_3_a_payload_over_102400_bytes_is_refused(mock, size, status, chunked):
    body = body_of(size)
    assert len(body) == size
    answer = mock.post(data=iter([body[:7], body[7:]]) if chunked else body)
    assert answer.status_code == status
    assert mock.totals()["accepted"] == (status == 202)


def test_q_lim_3_a_payload_far_over_the_limit_is_refused_and_the_server_goes_on(mock):
    assert mock.post(data=b" " * 3_000_000).status_code == 413
    assert mock.post().status_code == 202


@pytest.mark.parametrize(
    ("setting", "request_", "reason"),
    [
        ("tooLargeStatus", {"data": b" " * 102_401}, "payload-too-large"),
        ("contentEncodingStatus", {"headers": {"Content-Encoding": "gzip"}}, "content-encoding"),
        ("mediaTypeStatus", {"headers": {"Content-Type": "text/xml"}}, "media-type"),
        ("invalidJsonStatus", {"data": b"<x/>"}, "not-json"),
    ],
)
@pytest.mark.parametrize("status", [None, 422])
def test_q_lim_3_and_q_body_1_statuses_are_settings(rehearse, setting, request_, reason, status):
    default = {"tooLargeStatus": 413, "invalidJsonStatus": 400}.get(setting, 415)
    mock = rehearse(tenant={"assumptions": {} if status is None else {setting: status}})
    headers = {**mock.token, **request_.get("headers", {})}
    answer = mock.post(**{**request_, "headers": headers})
    assert_refused(answer, status or default, reason, mock)


def test_q_lim_4_runs_over_the_daily_cap_are_blocked_and_can_be_seen(rehearse):
    mock = rehearse(tenant={"limits": {"runsPerDay": 1}})
    assert [mock.post().status_code for _ in range(2)] == [202, 202]
    mock.advance(60)
    (blocked,) = mock.runs(view="failed-to-start")
    assert blocked["status"] == "Failed"
    assert blocked["error"]
    assert blocked["startedOn"] is None
    totals = mock.totals()
    assert (totals["succeeded"], totals["failed"], totals["blocked"]) == (1, 0, 1)


@pytest.mark.parametrize(("minute", "blocked"), [(0, [0, 1, 2]), (90, [0, 1, 1])])
def test_q_lim_4_the_day_begins_at_midnight_utc_unless_that_is_set_otherwise(
    rehearse, minute, blocked
):
    tenant = {"limits": {"runsPerDay": 1}, "assumptions": {"dayBeginsAtMinute": minute}}
    mock = rehearse(tenant=tenant)  # its clock begins at midnight
    found = []
    for minutes in (80, 20, 1):
        assert mock.post().status_code == 202
        found.append(mock.totals()["blocked"])
        mock.advance(minutes * 60)
    assert found == blocked


@pytest.mark.parametrize(("window", "admitted"), [("sliding", False), ("fixed", True)])
def test_q_lim_5_the_window_slides_unless_fixed_is_chosen(rehearse, window, admitted):
    limits, assumptions = {"callsPerMinute": 1}, {"window": window}
    mock = rehearse(tenant={"limits": limits, "assumptions": assumptions})
    mock.advance(50)
    assert mock.post().status_code == 202
    mock.advance(20)
    assert (mock.post().status_code == 202) is admitted


@pytest.mark.parametrize(("counted", "status"), [(False, 202), (True, 429)])
def test_q_lim_5_only_admitted_calls_use_up_the_minute_by_default(rehearse, counted, status):
    limits, assumptions = {"callsPerMinute": 1}, {"countRefusedCalls": counted}
    mock = rehearse(tenant={"limits": limits, "assumptions": assumptions})
    mock.post(data=b"{")
    assert mock.post().status_code == status


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1,}',
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        b"<event/>",
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"a":"\\ud800"}',
    ],
)
def test_q_body_1_a_body_that_is_no_json_starts_nothing(mock, body):
    assert_refused(mock.post(data=body), 400, "not-json", mock)


@pytest.mark.parametrize("body", [b"1", b'"text"', b"null", b"true", b"[]"])
def test_q_body_1_an_event_is_an_object(mock, body):
    assert_refused(mock.post(data=body), 400, "not-an-object", mock)


def test_q_body_1_what_other_json_than_an_object_is_answered_is_a_setting(rehearse):
    stricter = rehearse(tenant={"assumptions": {"notAnObjectStatus": 422}})
    assert_refused(stricter.post(data=b"[1]"), 422, "not-an-object", stricter)
    laxer = rehearse(
        tenant={"assumptions": {"notAnObjectStatus": 200}},
        fields=[{"name": "first", "path": "$[0]"}],
        delay={"kind": "fixed", "seconds": 0},
    )
    assert laxer.post(data=b"[1]").status_code == 202
    laxer.advance(1)
    (run,) = laxer.runs()
    assert (run["status"], run["event"], run["fields"]) == ("Succeeded", [1], {"first": 1})


@pytest.mark.parametrize(
    "content_type", ["application/xml", "text/plain", "application/x-www-form-urlencoded"]
)
def test_q_body_1_another_media_type_than_json_starts_nothing(mock, content_type):
    answer = mock.post(headers={**mock.token, "Content-Type": content_type})
    assert_refused(answer, 415, "media-type", mock)


@pytest.mark.parametrize(
    ("assumed", "status"), [({}, 202), ({"missingContentTypeTaken": False}, 415)]
)
def test_q_body_1_a_missing_content_type_is_taken_unless_that_is_set_otherwise(
    rehearse, assumed, status
):
    mock = rehearse(tenant={"assumptions": assumed})
    assert mock.post(headers={**mock.token, "Content-Type": None}).status_code == status
    assert mock.post(headers={**mock.token, "Content-Type": None}, data=b"<a/>").status_code >= 400
    assert mock.totals()["accepted"] == (status == 202)


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_q_body_1_a_trigger_takes_post_alone(mock, method):
    answer = mock.post(method=method)
    assert answer.headers["Allow"] == "POST"
    assert_refused(answer, 405, "method", mock)


def test_q_body_1_big_integers_and_the_text_of_the_body_survive(mock):
    digits = "9" * 5_000
    body = f'{{"n": {digits}, "x": 1.10, "e": 1E2}}'
    assert mock.post(data=body.encode()).status_code == 202
    answer = mock.session.get(f"{mock.control_url}/runs/{mock_run_id(mock)}", timeout=20)
    assert f'"event":{body}' in answer.text


def mock_run_id(mock):
    return mock.requests()[0]["runId"]


def test_q_body_1_of_a_repeated_key_the_last_wins_and_the_run_says_so(rehearse):
    mock = rehearse(fields=[{"name": "a", "path": "$.a"}])
    mock.post(data=b'{"a": 1, "a": 2}')
    mock.advance(1)
    (run,) = mock.runs()
    assert run["fields"] == {"a": 2}
    assert "more than once" in run["notes"][0]


def test_q_body_2_and_q_body_3_fields_are_picked_and_piped_into_settings(rehearse):
    task = {"name": "Invite", "type": "email", "settings": {"subject": "Hello ~{aedj://name}"}}
    fields = [{"name": "name", "path": "$.person.name.firstName"}]
    mock = rehearse(fields=fields, tasks=[task])
    mock.post()
    mock.advance(1)
    (run,) = mock.runs()
    assert run["fields"] == {"name": "Dave"}
    assert run["tasks"][0]["settings"] == {"subject": "Hello Dave"}


def test_q_body_2_more_than_ten_fields_are_taken_with_a_warning(rehearse, caplog):
    fields = [{"name": f"f{number}", "path": "$.person"} for number in range(11)]
    rehearse(fields=fields[:10])
    assert "fields" not in caplog.text
    mock = rehearse(fields=fields)
    assert "has 11 fields: in Qualtrics 10 can be typed in by hand" in caplog.text
    mock.post()
    mock.advance(1)
    assert len(mock.runs()[0]["fields"]) == 11


def test_q_wf_2_the_call_is_answered_first_and_the_run_completes_later(rehearse):
    mock = rehearse(delay={"kind": "fixed", "seconds": 30})
    mock.post()
    assert mock.runs()[0]["status"] == "Pending"
    mock.advance(29)
    assert mock.runs()[0]["status"] == "Pending"
    mock.advance(1)
    assert mock.runs()[0]["status"] == "Succeeded"


def test_q_wf_3_conditions_decide_whether_tasks_run(rehearse):
    condition = {"path": "$.person.name.firstName", "equals": "Eve"}
    task = {"name": "Invite", "type": "email"}
    mock = rehearse(conditions={"all": [condition]}, tasks=[task])
    mock.post()
    mock.post(data=b'{"person": {"name": {"firstName": "Eve"}}}')
    mock.advance(1)
    newest, oldest = mock.runs()
    assert newest["tasks"][0]["status"] == "Succeeded"
    assert oldest["tasks"][0]["status"] == "Skipped"


def test_q_wf_4_failed_tasks_are_tried_again_for_a_day_when_told_so(rehearse):
    tasks = [{"name": "First", "type": "record", "failFirst": 3}]
    mock = rehearse(tasks=tasks, retryTasks=True)
    mock.post()
    mock.advance(86_400)
    (run,) = mock.runs()
    assert (run["status"], run["tasks"][0]["attempts"]) == ("Succeeded", 4)


def test_q_wf_4_with_retries_on_every_failed_task_is_tried_again_and_no_other(rehearse):
    types = ("email", "web_service", "contact_update", "record")
    tasks = [{"name": one, "type": one, "failFirst": 1} for one in types]
    mock = rehearse(tasks=[*tasks, {"name": "Fine", "type": "record"}], retryTasks=True)
    mock.post()
    mock.advance(3_600)
    (run,) = mock.runs()
    assert run["status"] == "Succeeded"
    assert [task["attempts"] for task in run["tasks"]] == [2, 2, 2, 2, 1]


def test_q_wf_4_fail_first_counts_over_all_runs_of_the_workflow(rehearse):
    mock = rehearse(tasks=[{"name": "First", "type": "record", "failFirst": 2}])
    for _ in range(3):
        mock.post()
        mock.advance(1)
    assert [run["status"] for run in mock.runs()] == ["Succeeded", "Failed", "Failed"]


def test_q_wf_5_a_failed_task_is_notified_on_its_run(rehearse):
    mock = rehearse(tasks=[{"name": "First", "type": "record", "failFirst": 1}])
    mock.post()
    mock.advance(1)
    assert [one["kind"] for one in mock.runs()[0]["notifications"]] == ["task-failed"]


def test_q_run_1_a_run_ends_succeeded_or_failed_with_the_details_of_the_failure(rehearse):
    task = {"name": "Invite", "type": "email", "settings": {"to": "~{aedj://email}"}}
    mock = rehearse(fields=[{"name": "email", "path": "$.email"}], tasks=[task])
    mock.post(data=b'{"email": "dave@example.com"}')
    mock.post(data=b"{}")
    mock.advance(1)
    failed, succeeded = mock.runs()
    assert (succeeded["status"], failed["status"]) == ("Succeeded", "Failed")
    assert "email" in failed["error"]
    details = mock.control("GET", f"/runs/{failed['id']}")
    assert details == failed
    assert validate(details, "run") == []


def test_q_run_2_run_history_has_two_views(rehearse):
    mock = rehearse(tenant={"limits": {"runsPerDay": 1}})
    mock.post()
    mock.post()
    assert len(mock.runs()) == 2
    mock.advance(1)
    assert len(mock.runs(view="started")) == 1
    assert len(mock.runs(view="failed-to-start")) == 1


def test_q_run_3_run_history_is_kept_30_days_and_totals_for_good(mock):
    mock.post()
    mock.advance(29 * 86_400)
    assert len(mock.runs()) == 1
    mock.advance(2 * 86_400)
    assert mock.runs() == []
    assert mock.totals()["succeeded"] == 1


def test_q_id_1_tokens_and_ids_have_the_observed_form(mock):
    token, workflow = mock.tenant["apiToken"], mock.workflow["id"]
    assert len(token) == 40
    assert token.isalnum()
    assert workflow.startswith("WF_")
    assert workflow[3:].isalnum()
    assert len(workflow) == 18
    assert validate(mock.tenant, "tenant") == []
    assert validate(mock.workflow, "workflow") == []
