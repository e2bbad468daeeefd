"""What the messages of one profile have, by the profile's own values."""

from typing import Any

from contracts.compatibility.certainty import ALWAYS, NEVER, SOMETIMES
from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.row_shape import row_shape
from contracts.compatibility.paths.selection import selected
from contracts.compatibility.shape import Object, Why

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
    assert identity_map.members["ECID"].why == Why("optional", "it has no ECID identity")


def test_an_id_whose_digits_are_not_known_may_be_any():
    shape = row_shape(FLOW, {"identityMap": {"ECID": [{"id": 1000.0}]}})
    assert shape is not None
    assert selected("$.identityMap.ECID[0].id", shape) is ALWAYS
    assert selected("$.identityMap.ECID[?@.id=='1000']", shape) is SOMETIMES
