"""A dataflow's file becomes one judged, frozen value."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sender.dataflow import AttributeMapping, AudienceActivation, Dataflow, IdentityMapping
from sender.errors import DataflowError

TRIGGERS = "/inbound-event/v1/events/json/triggers"
FILE = """
name = "Survey"
url = "https://fra1.qualtrics.com/inbound-event/v1/events/json/triggers?urlTokenId=x"
username = "dave#brand"
[[attributes]]
source = "person.name.firstName"
target = "firstName"
[[identities]]
source = "Email"
target = "email"
[[audiences]]
id = "a"
start_date = 2023-09-01
end_date = 2023-09-30
"""


def violations(raw: object) -> dict[str, str]:
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_mapping(raw)
    return {violation.path: violation.expected for violation in caught.value.violations}


def test_a_file_becomes_a_frozen_dataflow_with_split_paths_and_dates(tmp_path: Path):
    path = tmp_path / "dataflow.toml"
    path.write_text(FILE, "utf-8")
    flow = Dataflow.from_toml(path)
    assert flow.attributes == (AttributeMapping("person.name.firstName", "firstName"),)
    assert flow.attributes[0].source_path == ("person", "name", "firstName")
    assert flow.identities == (IdentityMapping("Email", "email"),)
    days = dt.date(2023, 9, 1), dt.date(2023, 9, 30)
    assert flow.audiences == (AudienceActivation("a", *days),)
    assert flow.description == ""


def test_a_dataflow_survives_its_mapping(raw: dict[str, Any]):
    raw["audiences"][0] |= {"start_date": dt.date(2023, 9, 1), "end_date": "2024-09-01"}
    flow = Dataflow.from_mapping(raw)
    assert Dataflow.from_mapping(flow.to_mapping()) == flow
    del raw["description"]
    flow = Dataflow.from_mapping(raw)
    assert Dataflow.from_mapping(flow.to_mapping()) == flow


def test_an_empty_file_lacks_every_required_key(tmp_path: Path):
    path = tmp_path / "dataflow.toml"
    path.touch()
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_toml(path)
    missing = {violation.path for violation in caught.value.violations}
    assert missing == {"$.name", "$.url", "$.username", "$.identities"}


def test_all_mistakes_are_told_at_once(raw: dict[str, Any]):
    raw["name"] = 5
    raw["url"] = "https://fra1.qualtrics.com/elsewhere"
    raw["username"] = "with:colon"
    raw["identities"][0]["target"] = "phone"
    raw["attributes"][0]["source"] = "person..firstName"
    found = violations(raw)
    assert {"$.name", "$.url", "$.username", "$.identities[0].target"} <= set(found)
    assert "$.attributes[0].source" in found


@pytest.mark.parametrize("anything", [[], None, "text", 1, {"identities": [1]}, {"attributes": 5}])
def test_whatever_is_no_dataflow_is_refused_without_another_error(anything: object):
    assert violations(anything)


def test_no_error_and_no_repr_shows_a_secret_or_a_person(raw: dict[str, Any]):
    flow = Dataflow.from_mapping(raw)
    assert "host='127.0.0.1'" in repr(flow)
    raw["url"] = raw["url"].replace("/inbound-event", "/8a7b6c5d-0000-4000-8000-000000000000")
    raw["url"] = raw["url"].replace("http://", "http://user:SECRETPASSWORD@")
    raw |= {"username": "dave@example.com:x", "apiToken": "SECRETTOKEN"}
    raw["attributes"][0]["target"] = "dave@example.com."
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_mapping(raw)
    for text in (repr(flow), str(caught.value), repr(caught.value)):
        assert "SECRET" not in text
        assert "dave" not in text
        assert "8a7b6c5d" not in text


def test_url_and_username_can_be_replaced_and_are_checked_again(raw: dict[str, Any]):
    flow = Dataflow.from_mapping(raw)
    other = f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=y"
    assert flow.with_url(other).with_username("else").to_mapping() == {
        **flow.to_mapping(),
        "url": other,
        "username": "else",
    }
    with pytest.raises(DataflowError, match="plain http"):
        flow.with_url(other.replace("https", "http"))
    with pytest.raises(DataflowError, match="colon"):
        flow.with_username("a:b")


def test_a_mapping_that_is_nested_too_deeply_is_told_in_words():
    mapping: dict[str, Any] = {}
    for _ in range(9_000):
        mapping = {"a": mapping}
    with pytest.raises(DataflowError, match=r"^dataflow: nested too deeply$"):
        Dataflow.from_mapping(mapping)


def test_where_plain_http_is_allowed_is_no_part_of_the_mapping(raw):
    url = f"http://mock:8084{TRIGGERS}?urlTokenId=x"
    flow = Dataflow.from_mapping({**raw, "url": url}, plain_http_hosts=["Mock"])
    assert flow.with_username("else").plain_http_hosts == {"mock"}
    assert "mock" not in str({**flow.to_mapping(), "url": ""})
    with pytest.raises(DataflowError, match="--allow-plain-http"):
        Dataflow.from_mapping(flow.to_mapping())
