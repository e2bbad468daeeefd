"""A tenant's faults: adding and removing them, and what they do together."""

import json
from typing import Any

import pytest

from contracts.validation import schema
from mock_qualtrics.errors import InvalidFaultError, UnknownFaultError, WireFaultsOffError
from mock_qualtrics.faults import KINDS, NO_EFFECT, ConnectionFault, Counts, FaultSet
from mock_qualtrics.model import Call


def test_without_faults_nothing_is_touched(effect):
    assert effect() is NO_EFFECT


def test_a_fault_that_does_not_match_touches_nothing(effect):
    assert effect({"kind": "hang", "when": {"every": 2}}) == NO_EFFECT


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"kind": "status", "status": 503}, {"kind": "hang"}, "fault:status"),
        ({"kind": "hang"}, {"kind": "status", "status": 503}, "fault:hang"),
        ({"kind": "hang"}, {"kind": "reset-before-read"}, "fault:hang"),
    ],
)
def test_of_two_faults_that_refuse_the_one_that_was_added_first_does(
    effect, first: dict[str, Any], second: dict[str, Any], reason: str
):
    refusal = effect(first, second).refusal
    assert refusal is not None
    assert refusal.reason == reason


def test_of_two_acts_on_the_answer_the_one_that_was_added_first_is_carried_out(effect):
    assert (
        effect({"kind": "truncate"}, {"kind": "dribble"}).connection_fault
        is ConnectionFault.TRUNCATE
    )


def test_every_kind_of_the_contract_is_registered_and_says_which_bug_it_finds():
    in_contract = set()
    for variant in schema("fault")["oneOf"]:
        kind = variant["properties"]["kind"]
        in_contract |= set(kind.get("enum", [kind.get("const")]))
    assert set(KINDS) == in_contract
    assert all(kind.finds for kind in KINDS.values())


def test_every_kind_explains_itself_in_one_line():
    for kind in KINDS.values():
        assert kind.explanation.startswith(f"fault {kind.name}: ")
        assert kind.explanation.endswith(f". Bug that it reveals: {kind.finds}.")
        assert "\n" not in kind.explanation


def test_the_effect_names_each_kind_that_the_call_met_once_and_in_order(effect):
    assert effect(
        {"kind": "empty"}, {"kind": "status", "status": 503}, {"kind": "empty"}
    ).kinds == (
        "empty",
        "status",
    )


def call(body: bytes = b"{}") -> Call:
    return Call("POST", "/inbound-event/v1/events/json/triggers", "", (), body)


def set_with(**when: object) -> FaultSet:
    faults = FaultSet(seed=7)
    faults.add({"kind": "status", "status": 500, "when": when})
    return faults


def test_every_fault_that_strikes_is_chosen_in_the_order_of_adding():
    faults = FaultSet(seed=7)
    faults.add({"kind": "run-twice", "when": {"first": 1}})
    faults.add({"kind": "status", "status": 500, "when": {"every": 1}})
    chosen = faults.choose(call(), b"", Counts(), 0)
    assert [fault.kind.name for fault in chosen] == ["run-twice", "status"]


def test_a_removed_fault_strikes_no_more(struck):
    faults = set_with(every=1)
    faults.remove(faults.all()[0].id)
    assert not struck(faults, 3)
    assert not faults


def test_a_set_that_was_cleared_gives_the_same_ids_again():
    faults = set_with(every=1)
    first_id = faults.all()[0].id
    faults.clear()
    assert not faults.all()
    assert faults.add({"kind": "hang", "when": {"first": 1}}).id == first_id


def test_removing_a_fault_that_is_not_there_names_it():
    with pytest.raises(UnknownFaultError, match="fault-9"):
        FaultSet(seed=7).remove("fault-9")


@pytest.mark.parametrize(
    ("mapping", "said"),
    [
        ({"kind": "status", "when": {"first": 1}}, "status"),
        ({"kind": "status", "when": {"first": 0}, "status": 500}, "first"),
        ({"kind": "earthquake", "when": {"first": 1}}, "kind"),
        ({"kind": "hang", "when": {}}, "when"),
        ({"kind": "hang", "when": {"path": "$["}}, "path"),
        ({"kind": "hang", "when": {"first": 1, "every": 2}}, "when"),
        ({"kind": "hang", "when": {"between": ["2026-01-02T00:00:00Z"] * 2}}, "later than"),
        ({"kind": "hang", "when": {"between": [5, 5]}}, "later than 5"),
        (
            {"kind": "hang", "when": {"sinceFirstCall": [5, 5]}},
            r"Call\[1\]: found 5, .* later than 5",
        ),
        (
            {"kind": "hang", "when": {"sinceFirstCall": [-1, 5]}},
            r"Call\[0\]: found -1, expected at",
        ),
        ({"kind": "hang", "when": {"between": [-1, 5]}}, r"\[0\]: found -1, expected an instant"),
        ({"kind": "hang", "when": {"between": [0, float("nan")]}}, "or seconds since"),
        ([], "object"),
    ],
)
def test_what_is_no_fault_is_refused_with_every_reason_and_changes_nothing(
    mapping: dict[str, object], said: str
):
    faults = FaultSet(seed=7)
    with pytest.raises(InvalidFaultError, match=said) as caught:
        faults.add(mapping)
    assert caught.value.violations
    assert not faults


def test_faults_that_break_connections_are_refused_where_they_may_not():
    for name, kind in KINDS.items():
        mapping = {"kind": name, "when": {"first": 1}, **NEEDED.get(name, {})}
        if kind.breaks_connection:
            with pytest.raises(WireFaultsOffError, match="--wire-faults"):
                FaultSet(seed=7).add(mapping, wire_faults=False)
        else:
            FaultSet(seed=7).add(mapping, wire_faults=False)


NEEDED = {
    "status": {"status": 500},
    "redirect": {"location": "/elsewhere"},
    "latency": {"seconds": 1},
    "lower-limit": {"callsPerMinute": 1},
}


@pytest.mark.parametrize(
    "when",
    [
        {"first": 3},
        {"every": 10},
        {"probability": 0.01},
        {"between": ["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"]},
        {"between": [0, 2.5]},
        {"sinceFirstCall": [0, 2.5]},
        {"path": "$.a"},
    ],
)
def test_a_fault_is_shown_as_it_was_given_with_its_id(when: dict[str, object]):
    given = {"kind": "status", "when": when, "status": 503, "retryAfterSeconds": 2}
    assert FaultSet(seed=7).add(given).to_mapping() == {"id": "fault-1", **given}


def test_a_set_that_an_older_version_dumped_is_loaded():
    faults = set_with(between=["2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"])
    older = faults.dump()
    for fault in older["faults"]:
        del fault["addedAt"]
    again = FaultSet(seed=7)
    again.load(older)
    assert again.all() == faults.all()


def test_a_dumped_set_is_the_same_when_it_is_loaded(struck):
    received = 4
    faults = FaultSet(seed=7, received=lambda: received)
    faults.add({"kind": "hang", "when": {"first": 1}})
    faults.add({"kind": "status", "status": 500, "when": {"probability": 0.5}})
    faults.remove("fault-1")
    again = FaultSet(seed=7)
    again.load(json.loads(json.dumps(faults.dump())))
    assert again.dump() == faults.dump()
    assert struck(again, 50) == struck(faults, 50)
    assert again.add({"kind": "hang", "when": {"first": 1}}).id == "fault-3"
