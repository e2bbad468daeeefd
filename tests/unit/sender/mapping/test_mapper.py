"""A profile becomes a message."""

import copy
import datetime as dt
import json
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from contracts import validate
from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body

FIRST = "046456e3b-18e1-48a6-9bda-d68547861283"
SECOND = "007844dd1-9e5d-4531-a4ee-05470doe759dd"
HASH = "d41d8cd98f00b204e9800998ECF8427E"


@pytest.fixture
def mapper(raw: dict[str, Any]):
    return Mapper(Dataflow.from_mapping(raw))


def message(mapper: Mapper, profile: dict[str, Any]):
    return json.loads(message_body(mapper.content(profile)))


def test_the_destination_pages_example_comes_out_key_for_key(
    mapper: Mapper, profile: dict[str, Any]
):
    assert message(mapper, profile) == {
        "person": {"name": {"firstName": "Dave"}},
        "mobilePhone": {"number": "0123456789"},
        "identityMap": {"Email": [{"id": "Email-2Sf6C"}]},
        "segmentMembership": {
            "ups": {
                FIRST: {
                    "lastQualificationTime": "2023-09-05T10:43:55.602687Z",
                    "status": "realized",
                },
                SECOND: {
                    "lastQualificationTime": "2023-09-05T10:43:55.602689Z",
                    "status": "realized",
                },
            }
        },
    }


def test_a_message_satisfies_the_contract_and_the_profile_is_not_touched(
    mapper: Mapper, profile: dict[str, Any]
):
    before = copy.deepcopy(profile)
    assert validate(message(mapper, profile), "exported-message") == []
    assert profile == before


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        ["Dave"],
        {},
        {"given": "Dave"},
        float("nan"),
        float("inf"),
        b"Dave",
        Decimal("NaN"),
    ],
)
def test_what_is_no_plain_value_is_left_out_like_a_missing_attribute(
    mapper: Mapper, profile: dict[str, Any], value: object
):
    profile["person"]["name"]["firstName"] = value
    assert "person" not in message(mapper, profile)


@pytest.mark.parametrize(
    ("value", "exported"),
    [
        (0, 0),
        (False, False),
        ("", ""),
        (1.5, 1.5),
        ("Zoë 💚", "Zoë 💚"),
        ("\ud800", "\ud800"),
        (10**30, 10**30),
        (Decimal(12), 12),
        (Decimal("12.5"), 12.5),
        (dt.date(2023, 9, 1), "2023-09-01"),
        (dt.datetime(2023, 9, 1, 2, tzinfo=dt.UTC), "2023-09-01T02:00:00+00:00"),
    ],
)
def test_plain_values_keep_their_type(
    mapper: Mapper, profile: dict[str, Any], value: object, exported: object
):
    profile["mobilePhone"]["number"] = value
    assert message(mapper, profile)["mobilePhone"] == {"number": exported}


def test_a_decimal_too_wide_for_a_number_is_not_written_out(
    mapper: Mapper, profile: dict[str, Any]
):
    profile["mobilePhone"]["number"] = Decimal("1E+999999999")
    assert "mobilePhone" not in message(mapper, profile)


@pytest.mark.parametrize("person", [None, "Dave", [], 5, {"name": None}, {"name": "Dave"}])
def test_a_path_that_ends_early_is_a_missing_attribute(
    mapper: Mapper, profile: dict[str, Any], person: object
):
    profile["person"] = person
    assert "person" not in message(mapper, profile)


def test_attributes_share_their_parents(raw: dict[str, Any], profile: dict[str, Any]):
    raw["attributes"] = [
        {"source": "mobilePhone.number", "target": "a.b.c"},
        {"source": "person.name.firstName", "target": "a.b.d"},
        {"source": "person.name.firstName", "target": "e"},
    ]
    sent = message(Mapper(Dataflow.from_mapping(raw)), profile)
    assert sent["a"] == {"b": {"c": "0123456789", "d": "Dave"}}
    assert sent["e"] == "Dave"


def test_a_dataflow_without_audiences_exports_none(raw: dict[str, Any], profile: dict[str, Any]):
    mapper = Mapper(Dataflow.from_mapping(raw | {"audiences": []}))
    assert "segmentMembership" not in message(mapper, profile)


def test_any_mapping_can_be_a_profile(mapper: Mapper, profile: dict[str, Any]):
    def as_proxy(node: object) -> object:
        is_dict = isinstance(node, dict)
        return MappingProxyType({k: as_proxy(v) for k, v in node.items()}) if is_dict else node

    assert mapper.content(as_proxy(profile)) == mapper.content(profile)


def test_identities_can_be_named_by_their_targets_those_of_one_target_together(raw):
    sources = {"Email": "email", "CRMID": "external_id", "ECID": "external_id"}
    raw["identities"] = [{"source": name, "target": target} for name, target in sources.items()]
    raw["identity_map_keys"] = "target"
    identities = {name: [{"id": f"{name}-1"}, {"id": "same"}] for name in sources}
    profile = {"identityMap": identities, "person": {"name": {"firstName": "Dave"}}}
    content = Mapper(Dataflow.from_mapping(raw)).content(profile)
    assert json.loads(message_body(content))["identityMap"] == {
        "email": [{"id": "Email-1"}, {"id": "same"}],
        "external_id": [{"id": "CRMID-1"}, {"id": "same"}, {"id": "ECID-1"}],
    }
    assert content.namespaces == identities
    assert content.attributes == {"person": {"name": {"firstName": "Dave"}}}


@pytest.mark.parametrize("value", [None, ["a list"], {"a": "map"}])
def test_an_attribute_that_is_left_out_hides_none_that_follow(raw, value):
    raw["attributes"] = [{"source": name, "target": name} for name in ("first", "second", "last")]
    mapper = Mapper(Dataflow.from_mapping(raw))
    identity = {"identityMap": {"Email": [{"id": "1"}]}}
    found = message(mapper, {**identity, "second": value, "last": "there"})
    assert {name: found[name] for name in found if name in {"first", "second", "last"}} == {
        "last": "there"
    }


def test_a_mapper_tells_whose_it_is(raw):
    flow = Dataflow.from_mapping(raw)
    assert Mapper(flow).dataflow is flow
