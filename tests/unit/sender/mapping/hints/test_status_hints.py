"""What is said of an audience whose status cannot be read."""

import datetime as dt
from typing import Any

import pytest

from sender.dataflow import Dataflow
from sender.mapping import Mapper
from sender.mapping.activation import decide
from sender.mapping.exclusions import ExclusionReason
from sender.mapping.hints.status_hints import status_hint

NOW = dt.datetime(2023, 9, 15, 12, tzinfo=dt.UTC)
FIRST = "046456e3b-18e1-48a6-9bda-d68547861283"
SECOND = "007844dd1-9e5d-4531-a4ee-05470doe759dd"
AT = "segmentMembership.ups.vip"


@pytest.mark.parametrize(
    ("entry", "hint"),
    [
        ({"status": "Realized"}, f"{AT}.status: 'Realized'; expected 'realized' or 'exited'"),
        ({"status": "EXITED "}, f"{AT}.status: 'EXITED '; expected 'realized' or 'exited'"),
        ({"status": "d@e.com"}, f"{AT}.status: another text; expected 'realized' or 'exited'"),
        ({"status": None}, f"{AT}.status: null; expected 'realized' or 'exited'"),
        ({}, f"{AT}: no status; expected 'realized' or 'exited'"),
        ("realized", f"{AT}: a text; expected {{'lastQualificationTime', 'status'}}"),
        (None, ""),
    ],
)
def test_what_stands_in_the_place_of_a_status_is_named(entry: object, hint: str) -> None:
    assert status_hint({"segmentMembership": {"ups": {"vip": entry}}}, ["vip"]) == hint


@pytest.mark.parametrize("memberships", [None, "x", {}, {"ups": None}, {"ups": {}}])
def test_without_audiences_there_is_nothing_to_say(memberships: object) -> None:
    assert status_hint({"segmentMembership": memberships}, ["vip"]) == ""


@pytest.fixture
def mapper(raw: dict[str, Any]) -> Mapper:
    return Mapper(Dataflow.from_mapping(raw))


def test_a_status_in_upper_case_is_none_and_is_named(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    ups = profile["segmentMembership"]["ups"]
    ups[FIRST]["status"] = ups[SECOND]["status"] = "Realized"
    decision = decide(None, profile, mapper, NOW)
    assert decision.reason is ExclusionReason.NOT_IN_A_MAPPED_AUDIENCE
    assert decision.hint.count("'Realized'") == 2


def test_an_exit_in_upper_case_is_named_though_nothing_changes(
    mapper: Mapper, profile: dict[str, Any]
) -> None:
    state = decide(None, profile, mapper, NOW).state
    assert decide(state, profile, mapper, NOW).hint == ""
    profile["segmentMembership"]["ups"][FIRST]["status"] = "Exited"
    decision = decide(state, profile, mapper, NOW)
    assert decision.reason is ExclusionReason.NOTHING_CHANGED
    assert "'Exited'" in decision.hint
