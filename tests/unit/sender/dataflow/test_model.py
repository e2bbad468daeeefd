import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from sender.dataflow import AttributeMapping, AudienceActivation, Dataflow, IdentityMapping
from sender.dataflow.trigger_url import url_host
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


def test_a_byte_order_mark_does_no_harm(tmp_path: Path):
    path = tmp_path / "dataflow.toml"
    path.write_text(FILE, "utf-8-sig")
    assert Dataflow.from_toml(str(path)).name == "Survey"


def test_a_dataflow_survives_its_mapping(raw: dict[str, Any]):
    raw["audiences"][0] |= {"start_date": dt.date(2023, 9, 1), "end_date": "2024-09-01"}
    flow = Dataflow.from_mapping(raw)
    assert Dataflow.from_mapping(flow.to_mapping()) == flow
    del raw["description"]
    flow = Dataflow.from_mapping(raw)
    assert Dataflow.from_mapping(flow.to_mapping()) == flow


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (None, "No such file"),
        (b"name = 'a'\nname = ?", "line 2"),
        (b"name = '\xff'", "no text in UTF-8: byte 8"),
    ],
)
def test_a_file_that_cannot_be_read_is_named_with_the_reason(
    tmp_path: Path, content: bytes | None, found: str
):
    path = tmp_path / "dataflow.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(DataflowError, match=found) as caught:
        Dataflow.from_toml(path)
    assert str(path) in str(caught.value)


def test_a_directory_is_no_dataflow_file(tmp_path: Path):
    with pytest.raises(DataflowError, match="directory"):
        Dataflow.from_toml(tmp_path)


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


@pytest.mark.parametrize(
    "url",
    [
        f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x",
        f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x&force_isolation=true",
        f"https://fra1.qualtrics.com{TRIGGERS.replace('json', 'JSON')}?urlTokenId=x",
        f"https://x.example{TRIGGERS}?contextId=SV_1&userId=UR_1&brandId=b&triggerId=OC_1",
        f"http://127.8.9.1:1{TRIGGERS}?urlTokenId=x",
        f"http://[::1]:80{TRIGGERS}?urlTokenId=x",
        f"http://LOCALHOST{TRIGGERS}?urlTokenId=x",
    ],
)
def test_both_forms_of_the_trigger_url_are_taken(raw: dict[str, Any], url: str):
    assert Dataflow.from_mapping(raw | {"url": url}).url == url


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"http://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "plain http only"),
        (f"http://127.0.0.1.example.com{TRIGGERS}?urlTokenId=x", "plain http only"),
        (f"ftp://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "begins with https"),
        (f"{TRIGGERS}?urlTokenId=x", "begins with https"),
        (f"https://u:p@fra1.qualtrics.com{TRIGGERS}?urlTokenId=x", "no user or password"),
        (f"https://fra1.qualtrics.com{TRIGGERS}/?urlTokenId=x", "the path"),
        (f"https://fra1.qualtrics.com{TRIGGERS.upper()}?urlTokenId=x", "the path"),
        (f"https://fra1.qualtrics.com{TRIGGERS}", "urlTokenId"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=", "urlTokenId"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?contextId=SV_1&userId=UR_1", "triggerId"),
        (f"https://fra1.qualtrics.com:99999{TRIGGERS}?urlTokenId=x", "port"),
        (f"https://[fra1{TRIGGERS}?urlTokenId=x", "a host"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x\n", "line breaks"),
        (f"https://fra1.qualtrics.com{TRIGGERS}?urlTokenId=x y", "without spaces"),
        ("", "URL"),
    ],
)
def test_a_url_that_could_not_trigger_is_refused(raw: dict[str, Any], url: str, expected: str):
    assert expected in violations(raw | {"url": url})["$.url"]


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


def test_a_url_that_cannot_be_read_is_shown_as_stars(raw: dict[str, Any]):
    for url in ("https://[SECRET", "SECRET"):
        with pytest.raises(DataflowError) as caught:
            Dataflow.from_mapping(raw | {"url": url})
        assert "SECRET" not in str(caught.value)


