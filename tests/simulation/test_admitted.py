"""What the mock admits and how runs end: sound, and broken in one place."""

import dataclasses

import pytest

from simulation.invariants import admitted
from simulation.invariants.seen import Message, Seen, TakenCall
from simulation.invariants.stored import (
    RUN_FAILED,
    RUN_PENDING,
    RUN_SUCCEEDED,
    MockState,
    StoredCall,
    StoredRun,
)
from simulation.schedule import Setup
from simulation.schedule.setup import TASK

CONDITIONS = {"all": [{"path": "$.text", "equals": "a"}]}


def call(number: int, trace_id: str | None = "t1", **more: object) -> StoredCall:
    return StoredCall(number, 0, accepted=True, trace_id=trace_id, status=202, runs=1, **more)


def test_a_call_that_is_admitted_with_an_old_token_is_found():
    old = TakenCall(8, "t1", accepted=True, is_trusted=False)
    assert "admitted with an old token" in (admitted.admitted_with_the_token(old) or "")
    for sound in ({"accepted": False}, {"is_trusted": True}):
        assert admitted.admitted_with_the_token(dataclasses.replace(old, **sound)) is None


@pytest.mark.parametrize(
    ("marks", "sound"),
    [((False, True), True), ((False, False), False), ((True, True), False)],
)
def test_a_duplicate_that_is_not_marked_and_a_mark_without_one_are_found(marks, sound):
    calls = [call(number, duplicate=mark) for number, mark in enumerate(marks)]
    calls += [call(9, trace_id=None, duplicate=True)]  # by its body: another client's
    assert (not list(admitted.duplicates_marked(MockState(calls)))) == sound


@pytest.mark.parametrize(
    ("due_us", "finished_us", "sound"),
    [(7, 7, True), (7, 9, True), (7, None, True), (7, 6, False), (4, 6, False)],
)
def test_a_run_that_ends_before_it_is_due_or_received_is_found(due_us, finished_us, sound):
    run = StoredRun(8, 8, RUN_SUCCEEDED, received_us=5, due_us=due_us, finished_us=finished_us)
    assert (not list(admitted.ended_when_due(MockState(runs=[run])))) == sound


def as_said(run: StoredRun, faults: str = "", text: str = "a", **workflow: object) -> bool:
    seen = Seen()
    seen.messages["t1"] = Message(1, "t1", "p1", (text, "realized"))
    setup = Setup(workflows=({"name": "Survey", **workflow},))
    mock = MockState([call(8, faults=faults)], [run])
    return not list(admitted.ended_as_settings_say(seen, mock, setup))


SUCCEEDED = StoredRun(8, 8, RUN_SUCCEEDED, workflow=admitted.FIRST_WORKFLOW)
FAILED = dataclasses.replace(SUCCEEDED, state=RUN_FAILED)
SKIPPED = dataclasses.replace(SUCCEEDED, skips_tasks=True)


def test_a_run_that_fails_without_a_reason_or_succeeds_against_a_fault_is_found():
    assert as_said(SUCCEEDED)
    assert as_said(FAILED, faults="latency,run-failed")
    assert as_said(FAILED, tasks=[TASK])
    assert not as_said(FAILED)
    assert not as_said(SUCCEEDED, faults="run-failed")
    assert as_said(dataclasses.replace(SUCCEEDED, state=RUN_PENDING), faults="run-failed")


@pytest.mark.parametrize(
    ("run", "text", "sound"),
    [
        (SUCCEEDED, "a", True),
        (SUCCEEDED, "b", False),
        (SKIPPED, "a", False),
        (SKIPPED, "b", True),
    ],
)
def test_conditions_that_are_taken_the_wrong_way_round_are_found(run, text, sound):
    assert as_said(run, text=text, conditions=CONDITIONS) == sound
