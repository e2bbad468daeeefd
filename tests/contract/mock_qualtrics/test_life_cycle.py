"""A workflow's life cycle over HTTP: draft, published, active, disabled (Q-WF-1, Q-WF-6)."""

import pytest

from contracts import validate
from contracts.errors import ControlRefusedError

UNKNOWN = "No workflow is associated with the token in this URL."
NO_CREDENTIAL = {"X-API-TOKEN": None}


def refusal_of(answer):
    return answer.status_code, answer.json()["meta"]["error"]["errorMessage"]


def shown(mock):
    document = mock.client.workflow(mock.workflow["id"])
    assert validate(document, "workflow") == []
    return document


@pytest.mark.parametrize("form", ["triggerUrl", "legacyTriggerUrl"])
def test_q_wf_1_a_draft_is_answered_as_an_unknown_url_until_it_is_enabled(rehearse, form):
    mock = rehearse(draft=True)
    assert (mock.workflow["state"], mock.workflow["enabled"]) == ("draft", False)
    assert refusal_of(mock.post(url=mock.workflow[form])) == (404, UNKNOWN)
    assert mock.requests()[0]["reason"] == "workflow-draft"
    enabled = mock.client.enable_workflow(mock.workflow["id"])
    assert (enabled["state"], enabled["draft"]) == ("active", False)
    assert mock.post(url=mock.workflow[form]).status_code == 202


def test_q_wf_1_a_disabled_workflow_shows_no_execution(rehearse):
    mock = rehearse()
    mock.client.disable_workflow(mock.workflow["id"])
    assert refusal_of(mock.post()) == (404, UNKNOWN)
    mock.advance(60)
    assert mock.runs() == []
    totals = mock.totals()
    assert (totals["refusedBy"], totals["ignored"]) == ({"workflow-disabled": 1}, 0)


@pytest.mark.parametrize(("status", "ignored"), [(202, 1), (299, 1), (403, 0)])
def test_q_wf_1_the_answer_of_a_disabled_workflow_is_a_setting(rehearse, status, ignored):
    mock = rehearse(enabled=False, tenant={"assumptions": {"disabledStatus": status}})
    assert mock.post().status_code == status
    totals = mock.totals()
    assert (totals["accepted"], totals["ignored"], totals["refused"]) == (
        ignored,
        ignored,
        1 - ignored,
    )
    assert mock.runs() == []


@pytest.mark.parametrize("workflow", [{"draft": True}, {"enabled": False}])
def test_a_workflow_that_is_not_enabled_is_judged_before_credential_and_minute(rehearse, workflow):
    mock = rehearse(**workflow, tenant={"limits": {"callsPerMinute": 1}})
    answers = [mock.post(headers=NO_CREDENTIAL), mock.post(data=b"{"), mock.post()]
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    mock.client.enable_workflow(mock.workflow["id"])
    assert [mock.post().status_code for _ in range(2)] == [202, 429]


def test_q_wf_6_kept_edits_reach_no_run_before_they_are_published(rehearse):
    mock = rehearse()
    tasks = [{"name": "Record", "type": "record"}]
    kept = mock.client.update_workflow(mock.workflow["id"], {"tasks": tasks, "publish": False})
    assert (kept["tasks"], kept["unpublished"]) == ([], {"tasks": tasks})
    assert shown(mock) == kept
    mock.post()
    mock.advance(1)
    assert mock.runs()[0]["tasks"] == []
    published = mock.client.publish_workflow(mock.workflow["id"])
    assert "unpublished" not in shown(mock)
    assert published["tasks"][0]["name"] == "Record"
    mock.post()
    mock.advance(1)
    assert [task["name"] for task in mock.runs()[0]["tasks"]] == ["Record"]


def test_q_wf_6_a_published_draft_is_still_not_enabled(rehearse):
    mock = rehearse(draft=True)
    mock.client.update_workflow(mock.workflow["id"], {"name": "Other", "publish": False})
    published = mock.client.publish_workflow(mock.workflow["id"])
    assert (published["state"], published["name"]) == ("published", "Other")
    assert mock.post().status_code == 404
    assert shown(mock)["state"] == "published"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"draft": True, "enabled": True}, "$.enabled: found true, expected false, or no enabled"),
        ({"draft": True}, "$.draft: found true, expected false: this workflow was enabled before"),
        ({"enabled": False, "publish": False}, "$.enabled: found beside publish false"),
        ({"delay": {}, "publish": False}, "$.delay"),
        ({"publish": "no"}, "$.publish: found"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused_and_changes_nothing(mock, changes, said):
    before = shown(mock)
    with pytest.raises(ControlRefusedError) as refused:
        mock.client.update_workflow(mock.workflow["id"], changes)
    assert refused.value.status == 400
    assert said in str(refused.value)
    assert shown(mock) == before


def test_a_draft_beside_enabled_is_refused_when_it_is_made(mock):
    with pytest.raises(ControlRefusedError, match=r"\$.enabled: found true, expected false, or no"):
        mock.client.add_workflow(mock.id, {"name": "Both", "draft": True, "enabled": True})
    assert len(mock.client.tenant(mock.id)["workflows"]) == 1
