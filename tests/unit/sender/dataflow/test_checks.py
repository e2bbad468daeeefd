"""Which mappings cannot stand beside each other."""

import datetime as dt
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.dataflow.checks import violations_of
from sender.errors import DataflowError


def violations(raw: object) -> dict[str, str]:
    with pytest.raises(DataflowError) as caught:
        Dataflow.from_mapping(raw)
    return {violation.path: violation.expected for violation in caught.value.violations}


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


DATAFLOW = {
    "name": "Survey",
    "url": "http://127.0.0.1/inbound-event/v1/events/json/triggers?urlTokenId=x",
    "username": "dave#brand",
    "identities": [{"source": "Email", "target": "email"}],
}


@pytest.mark.parametrize("key", ["source", "target"])
@pytest.mark.parametrize("names", [101, 50_000])
def test_a_path_deeper_than_a_message_can_be_is_refused(key, names):
    entry = {"source": "a", "target": "a", key: ".".join(["a"] * names)}
    (violation,) = violations_of({**DATAFLOW, "attributes": [entry]})
    assert violation.path == f"$.attributes[0].{key}"
    assert violation.expected == "at most 100 names"
    entry[key] = ".".join(["a"] * 100)
    assert not violations_of({**DATAFLOW, "attributes": [entry]})
