"""Make and change a workflow by its form; the app itself, without a server."""

import html
import re

import pytest

from mock_qualtrics import create_app
from mock_qualtrics.tenants.life_cycle import State
from mock_qualtrics.web.pages import forms

SCRIPT = "</textarea><script>alert(1)</script>"
LIVE = {"name": "Send the survey", "fields": [{"name": "email", "path": "$.email"}]}


@pytest.fixture
def mock(rehearse):
    return rehearse(LIVE)


@pytest.fixture
def client(mock):
    return create_app(engine=mock.engine).test_client()


def path_of(mock):
    return f"/workflows/{mock.workflow.id}"


def now(mock):
    return mock.engine.tenants.workflow(mock.workflow.id)


def shown(client, path, status=200):
    answer = client.get(path)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


def fields_of(page):
    """Return what a browser would send of the workflow's form, by name."""
    form = page[page.index('<form method="post" id="workflow"') :]
    fields = {}
    for tag in re.findall(r"<input [^>]*>", form):
        given = dict(re.findall(r'(\w[\w-]*)="([^"]*)"', tag))
        if given.get("type") != "checkbox" or " checked" in tag:
            fields[given["name"]] = html.unescape(given["value"])
    for name, text in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', form):
        fields[name] = html.unescape(text)
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', form):
        fields[name] = re.findall(r'value="([^"]*)" selected', options)[0]
    return fields


def send(client, path, fields, status=303, **changed: str):
    answer = client.post(path, data={**fields, **changed})
    assert answer.status_code == status
    return answer.headers["Location"] if status == 303 else answer.get_data(as_text=True)


def test_a_workflow_is_made_by_the_form_with_what_was_chosen_only(client, mock):
    path = f"/workflows/new?tenant={mock.tenant.id}"
    fields = fields_of(shown(client, path))
    more = {"fields-0-name": "first", "fields-0-path": "$.first", "retryTasks": "true"}
    location = send(client, path, fields | more, name="Welcome", do="save")
    made = next(one for one in mock.tenant.workflows if one.name == "Welcome")
    assert location.endswith(f"#{made.id}")
    first = {"name": "first", "path": "$.first"}
    assert made.version.chosen == {"name": "Welcome", "fields": [first], "retryTasks": True}


@pytest.mark.parametrize(
    ("chosen", "state"),
    [("enabled", State.ACTIVE), ("disabled", State.DISABLED), ("draft", State.DRAFT)],
)
def test_a_new_workflow_has_the_state_that_was_chosen(client, mock, chosen, state):
    path = f"/workflows/new?tenant={mock.tenant.id}"
    send(client, path, fields_of(shown(client, path)), name="New", state=chosen, do="save")
    assert next(one for one in mock.tenant.workflows if one.name == "New").state is state


def test_an_error_stands_beside_its_field_and_nothing_typed_is_lost(client, mock):
    fields = fields_of(shown(client, path_of(mock)))
    typed = {"fields-0-path": "nowhere", "delay-seconds": "soon", "name": SCRIPT}
    page = send(client, path_of(mock), fields | typed, 400, do="save")
    assert fields_of(page).items() >= typed.items()
    assert SCRIPT not in page
    for name in ("fields-0-path", "delay-seconds"):
        (tag,) = re.findall(rf'<input [^>]*id="{name}"[^>]*>', page)
        assert 'aria-invalid="true"' in tag
        assert f"{name}-error" in re.findall(r'aria-describedby="([^"]*)"', tag)[0].split()
        assert f'<p class="error" id="{name}-error">' in page
        assert f'<a href="#{name}">' in page
    assert "2 fields need another look" in page
    assert now(mock) == mock.workflow


def test_settings_that_are_no_json_are_an_error_beside_them(client, mock):
    mock.engine.tenants.update_workflow(
        mock.workflow.id, {"tasks": [{"name": "Invite", "type": "email"}]}
    )
    fields = fields_of(shown(client, path_of(mock)))
    page = send(client, path_of(mock), fields, 400, do="save", **{"tasks-0-settings": "{to"})
    assert "this is no JSON" in page
    assert fields_of(page)["tasks-0-settings"] == "{to"


def test_saving_and_publishing_changes_only_what_was_changed(client, mock):
    fields = fields_of(shown(client, path_of(mock)))
    send(client, path_of(mock), fields, do="save", onTaskFailure="stop")
    assert now(mock).version.chosen == {**LIVE, "onTaskFailure": "stop"}


def test_a_draft_edit_waits_until_it_is_published(client, mock):
    fields = fields_of(shown(client, path_of(mock)))
    location = send(client, path_of(mock), fields, name="Other", do="keep")
    assert location == path_of(mock)
    assert now(mock).name == "Send the survey"
    page = shown(client, location)
    assert "edits that are not live yet" in page
    assert re.search(r"<pre>Send the survey</pre>.*<pre>Other</pre>", page)
    assert fields_of(page)["name"] == "Other"
    send(client, f"{path_of(mock)}/publish", fields_of(page))
    assert now(mock).name == "Other"
    assert not now(mock).version.waiting


