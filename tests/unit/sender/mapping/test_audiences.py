"""Which memberships of a profile are exported."""

from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.mapping.audiences import MappedAudiences

FIRST = "046456e3b-18e1-48a6-9bda-d68547861283"
SECOND = "007844dd1-9e5d-4531-a4ee-05470doe759dd"


@pytest.fixture
def audiences(raw: dict[str, Any]):
    return MappedAudiences(Dataflow.from_mapping(raw))


@pytest.mark.parametrize(
    ("status", "exported"),
    [("realized", "realized"), ("existing", "realized"), ("exited", "exited")],
)
def test_the_status_is_realized_or_exited(
    audiences: MappedAudiences, profile: dict[str, Any], status: str, exported: object
):
    profile["segmentMembership"]["ups"][FIRST]["status"] = status
    assert audiences.memberships(profile)[0][FIRST]["status"] == exported


@pytest.mark.parametrize("membership", [None, "realized", {}, {"status": 5}, {"status": "maybe"}])
def test_what_is_no_membership_is_not_exported(
    audiences: MappedAudiences, profile: dict[str, Any], membership: object
):
    profile["segmentMembership"]["ups"][FIRST] = membership
    assert list(audiences.memberships(profile)[0]) == [SECOND]


@pytest.mark.parametrize("memberships", [None, [], {}, {"ups": None}, {"ups": []}, {"aam": {}}])
def test_without_mapped_audiences_there_is_no_segment_membership(
    audiences: MappedAudiences, profile: dict[str, Any], memberships: object
):
    profile["segmentMembership"] = memberships
    assert audiences.memberships(profile) == ({}, ())
