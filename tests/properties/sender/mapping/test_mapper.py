"""For any profile and any dataflow that the strategies make (A-EXP-2, A-MAP-2, A-MAP-3)."""

import copy
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from contracts import validate
from contracts.strategies import dataflows, profiles
from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body, profile_key
from sender.mapping.exclusions import Excluded
from sender.mapping.scalars import is_hashed
from sender.samples import sample_profiles

Pair = tuple[dict[str, Any], dict[str, Any]]


@st.composite
def pairs(draw: st.DrawFn) -> Pair:
    """A dataflow, and a profile that often has what it maps; some e-mails are hashed."""
    flow = draw(dataflows())
    return flow, draw(profiles(flow, hashed_emails=True))


def message_of(pair: Pair) -> dict[str, Any] | None:
    flow, profile = pair
    content = Mapper(Dataflow.from_mapping(flow)).content(profile)
    return None if isinstance(content, Excluded) else json.loads(message_body(content))


def at(value: Any, path: str) -> Any:  # noqa: ANN401  a profile holds anything
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def leaves(value: Any, path: str = "") -> dict[str, Any]:  # noqa: ANN401  a message holds anything
    if not isinstance(value, dict):
        return {path: value}
    found: dict[str, Any] = {}
    for name, inner in value.items():
        found |= leaves(inner, f"{path}.{name}" if path else name)
    return found


def exportable_ids(pair: Pair) -> dict[str, list[str]]:
    flow, profile = pair
    keys = flow["identity_map_keys"]
    found: dict[str, list[str]] = {}
    for identity in flow["identities"]:
        for entry in profile["identityMap"].get(identity["source"], []):
            if identity["target"] != "email" or not is_hashed(entry["id"]):
                found.setdefault(identity[keys], []).append(entry["id"])
    if keys == "source":
        return found
    return {target: list(dict.fromkeys(ids)) for target, ids in found.items()}


@given(pairs())
def test_every_message_satisfies_the_contract(pair: Pair) -> None:
    message = message_of(pair)
    assert message is None or validate(message, "exported-message") == []


@given(pairs())
def test_a_message_has_exactly_the_mapped_attributes_that_are_plain_values(pair: Pair) -> None:
    message = message_of(pair)
    if message is None:
        return
    flow, profile = pair
    expected = {}
    for attribute in flow["attributes"]:
        value = at(profile, attribute["source"])
        if value is not None and not isinstance(value, dict | list):
            expected[attribute["target"]] = value
    attributes = {k: v for k, v in message.items() if k not in ("identityMap", "segmentMembership")}
    assert leaves(attributes) == expected or (not expected and not attributes)


@given(pairs())
def test_a_message_has_all_identities_of_the_mapped_namespaces_but_hashes(pair: Pair) -> None:
    message = message_of(pair)
    found = {} if message is None else message["identityMap"]
    assert {key: [e["id"] for e in entries] for key, entries in found.items()} == exportable_ids(
        pair
    )


@given(pairs())
def test_a_message_has_only_mapped_audiences_as_the_profile_has_them(pair: Pair) -> None:
    message = message_of(pair)
    if message is None:
        return
    flow, profile = pair
    mapped = {audience["id"] for audience in flow["audiences"]}
    ups = profile["segmentMembership"]["ups"]
    expected = {key: membership for key, membership in ups.items() if key in mapped}
    assert message.get("segmentMembership", {"ups": {}}) == {"ups": expected}


@given(pairs())
def test_mapping_is_repeatable_and_does_not_touch_its_input(pair: Pair) -> None:
    before = copy.deepcopy(pair)
    flow, profile = pair
    mapper = Mapper(Dataflow.from_mapping(flow))
    assert mapper.content(profile) == mapper.content(profile)
    assert profile_key(profile, mapper.dataflow) == profile_key(profile, mapper.dataflow)
    assert pair == before


@given(pairs())
def test_mapping_an_exported_message_with_its_own_names_gives_it_again(pair: Pair) -> None:
    message = message_of(pair)
    if message is None:
        return
    flow = copy.deepcopy(pair[0])
    for attribute in flow["attributes"]:
        attribute["source"] = attribute["target"]
    if flow["identity_map_keys"] == "target":
        targets = message["identityMap"]
        flow["identities"] = [{"source": target, "target": target} for target in targets]
    assert message_of((flow, message)) == message


@given(dataflows(), st.integers())
def test_every_sample_of_any_dataflow_is_exported_with_all_that_can_be(
    flow: dict[str, Any], seed: int
) -> None:
    (sample,) = sample_profiles(Dataflow.from_mapping(flow), 1, seed)
    message = message_of((flow, sample))
    assert validate(message, "exported-message") == []
    assert message is not None
    keys = flow["identity_map_keys"]
    assert set(message["identityMap"]) == {identity[keys] for identity in flow["identities"]}
    for attribute in flow["attributes"]:
        value = at(sample, attribute["source"])
        assert at(message, attribute["target"]) == (None if isinstance(value, dict) else value)


@given(dataflows())
def test_a_dataflow_survives_json(flow: dict[str, Any]) -> None:
    dataflow = Dataflow.from_mapping(flow)
    assert Dataflow.from_mapping(json.loads(json.dumps(dataflow.to_mapping()))) == dataflow
    assert all(isinstance(warning, str) for warning in dataflow.warnings())
