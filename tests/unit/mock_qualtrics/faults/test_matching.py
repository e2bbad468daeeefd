"""Which calls a fault matches, for each way of choosing."""

import json

import pytest

from mock_qualtrics.events.json_path import Path
from mock_qualtrics.faults import Counts, FaultSet
from mock_qualtrics.faults.matching import Body
from mock_qualtrics.model import Call

SECOND = 1_000_000
NEW_YEAR_2026 = 1_767_225_600 * SECOND


def call(body: bytes = b"{}") -> Call:
    return Call("POST", "/inbound-event/v1/events/json/triggers", "", (), body)


def set_with(**when: object) -> FaultSet:
    faults = FaultSet(seed=7)
    faults.add({"kind": "status", "status": 500, "when": when})
    return faults


def test_the_first_calls_are_struck_and_no_more(struck):
    assert struck(set_with(first=3), 10) == [1, 2, 3]


def test_every_nth_call_is_struck(struck):
    assert struck(set_with(every=4), 12) == [4, 8, 12]


def test_calls_are_counted_from_when_the_fault_was_added(struck):
    received = 0
    faults = FaultSet(seed=7, received=lambda: received)
    received = 5
    faults.add({"kind": "status", "status": 500, "when": {"first": 2}})
    assert struck(faults, 10)[-2:] == [6, 7]


@pytest.mark.parametrize(("share", "expected"), [(0, []), (1, [1, 2, 3])])
def test_nothing_is_struck_at_probability_0_and_everything_at_1(
    struck, share: float, expected: list[int]
):
    assert struck(set_with(probability=share), 3) == expected


def test_a_probable_fault_strikes_about_its_share_of_the_calls():
    faults = set_with(probability=0.1)
    bodies = (b"%d" % number for number in range(2_000))
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
    ("seconds", "is_struck"), [(0, False), (4.9, False), (5, True), (59, True), (60, False)]
)
@pytest.mark.parametrize("between", [[5, 60], [5.0, "2026-01-01T00:01:00Z"]])
def test_seconds_count_from_when_the_fault_was_added(
    between: list[object], seconds: float, is_struck: bool
):
    faults = FaultSet(seed=7, now=lambda: NEW_YEAR_2026)
    faults.add({"kind": "status", "status": 500, "when": {"between": between}})
    loaded = FaultSet(seed=7, now=lambda: NEW_YEAR_2026 + 3_600 * SECOND)
    loaded.load(json.loads(json.dumps(faults.dump())))
    for each in (faults, loaded):
        chosen = each.choose(call(), b"", Counts(), NEW_YEAR_2026 + round(seconds * SECOND))
        assert bool(chosen) is is_struck


def test_seconds_count_from_the_first_call_that_came_after_the_fault_was_added():
    faults = set_with(sinceFirstCall=[0.5, 60])
    first = NEW_YEAR_2026 + 3_600 * SECOND
    struck = []
    for seconds in (0, 0.4, 0.5, 59, 60, 7_200):
        now = first + round(seconds * SECOND)
        struck.append(bool(faults.choose(call(), b"", Counts(), now)))
        again = FaultSet(seed=7)
        again.load(json.loads(json.dumps(faults.dump())))  # as after a restart
        assert bool(again.choose(call(), b"", Counts(), now)) is struck[-1]
    assert struck == [False, False, True, True, False, False]


def test_a_look_at_the_headers_is_the_first_call_too():
    faults = FaultSet(seed=7)
    faults.add({"kind": "reset-before-read", "when": {"sinceFirstCall": [0, 60]}})
    struck = [faults.resets_before_body(Counts(), 5 + at * SECOND) for at in (0, 59, 60)]
    assert struck == [True, True, False]


def test_a_fault_that_is_added_later_has_a_first_call_of_its_own():
    faults = set_with(sinceFirstCall=[0, 60])
    faults.choose(call(), b"", Counts(), 0)
    later = faults.add({"kind": "hang", "when": {"sinceFirstCall": [0, 60]}})
    assert faults.choose(call(), b"", Counts(), 100 * SECOND) == (later,)
    faults.clear()
    new = faults.add({"kind": "hang", "when": {"sinceFirstCall": [0, 60]}})
    assert faults.choose(call(), b"", Counts(), 300 * SECOND) == (new,)


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


NESTED = json.loads('{"a":' * 90 + "1" + "}" * 90)


@pytest.mark.usefixtures("little_work")
def test_a_fault_whose_path_is_too_much_work_strikes_nobody():
    body = Body(json.dumps(NESTED).encode())
    assert not body.holds(Path("$" + "..*" * 50))
    assert not body.holds(Path("$..a"))  # what is left is shared by all faults of the call


def test_a_fault_s_path_has_a_fifth_of_a_run_s_budget():
    wide = json.dumps([1] * 9_000).encode()
    assert Body(wide).holds(Path("$[?@==1]")) is False  # some 40,000 steps
    assert Body(wide).holds(Path("$.*")) is True
