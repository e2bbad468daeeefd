"""Which changes export a profile: switched off, restated, or of an audience that is back."""

import copy
import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from sender.dataflow import Dataflow, WhenToActivate
from sender.mapping import Mapper
from sender.mapping.activation import Excluded, Export, Known, decide
from sender.mapping.exclusions import ExclusionReason
from sender.mapping.profile_state import ProfileState
from sender.mapping.triggers import Triggers

NOW = dt.datetime(2023, 9, 15, 12, tzinfo=dt.UTC)
FIRST = "046456e3b-18e1-48a6-9bda-d68547861283"
SECOND = "007844dd1-9e5d-4531-a4ee-05470doe759dd"
LATER = {"first_activated": frozenset()}  # a run after the audiences' first activation
Profile = dict[str, Any]


@pytest.fixture
def mapper(raw: dict[str, Any]) -> Mapper:
    return Mapper(Dataflow.from_mapping(raw))


def off(**changes: bool) -> Triggers:
    return Triggers(WhenToActivate(**changes), **LATER)


def changes_attribute(profile: Profile) -> None:
    profile["mobilePhone"]["number"] = "1"


def changes_identity(profile: Profile) -> None:
    profile["identityMap"]["Email"].append({"id": "another"})


def leaves(profile: Profile) -> None:
    profile["segmentMembership"]["ups"][SECOND]["status"] = "exited"


def enters(profile: Profile) -> None:
    profile["segmentMembership"]["ups"][SECOND] = profile["segmentMembership"]["ups"][FIRST]


def opts_out(profile: Profile) -> None:
    profile["consents"] = {"marketing": {"any": {"val": "n"}}}


CASES = [
    (changes_attribute, "attribute_changes", ExclusionReason.ATTRIBUTE_CHANGES_OFF),
    (changes_identity, "identity_changes", ExclusionReason.IDENTITY_CHANGES_OFF),
    (leaves, "audience_changes", ExclusionReason.AUDIENCE_CHANGES_OFF),
    (opts_out, "audience_changes", ExclusionReason.CONSENT_WITHDRAWN),
]


@pytest.mark.parametrize(("change", "trigger", "reason"), CASES)
def test_a_change_that_is_switched_off_is_not_exported_and_is_known_from_then_on(
    mapper: Mapper,
    profile: Profile,
    change: Callable[[Profile], None],
    trigger: str,
    reason: ExclusionReason,
) -> None:
    state = decide(None, profile, mapper, NOW).state
    change(profile)
    known = decide(state, profile, mapper, NOW, triggers=off(**{trigger: False}))
    assert isinstance(known, Known)
    assert known.reason is reason
    assert known.state == decide(state, profile, mapper, NOW).state
    after = decide(known.state, profile, mapper, NOW, triggers=off())
    assert isinstance(after, Excluded)
    assert after.reason in (ExclusionReason.NOTHING_CHANGED, ExclusionReason.CONSENT_WITHDRAWN)


@pytest.mark.parametrize(("change", "trigger", "reason"), CASES)
def test_each_switch_is_for_its_own_change_only(
    mapper: Mapper,
    profile: Profile,
    change: Callable[[Profile], None],
    trigger: str,
    reason: ExclusionReason,
) -> None:
    state = decide(None, profile, mapper, NOW).state
    change(profile)
    names = ("attribute_changes", "audience_changes", "identity_changes")
    others = off(**{name: False for name in names if name != trigger})
    assert isinstance(decide(state, profile, mapper, NOW, triggers=others), Export)


def test_the_next_message_carries_what_was_not_exported_by_itself(
    mapper: Mapper, profile: Profile
) -> None:
    state = decide(None, profile, mapper, NOW).state
    changes_attribute(profile)
    attributes_off = off(attribute_changes=False)
    known = decide(state, profile, mapper, NOW, triggers=attributes_off)
    leaves(profile)
    export = decide(known.state, profile, mapper, NOW, triggers=attributes_off)
    assert export.content.attributes["mobilePhone"] == {"number": "1"}


