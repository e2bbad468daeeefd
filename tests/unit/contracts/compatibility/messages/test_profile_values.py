"""What of a profile's values is exported, and that the sender does the same."""

from typing import Any

import pytest

from contracts.compatibility.messages.mapped_dataflow import MappedDataflow
from contracts.compatibility.messages.profile_values import (
    attribute_at,
    identities_of,
    may_be_opted_out,
    statuses_of,
)

FLOW = MappedDataflow.from_mapping(
    {
        "identities": [
            {"source": "Email", "target": "email"},
            {"source": "Work", "target": "email"},
            {"source": "ECID", "target": "external_id"},
        ],
        "audiences": [{"id": "a-1"}],
    }
)


@pytest.mark.parametrize(
    ("profile", "value", "code"),
    [
        ({"a": {"b": "x"}}, "x", ""),
        ({"a": {"b": 0}}, 0, ""),
        ({"a": {"b": False}}, False, ""),
        ({"a": {}}, None, "optional"),
        ({"a": "b"}, None, "optional"),
        ({"a": {"b": None}}, None, "optional"),
        ({"a": {"b": []}}, None, "wrong-type"),
        ({"a": {"b": {"c": 1}}}, None, "wrong-type"),
        ({"a": {"b": float("inf")}}, None, "wrong-type"),
        ({"a": {"b": 1 << 13_999}}, 1 << 13_999, ""),
        ({"a": {"b": 1 << 14_000}}, None, "wrong-type"),
    ],
)
def test_only_plain_values_are_exported(profile: Any, value: object, code: str):  # noqa: ANN401
    found = attribute_at(profile, "a.b")
    assert (found.value, found.code) == (value, code)
    assert bool(found.text) is (value is None)


@pytest.mark.parametrize(
    ("value", "words"), [([], "a list at a"), ({}, "an object at a"), (None, "null at a")]
)
def test_it_is_said_what_stands_where_a_plain_value_is_expected(value: object, words: str):
    assert words in attribute_at({"a": value}, "a").text
    assert "has no b.c" in attribute_at({"a": value}, "b.c").text


@pytest.mark.parametrize(
    ("ids", "expected"),
    [
        ({"Email": [{"id": "d@example.com"}]}, {"Email": ["d@example.com"]}),
        ({"Email": [{"id": "a" * 32}]}, {}),
        ({"ECID": [{"id": "a" * 32}]}, {"ECID": ["a" * 32]}),
        ({"ECID": [{"id": 7}, {"id": 1e3}, {"id": 0.5}, {"id": True}]}, {"ECID": ["7", None]}),
        ({"ECID": [{}, "x", {"id": ""}], "Email": "x", "Phone": [{"id": "1"}]}, {}),
        ({"ECID": [{"id": 1 << 14_000}, {"id": 1}]}, {"ECID": ["1"]}),
        ([], {}),
    ],
)
def test_ids_are_texts_and_whole_numbers(ids: Any, expected: Any):  # noqa: ANN401
    assert identities_of(FLOW, {"identityMap": ids}) == expected


def test_identities_that_share_a_target_are_merged_each_once():
    flow = MappedDataflow(FLOW.attributes, FLOW.identities, FLOW.audiences, by_target=True)
    ids = {"Email": [{"id": "a"}, {"id": "a"}], "Work": [{"id": "b"}, {"id": "a"}]}
    assert identities_of(flow, {"identityMap": ids}) == {"email": ["a", "b"]}


@pytest.mark.parametrize(
    ("membership", "statuses"),
    [
        ({"ups": {"a-1": {"status": "existing"}, "b": {"status": "exited"}}}, {"a-1": "realized"}),
        ({"ups": {"a-1": {"status": "gone"}}}, {}),
        ({"ups": {"a-1": {"status": 1}}}, {}),
        ({"aam": {"a-1": {"status": "exited"}}}, {}),
        (None, {}),
    ],
)
def test_statuses_are_read_of_mapped_people_audiences(membership: Any, statuses: Any):  # noqa: ANN401
    assert statuses_of(FLOW, {"segmentMembership": membership}) == statuses


@pytest.mark.parametrize(
    ("consents", "in_doubt"),
    [
        (None, False),
        ({}, False),
        ({"collect": {"val": "y"}}, False),
        ({"collect": {"val": "n"}}, True),
        ({"collect": "y"}, True),
        ("y", True),
        ({"idSpecific": {"Email": {}}}, True),
    ],
)
def test_consent_that_may_be_withdrawn_is_in_doubt(consents: Any, in_doubt: bool):  # noqa: ANN401
    assert may_be_opted_out(FLOW, {"consents": consents}) is in_doubt
