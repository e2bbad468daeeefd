"""Whether a profile is exported, and with which memberships."""

import copy
import datetime as dt
from collections.abc import Callable
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
NOTHING_CHANGED = Excluded(ExclusionReason.NOTHING_CHANGED)
NOT_A_MEMBER = Excluded(ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE)
NOT_ACTIVE = Excluded(ExclusionReason.AUDIENCE_NOT_ACTIVE)
CONSENT_WITHDRAWN = Excluded(ExclusionReason.CONSENT_WITHDRAWN)
OPTED_OUT = {"marketing": {"any": {"val": "n"}}}


@pytest.fixture
def mapper(raw: dict[str, Any]) -> Mapper:
    return Mapper(Dataflow.from_mapping(raw))


def exported(
    mapper: Mapper,
    profile: dict[str, Any],
    previous: ProfileState | None = None,
    now: dt.datetime = NOW,
) -> Export:
    decision = decide(previous, profile, mapper, now)
    assert isinstance(decision, Export)
    return decision


def ups(profile: dict[str, Any]) -> dict[str, Any]:
    return profile["segmentMembership"]["ups"]


def statuses(export: Export) -> dict[str, str]:
    return {key: value["status"] for key, value in export.content.memberships.items()}


def test_at_first_everyone_who_already_qualifies_is_exported(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    before = copy.deepcopy(profile)
    first = exported(mapper, profile)
    assert statuses(first) == {FIRST: "realized", SECOND: "realized"}
    assert first.content == mapper.content(profile)
    assert profile == before


def test_exporting_the_same_profile_again_sends_nothing(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    assert decide(state, profile, mapper, NOW) == NOTHING_CHANGED
    stored = ProfileState.from_json(state.to_json())
    assert stored == state
    assert decide(stored, profile, mapper, NOW) == NOTHING_CHANGED


def test_a_profile_in_no_mapped_audience_is_not_exported(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    del ups(profile)[FIRST], ups(profile)[SECOND]
    assert decide(None, profile, mapper, NOW) == NOT_A_MEMBER


def test_a_profile_that_had_left_before_it_was_ever_exported_is_not_exported(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    for membership in ups(profile).values():
        membership["status"] = "exited"
    assert decide(None, profile, mapper, NOW) == NOT_A_MEMBER


def test_a_profile_without_identity_is_excluded_whatever_else_happened(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    profile["identityMap"] = {}
    no_identity = Excluded(ExclusionReason.NO_MAPPED_IDENTITY)
    assert decide(state, profile, mapper, NOW) == no_identity


def test_leaving_and_entering_an_audience_are_exported_with_all_others(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    ups(profile)[FIRST]["status"] = "exited"
    left = exported(mapper, profile, state)
    assert statuses(left) == {FIRST: "exited", SECOND: "realized"}
    assert decide(left.state, profile, mapper, NOW) == NOTHING_CHANGED
    ups(profile)[FIRST]["status"] = "existing"
    entered = exported(mapper, profile, left.state)
    assert statuses(entered) == {FIRST: "realized", SECOND: "realized"}


def test_an_audience_that_vanished_from_the_profile_was_left_now(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    profile["segmentMembership"] = {"ups": {}}
    left = exported(mapper, profile, state)
    exit_now = {"lastQualificationTime": NOW_TEXT, "status": "exited"}
    assert left.content.memberships == {FIRST: exit_now, SECOND: exit_now}
    assert decide(left.state, profile, mapper, NOW) == NOTHING_CHANGED


@pytest.mark.parametrize(
    "memberships",
    [
        None,
        {"aam": {}},
        {"ups": None},
        {"ups": {FIRST: {"status": "REALIZED"}, SECOND: {"status": "realized"}}},
        {"ups": {FIRST: None, SECOND: {"status": "realized"}}},
    ],
)
def test_an_audience_that_a_profile_does_not_tell_of_is_not_left(
    mapper: Mapper, profile: dict[str, Any], memberships: dict[str, Any] | None
) -> None:
    state = exported(mapper, profile).state
    profile["segmentMembership"] = memberships
    assert decide(state, profile, mapper, NOW) == NOTHING_CHANGED


def test_only_an_audience_that_the_source_knows_is_left_by_leaving_it_out(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    del profile["segmentMembership"]
    assert decide(state, profile, mapper, NOW, frozenset()) == NOTHING_CHANGED
    left = decide(state, profile, mapper, NOW, frozenset({SECOND}))
    assert isinstance(left, Export)
    assert statuses(left) == {SECOND: "exited"}
    assert left.state.statuses == {FIRST: "realized", SECOND: "exited"}


def test_an_update_goes_out_while_the_source_cannot_tell_that_a_member_has_left(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    del profile["segmentMembership"]
    change_attribute(profile)
    update = exported(mapper, profile, state)
    assert "segmentMembership" not in update.content.to_message()
    assert update.state.statuses == state.statuses


def test_a_new_profile_whose_source_cannot_tell_is_no_member(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    del profile["segmentMembership"]
    assert decide(None, profile, mapper, NOW) == NOT_A_MEMBER


def change_attribute(profile: dict[str, Any]) -> None:
    profile["person"]["name"]["firstName"] = "Eve"


def remove_attribute(profile: dict[str, Any]) -> None:
    del profile["mobilePhone"]


def change_attribute_type(profile: dict[str, Any]) -> None:
    profile["mobilePhone"]["number"] = 123456789


def add_identity(profile: dict[str, Any]) -> None:
    profile["identityMap"]["ECID"] = [{"id": "1"}]


def add_second_identity(profile: dict[str, Any]) -> None:
    profile["identityMap"]["Email"].append({"id": "x"})


@pytest.mark.parametrize(
    "change",
    [
        change_attribute,
        remove_attribute,
        change_attribute_type,
        add_identity,
        add_second_identity,
    ],
)
def test_an_update_of_what_is_mapped_is_exported_there_and_back(
    mapper: Mapper, profile: dict[str, Any], change: Callable[[dict[str, Any]], None]
) -> None:
    original = copy.deepcopy(profile)
    state = exported(mapper, profile).state
    change(profile)
    updated = exported(mapper, profile, state)
    assert updated.content == mapper.content(profile)
    back = exported(mapper, original, updated.state)
    assert back.content == mapper.content(original)


def test_changes_of_what_is_not_mapped_export_nothing(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    profile["identityMap"]["Email"] += [{"id": "a"}, {"id": "b"}]
    state = exported(mapper, profile).state
    profile["person"]["name"]["lastName"] = "Else"
    profile["person"]["name"]["middleName"] = "New"
    profile["identityMap"]["Phone"].append({"id": "2"})
    profile["identityMap"]["Email"].reverse()
    profile["identityMap"]["Email"][0]["primary"] = False
    ups(profile)["unmapped"]["status"] = "exited"
    ups(profile)[FIRST]["lastQualificationTime"] = "2023-09-06T00:00:00Z"
    profile["segmentMembership"]["aam"] = {}
    assert decide(state, profile, mapper, NOW) == NOTHING_CHANGED


def test_who_has_left_all_audiences_is_left_in_peace_until_entering_again(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    for membership in ups(profile).values():
        membership["status"] = "exited"
    state = exported(mapper, profile, state).state
    change_attribute(profile)
    assert decide(state, profile, mapper, NOW) == NOT_A_MEMBER
    ups(profile)[SECOND]["status"] = "realized"
    entered = exported(mapper, profile, state)
    assert entered.content.attributes["person"]["name"]["firstName"] == "Eve"


def test_an_audience_added_to_the_dataflow_exports_those_in_it(
    mapper: Mapper, raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    raw["audiences"].pop()
    smaller = Mapper(Dataflow.from_mapping(raw))
    state = exported(smaller, profile).state
    outsider = copy.deepcopy(profile)
    ups(outsider)[SECOND]["status"] = "exited"
    assert decide(state, outsider, mapper, NOW) == NOTHING_CHANGED
    added = exported(mapper, profile, state)
    assert statuses(added) == {FIRST: "realized", SECOND: "realized"}
    assert decide(added.state, profile, smaller, NOW) == NOTHING_CHANGED


def test_who_was_in_an_audience_that_is_unmapped_and_mapped_again_is_not_exported_again(
    mapper: Mapper, raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    state = exported(mapper, profile).state
    raw["audiences"].pop()
    smaller = Mapper(Dataflow.from_mapping(raw))
    change_attribute(profile)
    export = exported(smaller, profile, state)
    assert statuses(export) == {FIRST: "realized"}
    assert set(export.state.statuses) == {FIRST, SECOND}
    assert decide(export.state, profile, mapper, NOW) == NOTHING_CHANGED


@pytest.mark.parametrize(
    "dates", [{"start_date": "2023-09-16"}, {"end_date": "2023-09-14"}], ids=["early", "late"]
)
def test_outside_its_dates_an_audience_is_not_exported(
    raw: dict[str, Any], profile: dict[str, Any], dates: dict[str, str]
) -> None:
    raw["audiences"][0] |= dates
    assert statuses(exported(Mapper(Dataflow.from_mapping(raw)), profile)) == {SECOND: "realized"}
    raw["audiences"][1] |= dates
    assert decide(None, profile, Mapper(Dataflow.from_mapping(raw)), NOW) == NOT_ACTIVE


def test_an_audiences_first_day_backfills_it_and_after_its_last_day_nothing_is_told(
    raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    raw["audiences"] = [{"id": FIRST, "start_date": "2023-09-15", "end_date": "2023-09-15"}]
    mapper = Mapper(Dataflow.from_mapping(raw))
    tokyo = dt.timezone(dt.timedelta(hours=9))
    the_day_before = dt.datetime(2023, 9, 15, 8, tzinfo=tokyo)
    assert decide(None, profile, mapper, the_day_before) == NOT_ACTIVE
    state = exported(mapper, profile).state
    ups(profile)[FIRST]["status"] = "exited"
    the_day_after = NOW + dt.timedelta(days=1)
    assert decide(state, profile, mapper, the_day_after) == NOTHING_CHANGED
    change_attribute(profile)
    assert decide(state, profile, mapper, the_day_after) == NOT_A_MEMBER


@pytest.mark.parametrize(
    "consents",
    [
        OPTED_OUT,
        {"share": {"val": "dn"}},
        {"idSpecific": {"Email": {"Email-2Sf6C": {"marketing": {"email": {"val": "n"}}}}}},
    ],
)
def test_withdrawn_consent_leaves_the_audiences_once_and_then_nothing_is_exported(
    mapper: Mapper, profile: dict[str, Any], consents: dict[str, Any]
) -> None:
    ups(profile)[SECOND]["status"] = "exited"
    member = exported(mapper, profile)
    state = member.state
    profile["consents"] = consents
    left = exported(mapper, profile, state)
    assert (member.is_opt_out, left.is_opt_out) == (False, True)
    assert left.content.memberships == {
        FIRST: {"lastQualificationTime": NOW_TEXT, "status": "exited"},
        SECOND: {"lastQualificationTime": "2023-09-05T10:43:55.602689Z", "status": "exited"},
    }
    change_attribute(profile)
    assert decide(left.state, profile, mapper, NOW) == CONSENT_WITHDRAWN
    del profile["consents"]
    assert statuses(exported(mapper, profile, left.state))[FIRST] == "realized"


def test_a_profile_that_never_consented_is_not_exported(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    profile["consents"] = OPTED_OUT
    assert decide(None, profile, mapper, NOW) == CONSENT_WITHDRAWN


def test_withdrawn_consent_tells_nothing_of_an_audience_outside_its_dates(
    raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    raw["audiences"][0] |= {"end_date": "2023-09-15"}
    mapper = Mapper(Dataflow.from_mapping(raw))
    state = exported(mapper, profile).state
    profile["consents"] = OPTED_OUT
    left = exported(mapper, profile, state, NOW + dt.timedelta(days=1))
    assert statuses(left) == {SECOND: "exited"}
    assert left.state.statuses == {FIRST: "realized", SECOND: "exited"}


def test_a_dataflow_without_audiences_exports_everyone_on_change(
    raw: dict[str, Any], profile: dict[str, Any]
) -> None:
    mapper = Mapper(Dataflow.from_mapping(raw | {"audiences": []}))
    del profile["segmentMembership"]
    state = exported(mapper, profile).state
    assert decide(state, profile, mapper, NOW) == NOTHING_CHANGED
    change_attribute(profile)
    assert exported(mapper, profile, state).content.memberships == {}
    profile["consents"] = OPTED_OUT
    assert decide(state, profile, mapper, NOW) == CONSENT_WITHDRAWN


def test_a_state_tells_nothing_of_the_person(mapper: Mapper, profile: dict[str, Any]) -> None:
    state = exported(mapper, profile).state
    assert "Dave" not in repr(state) + state.to_json()
    assert "Email" not in state.to_json()


def test_a_digest_is_the_same_in_every_process(mapper: Mapper, profile: dict[str, Any]) -> None:
    ids = [{"id": str(number)} for number in range(20)]
    profile["identityMap"] = {"Email": ids, "ECID": ids[::-1]}
    assert exported(mapper, profile).state.digest == "caa0aeb30464b63908.521e21ea0f30aa682a"
