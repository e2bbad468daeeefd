"""Which calls a fault strikes, for each way of choosing."""

import json

import pytest

from mock_qualtrics.errors import InvalidFaultError, UnknownFaultError, WireFaultsOffError
from mock_qualtrics.faults import KINDS, Counts, FaultSet
from mock_qualtrics.model import Call

SECOND = 1_000_000
NEW_YEAR_2026 = 1_767_225_600 * SECOND


def call(body: bytes = b"{}") -> Call:
    return Call("POST", "/inbound-event/v1/events/json/triggers", "", (), body)


def struck(faults: FaultSet, calls: int) -> list[int]:
    """Return the places, from 1, of those of so many equal calls that any fault strikes."""
    return [
        number
        for number in range(1, calls + 1)
        if faults.choose(call(), b"digest", Counts(number - 1, number - 1), NEW_YEAR_2026)
    ]


def set_with(**when: object) -> FaultSet:
    faults = FaultSet(seed=7)
    faults.add({"kind": "status", "status": 500, "when": when})
    return faults


def test_the_first_calls_are_struck_and_no_more():
    assert struck(set_with(first=3), 10) == [1, 2, 3]


def test_every_nth_call_is_struck():
    assert struck(set_with(every=4), 12) == [4, 8, 12]


def test_calls_are_counted_from_when_the_fault_was_added():
    received = 0
    faults = FaultSet(seed=7, received=lambda: received)
    received = 5
    faults.add({"kind": "status", "status": 500, "when": {"first": 2}})
    assert struck(faults, 10)[-2:] == [6, 7]


@pytest.mark.parametrize(("share", "expected"), [(0, []), (1, [1, 2, 3])])
def test_nothing_is_struck_at_probability_0_and_everything_at_1(share: float, expected: list[int]):
    assert struck(set_with(probability=share), 3) == expected


def test_a_probable_fault_strikes_about_its_share_of_the_calls():
    faults = set_with(probability=0.01)
    bodies = (b"%d" % number for number in range(20_000))
    hits = sum(bool(faults.choose(call(body), body, Counts(), 0)) for body in bodies)
    assert 150 < hits < 250


@pytest.mark.parametrize(
    ("seconds_after_midnight", "is_struck"), [(-1, False), (0, True), (59, True), (60, False)]
)
def test_a_fault_between_two_instants_strikes_from_the_first_and_not_at_the_second(
    seconds_after_midnight: int, is_struck: bool
):
    faults = set_with(between=["2026-01-01T00:00:00Z", "2026-01-01T00:01:00Z"])
    now = NEW_YEAR_2026 + seconds_after_midnight * SECOND
    assert bool(faults.choose(call(), b"", Counts(), now)) is is_struck


@pytest.mark.parametrize(
    ("body", "is_struck"),
    [
        ({"person": {"name": "Dave"}}, True),
        ({"person": None}, True),
        ({"other": 1}, False),
        ([], False),
    ],
)
def test_a_fault_at_a_path_strikes_bodies_in_which_the_path_finds_something(
    body: object, is_struck: bool
):
    faults = set_with(path="$.person")
    raw = json.dumps(body).encode()
    assert bool(faults.choose(call(raw), b"", Counts(), 0)) is is_struck


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_fault_at_a_path_leaves_a_body_alone_that_is_no_json(body: bytes):
    assert not set_with(path="$").choose(call(body), b"", Counts(), 0)


def test_every_fault_that_strikes_is_chosen_in_the_order_of_adding():
    faults = FaultSet(seed=7)
    faults.add({"kind": "run-twice", "when": {"first": 1}})
    faults.add({"kind": "status", "status": 500, "when": {"every": 1}})
    chosen = faults.choose(call(), b"", Counts(), 0)
    assert [fault.kind.name for fault in chosen] == ["run-twice", "status"]


def test_a_removed_fault_strikes_no_more():
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
        {"path": "$.a"},
    ],
)
def test_a_fault_is_shown_as_it_was_given_with_its_id(when: dict[str, object]):
    given = {"kind": "status", "when": when, "status": 503, "retryAfterSeconds": 2}
    assert FaultSet(seed=7).add(given).to_mapping() == {"id": "fault-1", **given}


def test_a_dumped_set_is_the_same_when_it_is_loaded():
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
