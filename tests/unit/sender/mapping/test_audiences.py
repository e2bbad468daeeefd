"""Which memberships of a profile are exported."""

import datetime as dt
import time  # noqa: TID251  no time is read: the zone is set
from collections.abc import Iterator
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


@pytest.mark.parametrize("ups", [["a list"], "a text", 7, True])
def test_what_is_no_map_of_audiences_tells_of_none(audiences: MappedAudiences, ups: object):
    profile = {"segmentMembership": {"ups": ups}}
    assert audiences.memberships(profile) == ({}, ())
    assert audiences.told(profile, ()) == frozenset()


@pytest.mark.parametrize("status", [["realized"], {"is": "realized"}, 1, None])
def test_a_status_that_is_no_text_is_passed_over(audiences: MappedAudiences, status: object):
    ups = {FIRST: {"status": status}, SECOND: {"status": "exited"}}
    memberships, _ = audiences.memberships({"segmentMembership": {"ups": ups}})
    assert list(memberships) == [SECOND]


@pytest.fixture
def far_east(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "JST-9")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_east")
def test_an_audiences_days_are_those_of_utc_wherever_the_machine_is(raw: dict[str, Any]):
    raw["audiences"] = [{"id": FIRST, "end_date": "2023-09-15"}]
    audiences = MappedAudiences(Dataflow.from_mapping(raw))
    last = dt.datetime(2023, 9, 15, 23, 59, tzinfo=dt.UTC)
    assert audiences.active(last) == {FIRST}
    assert audiences.active(last + dt.timedelta(minutes=1)) == frozenset()
