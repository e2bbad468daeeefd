"""Audiences' ids, and when a profile entered or left one."""

from datetime import date, datetime
from functools import cache
from typing import Final

from hypothesis import strategies as st

from contracts.strategies.sizes import MOST_AUDIENCES
from contracts.strategies.values import JsonObject, Texts, texts

FIRST_DAY: Final = date(2000, 1, 1)
LAST_DAY: Final = date(2099, 12, 31)
MANY_AUDIENCES: Final = tuple(f"audience-{number}" for number in range(MOST_AUDIENCES))


@cache
def audience_ids() -> Texts:
    """An audience's id: a UUID, something like it, or any other text (A-MSG-3)."""
    almost = st.just("007844dd1-9e5d-4531-a4ee-05470doe759dd")
    return st.one_of(st.uuids().map(str), almost, texts(min_size=1))


@cache
def instants() -> Texts:
    """A ``lastQualificationTime``: UTC with microseconds and ``Z`` (A-MSG-2)."""
    days = st.datetimes(datetime(FIRST_DAY.year, 1, 1), datetime(LAST_DAY.year, 1, 1))  # noqa: DTZ001  UTC by its Z
    return days.map(lambda instant: f"{instant.isoformat(timespec='microseconds')}Z")


@cache
@st.composite
def memberships(draw: st.DrawFn) -> JsonObject:
    """One entry of ``segmentMembership.ups``: time and status."""
    status = draw(st.sampled_from(["realized", "exited"]))
    return {"lastQualificationTime": draw(instants()), "status": status}


@cache
def short_lists_of_memberships() -> st.SearchStrategy[list[JsonObject]]:
    """What many audiences share by turns: 250 different ones cost too much."""
    return st.lists(memberships(), min_size=1, max_size=3)


@cache
@st.composite
def many_memberships(draw: st.DrawFn) -> JsonObject:
    """Memberships in as many audiences as a destination should have (A-MAP-3)."""
    drawn = draw(short_lists_of_memberships())
    return {i: dict(drawn[n % len(drawn)]) for n, i in enumerate(MANY_AUDIENCES)}
