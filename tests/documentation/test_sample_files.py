"""The sample files are what they say: valid, readable, and the page's example key for key."""

import csv
import json
from io import BytesIO
from pathlib import Path

import pytest

from contracts.documents import Document, read_documents
from contracts.validation import schema, validate

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
DATAFLOWS = sorted([*DATA.glob("*/dataflow.toml"), *ROOT.glob("docs/examples/*/dataflow.toml")])
WORKFLOWS = sorted(ROOT.glob("docs/examples/*/workflows.toml"))
PROFILES = sorted([*DATA.glob("*/profiles.jsonl"), *ROOT.glob("docs/examples/*/profiles.jsonl")])


def values(path: Path):
    documents = list(read_documents(str(path), BytesIO()))
    assert all(isinstance(document, Document) for document in documents), documents
    return [document.value for document in documents]


def name(path: Path):
    return str(path.relative_to(ROOT))


def test_both_use_cases_are_there():
    assert {path.parent.name for path in WORKFLOWS} == {"post-purchase", "onboarding"}
    assert {path.parent.name for path in DATAFLOWS} >= {"post-purchase", "onboarding", "more"}


@pytest.mark.parametrize("path", DATAFLOWS, ids=name)
def test_a_sample_dataflow_is_valid(path: Path):
    (dataflow,) = values(path)
    assert validate(dataflow, "dataflow") == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=name)
def test_a_sample_workflows_file_is_valid(path: Path):
    (workflows,) = values(path)
    assert validate(workflows, "workflows-file") == []


@pytest.mark.parametrize("path", PROFILES, ids=name)
def test_sample_profiles_are_objects_with_memberships(path: Path):
    for profile in values(path):
        assert profile["segmentMembership"]["ups"]


def test_the_destination_page_s_example_is_a_valid_message():
    (message,) = values(DATA / "destination-page" / "message.json")
    assert validate(message, "exported-message") == []
    assert message == schema("exported-message")["examples"][0]


def test_the_messages_of_the_odd_samples_are_valid():
    messages = json.loads((DATA / "more" / "messages.json").read_text("utf-8"))
    for message in filter(None, messages.values()):
        assert validate(message, "exported-message") == []


def test_the_onboarding_workflow_waits_30_days():
    (workflows,) = values(ROOT / "docs/examples/onboarding/workflows.toml")
    assert workflows["workflows"][0]["delay"] == {"kind": "fixed", "seconds": 30 * 24 * 60 * 60}


def test_the_csv_sample_has_a_cell_for_each_column():
    with (DATA / "more" / "profiles.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    assert all(len(row) == len(header) for row in rows)
