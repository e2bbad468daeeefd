"""A profile becomes a message."""

import copy
import datetime as dt
import json
import random
import uuid
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import pytest

from contracts import validate
from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body, profile_key, trace_id
from sender.mapping.exclusions import Excluded, ExclusionReason

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


def test_non_ascii_text_travels_as_utf_8(mapper: Mapper, profile: dict[str, Any]):
    profile["person"]["name"]["firstName"] = "Zoë"
    assert "Zoë".encode() in message_body(mapper.content(profile))


def test_attributes_share_their_parents(raw: dict[str, Any], profile: dict[str, Any]):
    raw["attributes"] = [
        {"source": "mobilePhone.number", "target": "a.b.c"},
        {"source": "person.name.firstName", "target": "a.b.d"},
        {"source": "person.name.firstName", "target": "e"},
    ]
    sent = message(Mapper(Dataflow.from_mapping(raw)), profile)
    assert sent["a"] == {"b": {"c": "0123456789", "d": "Dave"}}
    assert sent["e"] == "Dave"


def test_all_identities_of_mapped_namespaces_are_exported_as_bare_ids(
    mapper: Mapper, profile: dict[str, Any]
):
    profile["identityMap"] = {
        "ECID": ({"id": 17}, {"id": "b", "authenticatedState": "loggedOut"}),
        "Email": [{"id": "x"}, {"id": ""}, {"id": None}, {"id": True}, {}, "no identity", None],
        "Phone": [{"id": "unmapped"}],
    }
    assert message(mapper, profile)["identityMap"] == {
        "Email": [{"id": "x"}],
        "ECID": [{"id": "17"}, {"id": "b"}],
    }


def test_hashed_emails_are_dropped_and_hashed_custom_ids_are_not(
    mapper: Mapper, profile: dict[str, Any]
):
    hashes = [{"id": HASH}, {"id": HASH * 2}, {"id": HASH * 4}, {"id": (HASH * 2)[:40]}]
    profile["identityMap"] = {"Email": [*hashes, {"id": HASH[:-1]}, {"id": "g" * 32}]}
    sent = message(mapper, profile)["identityMap"]
    assert sent == {"Email": [{"id": HASH[:-1]}, {"id": "g" * 32}]}
    profile["identityMap"] = {"ECID": hashes[:1], "Email": hashes}
    assert message(mapper, profile)["identityMap"] == {"ECID": [{"id": HASH}]}


@pytest.mark.parametrize(
    ("identity_map", "reason"),
    [
        ({"Email": [{"id": HASH}]}, ExclusionReason.HASHED_EMAIL),
        ({"Phone": [{"id": "1"}]}, ExclusionReason.NO_MAPPED_IDENTITY),
        ({"Email": []}, ExclusionReason.NO_MAPPED_IDENTITY),
        ({"Email": {"id": "x"}}, ExclusionReason.NO_MAPPED_IDENTITY),
        ({}, ExclusionReason.NO_MAPPED_IDENTITY),
        (None, ExclusionReason.NO_MAPPED_IDENTITY),
        ([], ExclusionReason.NO_MAPPED_IDENTITY),
    ],
)
def test_a_profile_without_an_exportable_identity_is_excluded(
    mapper: Mapper, profile: dict[str, Any], identity_map: object, reason: ExclusionReason
):
    profile["identityMap"] = identity_map
    assert mapper.content(profile) == Excluded(reason)
    del profile["_id"]
    assert profile_key(profile, mapper.dataflow) is None


@pytest.mark.parametrize(
    ("status", "exported"),
    [("realized", "realized"), ("existing", "realized"), ("exited", "exited")],
)
def test_the_status_is_realized_or_exited(
    mapper: Mapper, profile: dict[str, Any], status: str, exported: object
):
    profile["segmentMembership"]["ups"][FIRST]["status"] = status
    assert message(mapper, profile)["segmentMembership"]["ups"][FIRST]["status"] == exported


@pytest.mark.parametrize("membership", [None, "realized", {}, {"status": 5}, {"status": "maybe"}])
def test_what_is_no_membership_is_not_exported(
    mapper: Mapper, profile: dict[str, Any], membership: object
):
    profile["segmentMembership"]["ups"][FIRST] = membership
    assert list(message(mapper, profile)["segmentMembership"]["ups"]) == [SECOND]


@pytest.mark.parametrize("memberships", [None, [], {}, {"ups": None}, {"ups": []}, {"aam": {}}])
def test_without_mapped_audiences_there_is_no_segment_membership(
    mapper: Mapper, profile: dict[str, Any], memberships: object
):
    profile["segmentMembership"] = memberships
    assert "segmentMembership" not in message(mapper, profile)


def test_a_dataflow_without_audiences_exports_none(raw: dict[str, Any], profile: dict[str, Any]):
    mapper = Mapper(Dataflow.from_mapping(raw | {"audiences": []}))
    assert "segmentMembership" not in message(mapper, profile)


def test_a_profile_is_known_by_its_id_or_its_first_mapped_identity(
    mapper: Mapper, profile: dict[str, Any]
):
    assert profile_key(profile, mapper.dataflow) == "_id:profile-1"
    assert profile_key({"_id": 5}, mapper.dataflow) == "_id:5"
    profile["_id"] = None
    assert profile_key(profile, mapper.dataflow) == "Email:Email-2Sf6C"
    profile["identityMap"] = {"ECID": [{"id": "Zoë\ud800"}], "Email": [{"id": HASH}]}
    assert profile_key(profile, mapper.dataflow) == "ECID:Zoë\\ud800"


def test_a_trace_id_is_a_uuid_that_the_seed_decides():
    first = trace_id(random.Random(7))
    assert first == trace_id(random.Random(7))
    assert uuid.UUID(first).version == 4


def test_any_mapping_can_be_a_profile(mapper: Mapper, profile: dict[str, Any]):
    assert mapper.content(MappingProxyType(profile)) == mapper.content(profile)


def test_the_repr_of_content_shows_nobody(mapper: Mapper, profile: dict[str, Any]):
    assert repr(mapper.content(profile)) == "MappedContent(identity_map=['Email'])"
