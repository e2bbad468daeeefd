"""Which workflow a kept URL names."""

import pytest

from mock_qualtrics.journal.calls.workflow_ids import WorkflowIds, url_ends

TOKEN = ("...3f2a",)
OLDER = ("...0001", "...0002", "...0003", "...0004")
OLDER_QUERY = "contextId=...0002&userId=...0003&brandId=...0004&triggerId=...0001"


def known() -> WorkflowIds:
    workflow_ids = WorkflowIds()
    workflow_ids.add(1, "WF_1", 7, [TOKEN, OLDER])
    return workflow_ids


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("urlTokenId=...3f2a&x=true", TOKEN),
        ("urlTokenId=...3f2a&urlTokenId=...9999", TOKEN),
        (f"{OLDER_QUERY}&x=1", OLDER),
        (f"{OLDER_QUERY}&urlTokenId=...3f2a", TOKEN),
        ("triggerId=...0001&userId=...0003", None),
        ("", None),
    ],
)
def test_both_forms_of_a_url_are_read_as_the_gate_reads_them(query, ends):
    assert url_ends(query) == ends


@pytest.mark.parametrize("query", ["urlTokenId=...3f2a", OLDER_QUERY])
def test_a_url_names_its_workflow_in_its_own_tenant_until_it_is_deleted(query):
    workflow_ids = known()
    assert workflow_ids.named_by(7, query) == "WF_1"
    assert workflow_ids.named_by(8, query) is None
    workflow_ids.add(1, "WF_1", 7, [TOKEN, OLDER])  # as after a change
    assert workflow_ids.named_by(7, query) == "WF_1"
    workflow_ids.remove(1)
    assert workflow_ids.named_by(7, query) is None


def test_an_end_that_two_workflows_share_names_none_of_them():
    workflow_ids = known()
    workflow_ids.add(2, "WF_2", 7, [TOKEN])
    assert workflow_ids.named_by(7, "urlTokenId=...3f2a") is None
    workflow_ids.remove(1)
    assert workflow_ids.named_by(7, "urlTokenId=...3f2a") == "WF_2"
