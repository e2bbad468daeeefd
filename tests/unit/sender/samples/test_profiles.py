"""Made-up profiles of any dataflow."""

import json
import random
from collections import Counter
from typing import Any

import pytest

from contracts import validate
from sender.clock import VirtualClock
from sender.dataflow import Dataflow
from sender.mapping import Mapper, message_body
from sender.mapping.activation import Export, decide
from sender.mapping.exclusions import Excluded, ExclusionReason
from sender.samples import sample_profiles


@pytest.fixture
def dataflow(raw: dict[str, Any]) -> Dataflow:
    sources = [
        "order.total",
        "order.itemCount",
        "employment.remote",
        "employment.startDate",
        "home.city",
        "loyalty.tier",
        "person.name.fullName",
        "workEmail.address",
    ]
    raw["attributes"] += [{"source": source, "target": source} for source in sources]
    return Dataflow.from_mapping(raw)


def contents(dataflow: Dataflow, profiles: list[dict[str, Any]]) -> list[Any]:
    mapper = Mapper(dataflow)
    return [mapper.content(profile) for profile in profiles]


def test_every_sample_has_all_that_is_mapped_and_is_exported(dataflow: Dataflow) -> None:
    mapper, now = Mapper(dataflow), VirtualClock().now()
    for profile in sample_profiles(dataflow, 50, seed=1):
        decision = decide(None, profile, mapper, now)
        assert isinstance(decision, Export)
        message = json.loads(message_body(decision.content))
        assert validate(message, "exported-message") == []
        assert set(message["identityMap"]) == {"Email", "ECID"}
        for mapping in dataflow.attributes:
            value = message
            for name in mapping.target_path:
                value = value[name]
            assert value not in (None, "")


def test_the_same_seed_gives_the_same_samples_and_another_seed_others(dataflow: Dataflow) -> None:
    first = list(sample_profiles(dataflow, 20, seed=1))
    assert first == list(sample_profiles(dataflow, 20, seed=1))
    assert first != list(sample_profiles(dataflow, 20, seed=2))
    random.seed(0)
    assert first == list(sample_profiles(dataflow, 20, seed=1))


def test_no_two_samples_are_one_profile(dataflow: Dataflow) -> None:
    ids = [profile["_id"] for profile in sample_profiles(dataflow, 1_000, seed=1)]
    assert len(set(ids)) == 1_000


def test_the_shares_are_exact(dataflow: Dataflow) -> None:
    samples = sample_profiles(dataflow, 200, 1, excluded_share=0.04, incomplete_share=0.05)
    found = contents(dataflow, list(samples))
    reasons = Counter(content.reason for content in found if isinstance(content, Excluded))
    assert reasons == {ExclusionReason.NO_MAPPED_IDENTITY: 4, ExclusionReason.HASHED_EMAIL: 4}
    complete = [content for content in found if not isinstance(content, Excluded)]
    assert sum("firstName" not in c.attributes["person"]["name"] for c in complete) == 9


def test_a_dataflow_without_email_or_attributes_has_samples_too(raw: dict[str, Any]) -> None:
    raw |= {"attributes": [], "identities": [{"source": "ECID", "target": "external_id"}]}
    dataflow = Dataflow.from_mapping(raw)
    samples = list(
        sample_profiles(dataflow, 10, 1, excluded_share=0.5, incomplete_share=1.0),
    )
    found = contents(dataflow, samples)
    assert sum(isinstance(content, Excluded) for content in found) == 5


def test_sources_that_lie_inside_each_other_do_no_harm(raw: dict[str, Any]) -> None:
    raw["attributes"] = [{"source": "a", "target": "x"}, {"source": "a.b", "target": "y"}]
    dataflow = Dataflow.from_mapping(raw)
    (content,) = contents(dataflow, list(sample_profiles(dataflow, 1, 1, incomplete_share=0.0)))
    assert list(content.attributes) == ["y"]


def test_an_id_mapped_as_an_attribute_is_the_samples_id(raw: dict[str, Any]) -> None:
    raw["attributes"] = [{"source": "_id.part", "target": "x"}, {"source": "_id", "target": "y"}]
    dataflow = Dataflow.from_mapping(raw)
    (content,) = contents(dataflow, list(sample_profiles(dataflow, 1, 7, incomplete_share=1.0)))
    assert content.attributes == {"y": "sample-7-0"}
