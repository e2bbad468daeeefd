"""The tasks of the documented workflows run on the event that ``serve`` prints."""

import json
from pathlib import Path

import pytest

from contracts.validation import validate
from mock_qualtrics.commands.workflows_file import read_workflows
from mock_qualtrics.events.sample_event import sample_event
from mock_qualtrics.testing.records import camel_keys

EXAMPLES = sorted(Path(__file__).parents[4].glob("docs/examples/*/workflows.toml"))


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.parent.name)
def test_every_task_of_an_example_runs_on_its_sample_event(file: Path, rehearse):
    (workflow,) = read_workflows(file)
    rehearsal = rehearse(camel_keys(workflow))
    event = sample_event(rehearsal.workflow.settings.to_mapping())
    assert not validate(event, "exported-message")
    rehearsal.send(json.dumps(event).encode())
    rehearsal.advance(workflow["delay"]["seconds"])
    (run,) = rehearsal.runs()
    assert [task["status"] for task in run["tasks"]] == ["Succeeded"] * len(workflow["tasks"])


@pytest.mark.parametrize(
    "settings",
    [
        {"conditions": {}, "fields": []},
        {
            "conditions": {"path": "$.segmentMembership.ups.*.status", "equals": "exited"},
            "fields": [{"name": "at", "path": "$.segmentMembership.ups.*.lastQualificationTime"}],
        },
        {
            "conditions": {"path": "$.segmentMembership.ups['a-1'].status", "exists": True},
            "fields": [{"name": "all", "path": "$.identityMap"}],
        },
        {
            "conditions": {"path": "$.segmentMembership.ups.*", "exists": True},
            "fields": [{"name": "mail", "path": "$.identityMap.Email[0].id"}],
        },
    ],
)
def test_a_sample_event_is_an_exported_message(settings):
    assert not validate(sample_event(settings), "exported-message")
