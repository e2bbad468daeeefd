"""Which messages a correct connector makes of a scenario's profiles."""

import pytest

from contracts.conformance.catalogue import catalogue
from contracts.conformance.messages import line_of, messages_of, profiles_of
from contracts.conformance.recording import identity_of
from contracts.conformance.stage import dataflow_text
from contracts.documents import parse_toml
from contracts.validation import validate

MAPPING = parse_toml(dataflow_text("standard", "http://127.0.0.1/", "dave#brand"))


def messages_in(name: str):
    return messages_of(profiles_of(catalogue()[name], MAPPING), MAPPING)


@pytest.mark.parametrize("name", sorted(catalogue()))
def test_each_message_is_valid_and_has_an_identity_of_its_own(name: str):
    messages = messages_in(name)
    assert [
        violation for each in messages[:20] for violation in validate(each, "exported-message")
    ] == []
    assert len({identity_of(each) for each in messages}) == len(messages)


def test_a_stranger_to_the_audiences_is_not_exported():
    assert [identity_of(each) for each in messages_in("outside-the-audiences")] == [
        "member@example.com"
    ]


def test_hashed_emails_go_and_take_their_profile_along():
    messages = messages_in("hashed-emails")
    assert [each["identityMap"].keys() for each in messages] == [{"Email"}, {"ECID"}]


def test_only_the_last_messages_are_padded():
    sizes = [len(line_of(each).encode()) for each in messages_in("payload-over-the-limit")]
    assert [size == 110_000 for size in sizes] == [False, False, True]


@pytest.mark.parametrize(
    ("name", "size"), [("payload-near-the-limit", 100_000), ("payload-at-the-limit", 102_400)]
)
def test_a_message_has_the_size_that_its_scenario_names(name: str, size: int):
    assert {len(line_of(each).encode()) for each in messages_in(name)} == {size}