def test_edits_that_wait_are_discarded(client, mock):
    mock.engine.tenants.update_workflow(mock.workflow.id, {"name": "Other", "publish": False})
    send(client, f"{path_of(mock)}/discard", fields_of(shown(client, path_of(mock))))
    assert now(mock) == mock.workflow


def test_a_draft_is_saved_and_stays_a_draft_until_it_is_published(rehearse):
    mock = rehearse({"name": "Later", "draft": True})
    client = create_app(engine=mock.engine).test_client()
    page = shown(client, path_of(mock))
    assert "Save as a draft edit" not in page
    send(client, path_of(mock), fields_of(page), retryTasks="true", do="save")
    assert now(mock).state is State.DRAFT
    assert now(mock).settings.retry_tasks
    send(client, f"{path_of(mock)}/publish", fields_of(shown(client, path_of(mock))))
    assert now(mock).state is State.PUBLISHED


def test_the_second_of_two_is_told_and_may_save_all_the_same(client, mock):
    fields = fields_of(shown(client, path_of(mock)))
    send(client, path_of(mock), fields, name="First", do="save")
    page = send(client, path_of(mock), fields, 409, name="Second", do="save")
    assert "changed meanwhile" in page
    assert re.search(r"<pre>First</pre>.*<pre>Second</pre>", page)
    assert now(mock).name == "First"
    send(client, path_of(mock), fields_of(page), do="save")
    assert now(mock).name == "Second"


@pytest.mark.parametrize("action", ["publish", "discard"])
def test_what_was_changed_meanwhile_is_neither_published_nor_discarded(client, mock, action):
    mock.engine.tenants.update_workflow(mock.workflow.id, {"name": "Other", "publish": False})
    fields = fields_of(shown(client, path_of(mock)))
    mock.engine.tenants.update_workflow(mock.workflow.id, {"name": "Third", "publish": False})
    send(client, f"{path_of(mock)}/{action}", fields, 409)
    assert now(mock).version.waiting == {"name": "Third"}


def test_enter_in_a_field_checks_and_saves_nothing(client, mock):
    page = shown(client, path_of(mock))
    form = page[page.index('id="workflow"') :]
    (first, *_) = re.findall(r"<button [^>]*>", form)
    assert 'value="check"' in first
    checked = send(client, path_of(mock), fields_of(page), 200, name="Other", do="check")
    assert "not saved yet" in checked
    assert fields_of(checked)["name"] == "Other"
    assert now(mock) == mock.workflow


def test_rows_are_added_and_removed_without_a_script(client, mock):
    fields = fields_of(shown(client, path_of(mock)))
    more = fields_of(send(client, path_of(mock), fields, 200, name="typed", do="add:fields"))
    assert (
        more.items() >= {"fields-0-path": "$.email", "fields-1-path": "", "name": "typed"}.items()
    )
    fewer = fields_of(send(client, path_of(mock), more, 200, do="remove:fields:0"))
    assert fewer["fields-0-path"] == ""
    assert "fields-1-path" not in fewer
    assert now(mock) == mock.workflow


def test_nested_conditions_are_shown_as_json_and_kept(client, mock):
    nested = {"all": [{"any": [{"path": "$.a", "exists": True}]}]}
    mock.engine.tenants.update_workflow(mock.workflow.id, {"conditions": nested})
    page = shown(client, path_of(mock))
    assert "conditions-0-path" not in page
    send(client, path_of(mock), fields_of(page), name="Other", do="save")
    assert now(mock).version.chosen == {**LIVE, "conditions": nested, "name": "Other"}


def test_markup_in_settings_is_shown_as_text(client, mock):
    changes = {
        "name": SCRIPT,
        "tasks": [{"name": SCRIPT, "type": "email", "settings": {"a": SCRIPT}}],
    }
    changes["conditions"] = {"all": [{"path": "$.a", "equals": SCRIPT}]}
    mock.engine.tenants.update_workflow(mock.workflow.id, {**changes, "publish": False})
    page = shown(client, path_of(mock))
    assert SCRIPT not in page
    assert "<script>" not in page
    send(client, path_of(mock), fields_of(page), do="save")
    assert now(mock).version.chosen == {**LIVE, **changes}


def test_a_form_without_the_token_changes_nothing(client, mock):
    fields = fields_of(shown(client, path_of(mock))) | {forms.FIELD: "none"}
    for path in (path_of(mock), f"{path_of(mock)}/publish", f"{path_of(mock)}/discard"):
        assert client.post(path, data={**fields, "name": "x", "do": "save"}).status_code == 403
    assert now(mock) == mock.workflow


def test_an_unknown_workflow_and_no_tenant_are_said_to_be_so(client, mock):
    shown(client, "/workflows/WF_000000000000000", 404)
    for tenant in mock.engine.tenants.all():
        mock.engine.tenants.delete(tenant.id)
    assert "There is no tenant" in shown(client, "/workflows/new", 404)
