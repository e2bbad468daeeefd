"""Which identities are exported, and by which one a profile is known."""

from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.mapping import profile_key
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.mapping.hints.identity_hints import identity_hint
from sender.mapping.profile_identities import MappedIdentities

HASH = "d41d8cd98f00b204e9800998ECF8427E"


@pytest.fixture
def flow(raw: dict[str, Any]):
    return Dataflow.from_mapping(raw)


@pytest.fixture
def identities(flow: Dataflow):
    return MappedIdentities(flow)


def test_all_identities_of_mapped_namespaces_are_exported_as_bare_ids(
    identities: MappedIdentities, profile: dict[str, Any]
):
    profile["identityMap"] = {
        "ECID": ({"id": 17}, {"id": "b", "authenticatedState": "loggedOut"}),
        "Email": [{"id": "x"}, {"id": ""}, {"id": None}, {"id": True}, {}, "no identity", None],
        "Phone": [{"id": "unmapped"}],
    }
    assert identities.by_namespace(profile) == {
        "Email": [{"id": "x"}],
        "ECID": [{"id": "17"}, {"id": "b"}],
    }


def test_hashed_emails_are_dropped_and_hashed_custom_ids_are_not(
    identities: MappedIdentities, profile: dict[str, Any]
):
    hashes = [{"id": HASH}, {"id": HASH * 2}, {"id": HASH * 4}, {"id": (HASH * 2)[:40]}]
    profile["identityMap"] = {"Email": [*hashes, {"id": HASH[:-1]}, {"id": "g" * 32}]}
    assert identities.by_namespace(profile) == {"Email": [{"id": HASH[:-1]}, {"id": "g" * 32}]}
    profile["identityMap"] = {"ECID": hashes[:1], "Email": hashes}
    assert identities.by_namespace(profile) == {"ECID": [{"id": HASH}]}


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
    flow: Dataflow,
    identities: MappedIdentities,
    profile: dict[str, Any],
    identity_map: object,
    reason: ExclusionReason,
):
    profile["identityMap"] = identity_map
    assert identities.by_namespace(profile) == {}
    assert identities.why_none(profile) == Excluded(reason)
    del profile["_id"]
    assert profile_key(profile, flow) is None


def test_a_profile_is_known_by_its_id_or_its_first_mapped_identity(
    flow: Dataflow, profile: dict[str, Any]
):
    assert profile_key(profile, flow) == "_id:profile-1"
    assert profile_key({"_id": 5}, flow) == "_id:5"
    profile["_id"] = None
    assert profile_key(profile, flow) == "Email:Email-2Sf6C"
    profile["identityMap"] = {"ECID": [{"id": "Zoë\ud800"}], "Email": [{"id": HASH}]}
    assert profile_key(profile, flow) == "ECID:Zoë\\ud800"


def test_who_has_no_mapped_identity_is_told_what_may_be_meant(
    identities: MappedIdentities, profile: dict[str, Any]
):
    profile["identityMap"] = {"email": [{"id": "dave@example.com"}]}
    hint = identities.why_none(profile).hint
    assert hint
    assert hint == identity_hint(profile, ["Email", "ECID"])