def test_leaving_the_last_audience_is_known_too_when_it_is_switched_off(
    mapper: Mapper, profile: Profile
) -> None:
    state = decide(None, profile, mapper, NOW).state
    for membership in profile["segmentMembership"]["ups"].values():
        membership["status"] = "exited"
    known = decide(state, profile, mapper, NOW, triggers=off(audience_changes=False))
    assert isinstance(known, Known)
    assert set(known.state.statuses.values()) == {"exited"}


def test_nothing_switches_off_the_first_activation(mapper: Mapper, profile: Profile) -> None:
    every_change_off = WhenToActivate(False, False, False)
    first = Triggers(every_change_off, first_activated=frozenset({FIRST}))
    assert isinstance(decide(None, profile, mapper, NOW, triggers=first), Export)
    later = decide(None, profile, mapper, NOW, triggers=Triggers(every_change_off, **LATER))
    assert isinstance(later, Known)
    assert later.reason is ExclusionReason.AUDIENCE_CHANGES_OFF
    assert later.state == decide(None, profile, mapper, NOW).state


def test_without_audiences_a_new_profile_is_exported_in_any_case(
    raw: dict[str, Any], profile: Profile
) -> None:
    mapper = Mapper(Dataflow.from_mapping({**raw, "audiences": []}))
    every_change_off = Triggers(WhenToActivate(False, False, False), **LATER)
    assert isinstance(decide(None, profile, mapper, NOW, triggers=every_change_off), Export)


def test_an_audience_that_is_activated_again_is_not_backfilled_again(
    mapper: Mapper, profile: Profile
) -> None:
    """Neither with who was exported before nor with who came meanwhile; later entries count."""
    away = copy.deepcopy(profile)
    del away["segmentMembership"]["ups"][SECOND]
    state = decide(None, away, mapper, NOW).state
    again = Triggers(activated_again=frozenset({SECOND}), **LATER)
    known = decide(state, profile, mapper, NOW, triggers=again)
    assert isinstance(known, Known)
    assert known.reason is ExclusionReason.ACTIVATED_AGAIN
    leaves(profile)
    assert isinstance(decide(known.state, profile, mapper, NOW, triggers=off()), Export)
    newcomer = copy.deepcopy(away)
    newcomer["segmentMembership"]["ups"] = {SECOND: away["segmentMembership"]["ups"][FIRST]}
    assert decide(None, newcomer, mapper, NOW, triggers=again).reason is (
        ExclusionReason.ACTIVATED_AGAIN
    )


def test_restated_values_export_members_again(mapper: Mapper, profile: Profile) -> None:
    state = decide(None, profile, mapper, NOW).state
    restated = Triggers(restated=True, **LATER)
    assert isinstance(decide(state, profile, mapper, NOW, triggers=restated), Export)
    for membership in profile["segmentMembership"]["ups"].values():
        membership["status"] = "exited"
    left = decide(state, profile, mapper, NOW, triggers=restated).state
    absent = decide(left, profile, mapper, NOW, triggers=restated)
    assert absent.reason is ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE


def test_restated_values_export_nothing_when_attribute_changes_are_off(
    mapper: Mapper, profile: Profile
) -> None:
    state = decide(None, profile, mapper, NOW).state
    triggers = Triggers(WhenToActivate(attribute_changes=False), restated=True, **LATER)
    decision = decide(state, profile, mapper, NOW, triggers=triggers)
    assert decision.reason is ExclusionReason.ATTRIBUTE_CHANGES_OFF


def test_only_attributes_are_restated(mapper: Mapper, profile: Profile) -> None:
    del profile["person"], profile["mobilePhone"]
    state = decide(None, profile, mapper, NOW).state
    decision = decide(state, profile, mapper, NOW, triggers=Triggers(restated=True, **LATER))
    assert decision.reason is ExclusionReason.NOTHING_CHANGED


@pytest.mark.parametrize("change", [None, changes_attribute, changes_identity])
def test_the_state_that_an_older_version_kept_is_understood(
    mapper: Mapper, profile: Profile, change: Callable[[Profile], None] | None
) -> None:
    older = ProfileState("b4121a86c8470e2143191b64", {FIRST: "realized", SECOND: "realized"})
    if change is not None:
        change(profile)
    decision = decide(older, profile, mapper, NOW, triggers=off())
    assert isinstance(decision, Export) is (change is not None)
