"""What the strategies make is valid."""

import json
from typing import Any

import jsonpath_rfc9535
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contracts.strategies import (
    HASH_LENGTHS,
    dataflows,
    identity_values,
    json_paths,
    messages,
    profiles,
    texts,
    workflows,
)
from contracts.strategies.workflow_tables import path_to
from contracts.validation import validate
from mock_qualtrics.tenants.key_case import camel_case_keys
from mock_qualtrics.tenants.settings_documents import workflow_settings

FLOWS_AND_PROFILES = dataflows().flatmap(
    lambda flow: st.tuples(st.just(flow), profiles(flow, hashed_emails=True))
)


@given(dataflows())
def test_every_dataflow_is_valid_and_its_targets_do_not_collide(dataflow: dict[str, Any]):
    assert validate(dataflow, "dataflow") == []
    targets = [attribute["target"] for attribute in dataflow["attributes"]]
    for target in targets:
        assert sum(f"{other}.".startswith(f"{target}.") for other in targets) == 1


@given(messages())
def test_every_message_is_valid_and_survives_json(message: dict[str, Any]):
    assert validate(message, "exported-message") == []
    assert json.loads(json.dumps(message, ensure_ascii=False).encode()) == message


@given(FLOWS_AND_PROFILES)
def test_every_profile_is_plain_json_with_valid_memberships(pair: tuple[Any, dict[str, Any]]):
    _, profile = pair
    assert json.loads(json.dumps(profile, ensure_ascii=False).encode()) == profile
    judged = {
        "identityMap": {"Email": [{"id": "1"}]},
        "segmentMembership": {"ups": profile["segmentMembership"]["ups"]},
    }
    assert validate(judged, "exported-message") == []


PRESENT = {"attributes": [{"source": "a.b", "target": "b", "always_present": True}]}


@given(profiles(PRESENT))
def test_a_profile_has_what_the_dataflow_says_is_always_present(profile: dict[str, Any]):
    assert isinstance(profile["a"]["b"], str | int | float)


@given(profiles())
def test_a_profile_needs_no_dataflow(profile: dict[str, Any]):
    assert {"identityMap", "segmentMembership"} <= set(profile)


@given(identity_values(hashed=True))
def test_a_hashed_identity_has_a_hash_s_form(value: str):
    assert len(value) in HASH_LENGTHS
    assert int(value, 16) >= 0


@given(identity_values())
def test_a_plain_identity_has_no_hash_s_form(value: str):
    assert len(value) < min(HASH_LENGTHS)


FLOWS_AND_WORKFLOWS = dataflows().flatmap(workflows) | workflows()


@settings(max_examples=50)  # half of them are of a dataflow, each with strategies of its own
@given(FLOWS_AND_WORKFLOWS)
def test_every_workflow_is_taken_by_a_workflows_file_and_by_the_mock(workflow: dict[str, Any]):
    assert validate({"workflows": [workflow]}, "workflows-file") == []
    assert workflow_settings(camel_case_keys(workflow)).name == workflow["name"]


@given(st.lists(texts(min_size=1).filter(lambda name: "." not in name), min_size=1, max_size=3))
def test_a_path_finds_what_stands_at_a_target_with_any_names(names: list[str]):
    message: Any = 1
    for name in reversed(names):
        message = {name: message}
    found = jsonpath_rfc9535.find(path_to(".".join(names)), message)
    assert [node.value for node in found] == [1]


@pytest.mark.parametrize("made", [profiles, workflows, json_paths])
@pytest.mark.parametrize(
    ("dataflow", "said"),
    [
        (dataflows(), r"found a strategy, expected one dataflow: dataflows\(\).flatmap"),
        ("dataflow.toml", "found a str, expected a parsed dataflow"),
        ([], "found a list, expected a parsed dataflow"),
    ],
)
def test_what_is_no_dataflow_is_told(made, dataflow, said):
    @settings(max_examples=1, database=None)
    @given(st.data())
    def draw(data: st.DataObject) -> None:
        data.draw(made(dataflow))

    with pytest.raises(TypeError, match=said):
        draw()
