"""The list of workflows and what its buttons do; the app itself, without a server."""

import re
import shlex

import pytest

from mock_qualtrics import create_app
from mock_qualtrics.journal import State as RunState
from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.pages import forms
from mock_qualtrics.web.pages.workflows.list_contents import MOST_COUNTED, run_counts

SCRIPT = "<script>alert(1)</script>"
TASK = {"name": "Invite", "type": "email"}


@pytest.fixture
def mock(rehearse):
    return rehearse({"name": "Send the survey"})


@pytest.fixture
def client(mock):
    return create_app(engine=mock.engine).test_client()


def send_form(client, path, status=303, **fields: str):
    with client.application.app_context():
        fields[forms.FIELD] = forms.token()
    answer = client.post(path, data=fields)
    assert answer.status_code == status
    return answer.headers["Location"] if status == 303 else answer.get_data(as_text=True)


def shown(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def listed(client, mock):
    return shown(client, f"/workflows?tenant={mock.tenant.id}")


def test_a_workflow_without_runs_says_what_to_do(client, mock):
    page = listed(client, mock)
    for text in ("Send the survey", "enabled", "No run yet: paste the curl line", "No run yet"):
        assert text in page
    for url in mock.workflow.urls("http://localhost").values():
        assert url.replace("&", "&amp;") in page


def test_a_workflow_shows_its_last_run_and_counts(client, mock):
    mock.send()
    mock.advance(1)
    (run,) = mock.runs()
    page = listed(client, mock)
    assert f"/runs/{run['id']}" in page
    assert re.search(r"<b>1</b> <a [^>]*>Succeeded</a>", page)
    assert re.search(r"<b>0</b> <a [^>]*>Failed</a>", page)


def test_counts_tell_apart_what_became_of_runs(rehearse):
    mock = rehearse(
        {"name": "w", "tasks": [{**TASK, "failFirst": 1}]}, {"limits": {"runsPerDay": 2}}
    )
    for _ in range(3):
        mock.send()
    mock.advance(1)
    mock.send()
    counts = {one["name"]: one["text"] for one in run_counts(mock.engine, mock.workflow.id)}
    assert counts == {"Succeeded": "1", "Failed": "1", "Failed to start": "2", "Pending": "0"}


def test_no_more_runs_are_counted_than_asked_for(mock):
    for _ in range(3):
        mock.send()
    assert mock.engine.journal.reader.run_counts(mock.workflow.id, 2)[RunState.PENDING] == 2


def test_a_link_of_each_count_is_a_page(client, mock):
    for link in re.findall(r'<b>0</b> <a href="([^"]+)"', listed(client, mock)):
        shown(client, link.replace("&amp;", "&"))


def test_the_switch_disables_and_enables(client, mock):
    path = f"/workflows/{mock.workflow.id}/switch"
    assert f"#{mock.workflow.id}" in send_form(client, path, enabled="false")
    assert mock.engine.tenants.workflow(mock.workflow.id).state is State.DISABLED
    assert "Enable Send the survey" in listed(client, mock)
    send_form(client, path, enabled="true")
    assert mock.engine.tenants.workflow(mock.workflow.id).enabled
    send_form(client, path, 400, enabled="perhaps")


def test_a_draft_and_a_disabled_workflow_are_told_apart(client, mock):
    add = mock.engine.tenants.add_workflow
    add(mock.tenant, {"name": "Later", "draft": True})
    add(mock.tenant, {"name": "Over", "enabled": False})
    page = listed(client, mock)
    assert "never published or enabled: calls are answered 404" in page
    assert "calls start nothing" in page


def test_the_curl_line_has_the_token_only_when_it_is_asked_for(client, mock):
    token = mock.tenant.api_token.reveal()
    page = listed(client, mock)
    assert "$QUALTRICS_API_TOKEN" in page
    assert token not in page
    with_it = shown(client, f"/workflows?tenant={mock.tenant.id}&reveal={mock.workflow.id}")
    assert token in with_it


def test_the_curl_line_of_the_page_starts_a_run(client, mock):
    page = shown(client, f"/workflows?tenant={mock.tenant.id}&reveal={mock.workflow.id}")
    (line,) = re.findall(r'data-copy="(curl [^"]+)"', page)
    words = shlex.split(line.replace("&#39;", "'").replace("&#34;", '"').replace("&amp;", "&"))
    headers = dict(
        words[at + 1].split(": ", 1) for at, word in enumerate(words) if word == "--header"
    )
    body = words[words.index("--data") + 1]
    assert client.post(words[-1], headers=headers, data=body).status_code == 202
    assert len(mock.runs()) == 1


def test_a_workflow_is_deleted_after_a_question(client, mock):
    path = f"/workflows/{mock.workflow.id}/delete"
    assert "cannot be undone" in shown(client, path)
    assert "/workflows" in send_form(client, path)
    assert mock.tenant.workflows == ()
    assert "There is no workflow yet" in listed(client, mock)
    shown(client, path, 404)


def test_run_now_starts_a_run_with_the_event(client, mock):
    path = f"/workflows/{mock.workflow.id}/run"
    assert "dave@example.com" in shown(client, path)
    location = send_form(client, path, event='{"a":\r\n1}')  # line breaks as a browser sends them
    (run,) = mock.runs()
    assert location == f"/runs/{run['id']}"
    assert run["event"].text == '{"a":\n1}'


def test_run_now_says_beside_the_field_that_an_event_is_none(client, mock):
    page = send_form(client, f"/workflows/{mock.workflow.id}/run", 400, event='["typed"]')
    assert "expected an object" in page
    assert 'aria-invalid="true"' in page
    assert "[&#34;typed&#34;]" in page
    assert mock.runs() == ()


def test_run_now_says_whether_it_takes_edits_that_wait(rehearse):
    mock = rehearse({"name": "w"}, {"assumptions": {"runNowTakesLiveSettings": False}})
    client = create_app(engine=mock.engine).test_client()
    path = f"/workflows/{mock.workflow.id}/run"
    said = "It takes the edits that are not live yet."
    assert said not in shown(client, path)
    mock.engine.tenants.update_workflow(mock.workflow.id, {"retryTasks": True, "publish": False})
    assert said in shown(client, path)


def test_markup_in_a_name_is_shown_as_text(client, mock):
    mock.engine.tenants.update_workflow(mock.workflow.id, {"name": SCRIPT})
    for path in ("", f"/{mock.workflow.id}/delete", f"/{mock.workflow.id}/run"):
        assert SCRIPT not in shown(client, f"/workflows{path}")


def test_a_form_without_the_token_changes_nothing(client, mock):
    for action in ("switch", "delete", "run"):
        answer = client.post(f"/workflows/{mock.workflow.id}/{action}", data={"enabled": "false"})
        assert answer.status_code == 403
    assert mock.engine.tenants.workflow(mock.workflow.id).enabled


def test_without_a_tenant_the_page_says_so(client, mock):
    for tenant in mock.engine.tenants.all():
        mock.engine.tenants.delete(tenant.id)
    assert "There is no tenant." in shown(client, "/workflows")


def test_more_runs_than_are_counted_are_said_to_be_more(client, mock):
    for _ in range(MOST_COUNTED + 1):
        mock.engine.stage(mock.call())
    mock.engine.commit()
    assert f"<b>{MOST_COUNTED}+</b>" in listed(client, mock)


@pytest.fixture
def many(mock):
    for number in range(50):
        mock.engine.tenants.add_workflow(mock.tenant, {"name": f"Workflow {number}"})
    return mock


def names_on(page: str) -> list[str]:
    return re.findall(r'class="opens"[^>]*>([^<]+)', page)


def test_many_workflows_are_shown_page_by_page(client, many):
    page, seen = listed(client, many), []
    while True:
        seen += names_on(page)
        following = re.findall(r'rel="next" href="([^"]+)"', page)
        if not following:
            break
        page = shown(client, following[0].replace("&amp;", "&"))
    assert seen == ["Send the survey", *(f"Workflow {number}" for number in range(50))]
    before = re.findall(r'rel="prev" href="([^"]+)"', page)[0].replace("&amp;", "&")
    assert names_on(shown(client, before))[0] == "Workflow 19"


def test_a_page_of_many_workflows_is_small(client, many):
    for path in (f"/workflows?tenant={many.tenant.id}", f"/runs?tenant={many.tenant.id}"):
        assert len(client.get(path).data) < 100_000


def test_workflows_are_found_by_name_and_state(client, many):
    page = shown(client, f"/workflows?tenant={many.tenant.id}&q=WORKFLOW+4")
    assert names_on(page) == ["Workflow 4", *(f"Workflow {number}" for number in range(40, 50))]
    assert "11 of 51 workflows" in page
    page = shown(client, f"/workflows?tenant={many.tenant.id}&state=draft")
    assert names_on(page) == []
    assert "No workflow has such a name and state." in page
    assert 'role="alert"' in shown(client, "/workflows?state=on", 400)


def test_a_switch_leads_back_to_the_page_that_was_seen(client, many):
    workflow = next(one for one in many.tenant.workflows if one.name == "Workflow 30")
    path = f"/workflows/{workflow.id}/switch"
    seen = send_form(client, path, enabled="false", q="flow 3", state="enabled")
    assert seen.startswith(f"/workflows?tenant={many.tenant.id}&q=flow+3&state=enabled")
    assert workflow.id not in shown(client, seen)
    assert workflow.id in shown(client, send_form(client, path, enabled="true"))


def test_run_history_offers_some_of_many_workflows_and_the_chosen_one(client, many):
    workflow = next(one for one in many.tenant.workflows if one.name == "Workflow 49")
    page = shown(client, f"/runs?tenant={many.tenant.id}")
    assert workflow.id not in page
    assert "Find another workflow" in page
    page = shown(client, f"/runs?tenant={many.tenant.id}&workflow={workflow.id}")
    assert f'<option value="{workflow.id}" selected>' in page


def test_a_task_that_pipes_a_field_which_is_not_there_is_warned_of(client, mock):
    task = {**TASK, "settings": {"to": "~{aedj://emial}", "cc": ["~{aedj://emial}"]}}
    changes = {"tasks": [task], "fields": [{"name": "email", "path": "$.email"}]}
    mock.engine.tenants.update_workflow(mock.workflow.id, changes)
    warning = "task &#39;Invite&#39;: the workflow has no field emial, so its runs fail (Q-BODY-3)"
    assert listed(client, mock).count(warning) == 1
    task["settings"] = {"to": "~{aedj://email}"}
    mock.engine.tenants.update_workflow(mock.workflow.id, {"tasks": [task]})
    assert "has no field" not in listed(client, mock)
