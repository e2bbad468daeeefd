"""What a missing or unreadable lastQualificationTime does to an export."""

import datetime as dt
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.mapping import Mapper
from sender.mapping.activation import Export, ProfileState, decide
from sender.mapping.exclusions import Excluded, ExclusionReason

NOW = dt.datetime(2023, 9, 15, 12, tzinfo=dt.UTC)
NOW_TEXT = "2023-09-15T12:00:00.000000Z"
FIRST = "046456e3b-18e1-48a6-9bda-d68547861283"
SECOND = "007844dd1-9e5d-4531-a4ee-05470doe759dd"
OPTED_OUT = {"marketing": {"any": {"val": "n"}}}
UNREADABLE = ["yesterday", "", 1693910635, "2023-13-05T10:43:55Z", {"at": "noon"}]


@pytest.fixture
def mapper(raw: dict[str, Any]) -> Mapper:
    return Mapper(Dataflow.from_mapping(raw))


def memberships(mapper: Mapper, profile: dict[str, Any]) -> dict[str, Any]:
    decision = decide(None, profile, mapper, NOW)
    return decision.content.memberships if isinstance(decision, Export) else {}


def ups(profile: dict[str, Any]) -> dict[str, Any]:
    return profile["segmentMembership"]["ups"]


@pytest.mark.parametrize("time", UNREADABLE)
@pytest.mark.parametrize("status", ["realized", "existing", "exited"])
def test_a_profile_with_a_time_that_is_no_instant_is_excluded_until_it_has_one(
    mapper: Mapper, profile: dict[str, Any], time: object, status: str
) -> None:
    ups(profile)[SECOND] |= {"lastQualificationTime": time, "status": status}
    assert decide(None, profile, mapper, NOW) == Excluded(ExclusionReason.UNREADABLE_TIME)
    ups(profile)[SECOND]["lastQualificationTime"] = "2023-09-05T10:43:55Z"
    time = memberships(mapper, profile)[SECOND]["lastQualificationTime"]
    assert time == "2023-09-05T10:43:55.000000Z"


def test_one_unreadable_time_of_an_active_audience_is_enough_whatever_follows_it(
    raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    raw["audiences"][1]["start_date"] = "2024-01-01"
    for audience in (FIRST, SECOND):
        ups(profile)[audience]["lastQualificationTime"] = "yesterday"
    decision = decide(None, profile, Mapper(Dataflow.from_mapping(raw)), NOW)
    assert decision == Excluded(ExclusionReason.UNREADABLE_TIME)


def test_an_exit_without_a_time_that_was_exported_has_this_instants_when_consent_is_withdrawn(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    ups(profile)[SECOND] = {"status": "exited"}
    first = decide(None, profile, mapper, NOW)
    assert isinstance(first, Export)
    profile["consents"] = OPTED_OUT
    left = decide(first.state, profile, mapper, NOW)
    assert isinstance(left, Export)
    exit_now = {"lastQualificationTime": NOW_TEXT, "status": "exited"}
    assert left.content.memberships == {FIRST: exit_now, SECOND: exit_now}


def test_the_times_of_audiences_that_are_not_exported_do_not_matter(
    raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    ups(profile)["unmapped"]["lastQualificationTime"] = "yesterday"
    ups(profile)[SECOND]["lastQualificationTime"] = "yesterday"
    raw["audiences"][1]["start_date"] = "2024-01-01"
    assert list(memberships(Mapper(Dataflow.from_mapping(raw)), profile)) == [FIRST]


def test_a_withdrawn_consent_is_exported_whatever_the_times_are(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = ProfileState("digest", {FIRST: "realized", SECOND: "realized"})
    ups(profile)[FIRST]["lastQualificationTime"] = "yesterday"
    profile["consents"] = OPTED_OUT
    decision = decide(state, profile, mapper, NOW)
    assert isinstance(decision, Export)
    gone = {"lastQualificationTime": NOW_TEXT, "status": "exited"}
    assert decision.content.memberships == {FIRST: gone, SECOND: gone}


@pytest.mark.parametrize("is_null", [True, False])
def test_a_membership_without_a_time_was_qualified_now(
    mapper: Mapper, profile: dict[str, Any], is_null: bool
) -> None:
    ups(profile)[FIRST]["lastQualificationTime"] = None
    if not is_null:
        del ups(profile)[FIRST]["lastQualificationTime"]
    found = memberships(mapper, profile)
    assert found[FIRST]["lastQualificationTime"] == NOW_TEXT
    assert found[SECOND]["lastQualificationTime"] == "2023-09-05T10:43:55.602689Z"