@pytest.mark.parametrize("key", ["token", "password", "apiToken", "api_key", "secret"])
def test_a_credential_in_the_file_is_refused_wherever_it_stands(raw: dict[str, Any], key: str):
    raw["identities"][0][key] = "PLACEHOLDER"
    assert "QUALTRICS_API_TOKEN" in violations(raw)[f"$.identities[0].{key}"]


@pytest.mark.parametrize(
    ("targets", "refused"),
    [
        (["a", "b", "a"], "$.attributes[2].target"),
        (["a", "a.b"], "$.attributes[0].target"),
        (["a.b.c", "x", "a.b"], "$.attributes[2].target"),
        (["a."], "$.attributes[0].target"),
        ([". "], "$.attributes[0].target"),
        (["identityMap"], "$.attributes[0].target"),
        (["segmentMembership.ups"], "$.attributes[0].target"),
    ],
)
def test_targets_that_cannot_stand_beside_each_other_are_refused(
    raw: dict[str, Any], targets: list[str], refused: str
):
    raw["attributes"] = [{"source": f"s{n}", "target": t} for n, t in enumerate(targets)]
    assert list(violations(raw)) == [refused]


def test_names_that_only_begin_alike_are_no_prefixes(raw: dict[str, Any]):
    raw["attributes"] = [{"source": "s", "target": "ab"}, {"source": "s", "target": "a.b"}]
    assert Dataflow.from_mapping(raw).warnings() == []


def test_an_identity_map_is_no_attribute(raw: dict[str, Any]):
    raw["attributes"][0]["source"] = "identityMap.Email"
    assert list(violations(raw)) == ["$.attributes[0].source"]


def test_a_namespace_and_an_audience_are_mapped_once(raw: dict[str, Any]):
    raw["identities"].append({"source": "Email", "target": "external_id"})
    raw["audiences"].append(dict(raw["audiences"][0], start_date="2023-09-01"))
    assert set(violations(raw)) == {"$.identities[2].source", "$.audiences[2].id"}


@pytest.mark.parametrize(
    "dates",
    [
        {"start_date": "2023-09-02", "end_date": "2023-09-01"},
        {"end_date": "20230901"},
        {"end_date": "tomorrow"},
        {"end_date": dt.datetime(2023, 9, 1, tzinfo=dt.UTC)},
        {"end_date": dt.time(1)},
        {"end_date": 5},
    ],
)
def test_impossible_dates_are_refused(raw: dict[str, Any], dates: dict[str, Any]):
    raw["audiences"][1] |= dates
    assert list(violations(raw)) == ["$.audiences[1].end_date"]


def test_an_audience_is_active_from_its_first_to_its_last_day():
    first, last = dt.date(2023, 9, 1), dt.date(2023, 9, 30)
    audience = AudienceActivation("a", first, last)
    assert audience.is_active(first)
    assert audience.is_active(last)
    assert not audience.is_active(first - dt.timedelta(days=1))
    assert not audience.is_active(last + dt.timedelta(days=1))
    assert AudienceActivation("a").is_active(first)


def test_what_looks_like_a_mistake_is_warned_about(raw: dict[str, Any]):
    raw["attributes"][0]["target"] = "person.First_Name"
    raw["identities"][0]["source"] = "Email_LC_SHA256"
    raw["audiences"] = []
    warnings = Dataflow.from_mapping(raw).warnings()
    assert len(warnings) == 3
    assert "'person.First_Name' is not camelCase" in warnings[0]
    assert "hashed" in warnings[1]
    assert "no audience" in warnings[2]
    assert "no attribute" in Dataflow.from_mapping(raw | {"attributes": []}).warnings()[1]


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


def test_a_host_that_cannot_be_read_is_a_question_mark() -> None:
    assert url_host("https://[") == "?"
    assert url_host("nonsense") == "?"
