"""What the messages of one profile have, by the profile's own values."""

from typing import Any

import pytest

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.reasons import ends_of
from contracts.compatibility.shape import Array, Object, Why, described

FLOW = MappedDataflow.from_mapping(
    {
        "attributes": [{"source": "a", "target": "x.a"}, {"source": "b", "target": "b"}],
        "identities": [
            {"source": "Email", "target": "email"},
            {"source": "ECID", "target": "external_id"},
        ],
        "audiences": [],
    }
)
PROFILE: dict[str, Any] = {
    "a": 7,
    "identityMap": {"Email": [{"id": "dave@example.com"}, {"id": "eve@example.com"}]},
}


def test_a_profile_without_an_identity_makes_no_message():
    assert row_shape(FLOW, {"a": 7}) is None


def test_a_row_has_its_own_values_and_never_what_it_lacks():
    shape = row_shape(FLOW, PROFILE)
    assert shape is not None
    certain = {
        "$.x[?@==7]": ALWAYS,
        "$.x[?@==8]": NEVER,
        "$.b": NEVER,
        "$.identityMap.*": ALWAYS,
        "$.identityMap.Email[1].id": ALWAYS,
        "$.identityMap.Email[?@.id=='eve@example.com']": ALWAYS,
        "$.identityMap.Email[?@.id=='someone else']": NEVER,
        "$.identityMap.Email[2]": NEVER,
        "$.identityMap.ECID": NEVER,
        "$.segmentMembership": NEVER,
    }
    assert {path: selected(path, shape) for path in certain} == certain


def test_of_an_identity_that_a_row_lacks_it_is_said_why():
    shape = row_shape(FLOW, PROFILE)
    assert shape is not None
    identity_map = shape.members["identityMap"].shape
    assert isinstance(identity_map, Object)
    assert identity_map.never_empty
    assert identity_map.members["Email"].presence is ALWAYS
    absent = identity_map.members["ECID"]
    assert absent.why == Why("optional", "it has no ECID identity")
    assert (absent.presence, described(absent.shape)) == (NEVER, "a list")
    assert isinstance(absent.shape, Array)
    assert list(absent.shape.items()) == []


def test_a_value_of_a_row_is_described_as_that_of_any_message():
    shape = row_shape(FLOW, {**PROFILE, "b": []})
    assert shape is not None
    (a,) = ends_of("$.x.a", shape)
    assert described(a.shape) == "the attribute x.a, a plain value"
    absent = shape.members["b"]
    assert (absent.presence, described(absent.shape)) == (NEVER, "the attribute b, a plain value")
    assert absent.why == Why("wrong-type", "it has a list at b: not exported (A-MAP-3)")
    nested = row_shape(FLOW, {"identityMap": PROFILE["identityMap"]})
    assert nested is not None
    assert described(nested.members["x"].shape) == "an object"
    first, _ = ends_of("$.identityMap.Email[*].id", shape)
    assert described(first.shape) == "an id, which is a text"


UPS = "$.segmentMembership.ups"


@pytest.mark.parametrize(
    ("audiences", "profile", "certain"),
    [
        (
            [{"id": "a"}, {"id": "b"}],
            {"segmentMembership": {"ups": {"a": {"status": "realized"}}}},
            {
                "$.segmentMembership": ALWAYS,
                f"{UPS}.a": ALWAYS,
                f"$[?{UPS}.a.status=='realized']": ALWAYS,
                f"$[?{UPS}.a.status=='exited']": NEVER,
                f"{UPS}.b": SOMETIMES,
                f"$[?{UPS}.b.status=='realized']": NEVER,
                f"{UPS}.c": NEVER,
            },
        ),
        (
            [{"id": "a"}],
            {"segmentMembership": {"ups": {"a": {"status": "realized"}}},
             "consents": {"collect": {"val": "n"}}},
            {
                "$.segmentMembership": ALWAYS,
                f"{UPS}.a": ALWAYS,
                f"$[?{UPS}.a.status=='realized']": SOMETIMES,
            },
        ),
        (
            [{"id": "a"}, {"id": "b", "end_date": "2026-01-01"}],
            {"segmentMembership": {"ups": {"b": {"status": "realized"}}}},
            {
                "$.segmentMembership": SOMETIMES,
                f"{UPS}.a": SOMETIMES,
                f"{UPS}.b": SOMETIMES,
                f"$[?{UPS}.b.status=='exited']": NEVER,
            },
        ),
        ([{"id": "a"}, {"id": "b"}], {}, {"$.segmentMembership": SOMETIMES, f"{UPS}.*": SOMETIMES}),
    ],
)  # fmt: skip
def test_of_its_audiences_a_row_has_its_own_statuses(
    audiences: list[dict[str, str]], profile: dict[str, Any], certain: dict[str, str]
):
    raw = {"identities": [{"source": "Email", "target": "email"}], "audiences": audiences}
    shape = row_shape(MappedDataflow.from_mapping(raw), {**PROFILE, **profile})
    assert shape is not None
    assert {path: selected(path, shape) for path in certain} == certain


@pytest.mark.parametrize(
    ("audiences", "profile", "code", "words"),
    [
        ([{"id": "a"}], {}, "optional", "no status for it"),
        ([{"id": "a"}], {"consents": "n"}, "excluded", "consent may be withdrawn"),
        (
            [{"id": "a", "end_date": "2026-01-01"}, {"id": "b"}],
            {"segmentMembership": {"ups": {"a": {"status": "exited"}}}},
            "excluded",
            "outside its dates",
        ),
    ],
)
def test_why_a_row_may_lack_a_membership_is_told(
    audiences: list[dict[str, str]], profile: dict[str, Any], code: str, words: str
):
    raw = {"identities": [{"source": "Email", "target": "email"}], "audiences": audiences}
    shape = row_shape(MappedDataflow.from_mapping(raw), {**PROFILE, **profile})
    assert shape is not None
    whole = shape.members["segmentMembership"]
    assert whole.why is not None
    assert "it tells of no audience" in whole.why.text
    people = whole.shape
    assert isinstance(people, Object)
    assert isinstance(people.members["ups"].shape, Object)
    why = people.members["ups"].shape.members["a"].why
    assert why is not None
    assert (why.code, words in why.text) == (code, True)


def test_an_id_whose_digits_are_not_known_may_be_any():
    shape = row_shape(FLOW, {"identityMap": {"ECID": [{"id": 1000.0}]}})
    assert shape is not None
    assert selected("$.identityMap.ECID[0].id", shape) is ALWAYS
    assert selected("$.identityMap.ECID[?@.id=='1000']", shape) is SOMETIMES
