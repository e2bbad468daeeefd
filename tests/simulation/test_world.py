"""The simulated world itself: the same seed gives the same trace, and a quiet one ends in order."""

import contextlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sender.transport.outcomes import Answered
from simulation.invariants.stored import opened, read_mock
from simulation.schedule import (
    POINTS,
    SIDES,
    Crash,
    DiskFull,
    Export,
    Happening,
    MockFault,
    OtherClient,
    Result,
    Row,
    Schedule,
    Setup,
    generate,
)
from simulation.schedule.setup import FIELD, TASK
from simulation.world import World, simulate

ROOT = Path(__file__).parents[2]
PRINT_TRACE = "from simulation.world import *; from simulation.schedule import *; {}"
SIMULATE = "simulate(generate({}), print)"


def traced(seed):
    lines = []
    simulate(generate(seed), lines.append)
    return lines


def simulated(*happenings: Happening, **setup: object) -> tuple[Result, str]:
    exports = (Export(rows=tuple(Row(profile=number) for number in range(12))),)
    lines = []
    schedule = Schedule(seed=1, setup=Setup(exports=exports, **setup), happenings=happenings)
    return simulate(schedule, lines.append), "\n".join(lines)


def in_order(folder: Path, *happenings: Happening, **setup: object) -> list[tuple]:
    exports = (Export(rows=tuple(Row(profile=number) for number in range(3))),)
    schedule = Schedule(seed=1, setup=Setup(exports=exports, **setup), happenings=happenings)
    world = World(schedule, folder, in_order=True, start_us=0)
    assert world.run().violation is None
    return [(call.sent_us, call.message.seq, call.ended_us, call.outcome) for call in world.calls]


def test_nothing_goes_wrong_where_nothing_happens():
    rows = tuple(Row(profile=number) for number in range(60))
    result = simulate(Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),))))
    assert (result.violation, result.messages) == (None, 60)
    assert not result.faults_hit
    assert not result.crash_points_hit


def test_tasks_succeed_where_the_event_has_their_field_and_nothing_fails_them(tmp_path):
    survey = {"name": "Survey", "fields": [FIELD], "tasks": [TASK], "retryTasks": True}
    exports = (Export(rows=(Row(profile=1), Row(profile=2))),)
    setup = Setup(exports=exports, workflows=(survey,))
    others = OtherClient(after_calls=1, calls=1, workflow=1)
    schedule = Schedule(seed=1, setup=setup, happenings=(others,))
    assert World(schedule, tmp_path).run().violation is None
    with contextlib.closing(opened(tmp_path / "store.db")) as store:
        totals = read_mock(store, 1).totals
    assert (totals["accepted"], totals["succeeded"], totals["failed"]) == (3, 2, 1)


def test_the_same_seed_gives_the_same_trace_in_another_process_with_another_hash_seed():
    seeds = (3, 5)
    code = "; ".join(SIMULATE.format(seed) for seed in seeds)
    environment = {
        **os.environ,
        "PYTHONHASHSEED": "4711",
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "tests"))),
    }
    done = subprocess.run(
        [sys.executable, "-c", PRINT_TRACE.format(code)],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert done.stdout.splitlines() == [line for seed in seeds for line in traced(seed)]


@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("point", POINTS)
def test_either_side_crashes_at_each_point_and_goes_on(side, point):
    result, trace = simulated(Crash(side=side, point=point, nth=6, pause_us=2_000_000))
    assert (result.violation, result.messages) == (None, 12)
    assert result.crash_points_hit == {f"{side}-{point}": 1}
    assert f"{side:<7} crashes {point}" in trace
    assert trace.count(f"{side:<7} starts") == 2
    assert result.seconds >= 2


def test_what_the_mock_took_and_did_not_commit_is_gone_with_it_and_sent_again():
    crash = Crash(side="mock", point="before-commit", nth=1, pause_us=1_000_000)
    result, trace = simulated(crash, slots=1)
    assert result.violation is None
    first, after = trace.split("mock    crashes before-commit")
    assert "stages a call" in first
    assert "answers call" not in first
    assert "is told of message 1 try 1: lost: the connection broke" in after
    assert "sends message 1 try 2" in after


@pytest.mark.parametrize("side", SIDES)
def test_a_full_disk_keeps_either_side_from_writing_until_there_is_room(side):
    result, trace = simulated(DiskFull(after_calls=3, side=side, lasts_us=3_000_000))
    assert (result.violation, result.messages) == (None, 12)
    assert result.faults_hit[f"{side}-disk-full"] > 0
    refused = {"mock": "503", "sender": "fails: database or disk is full"}[side]
    assert refused in trace


def test_a_fault_that_was_stored_just_before_the_mock_crashed_is_not_added_twice():
    answers = {"kind": "status", "status": 503, "when": {"every": 1}}
    fault = MockFault(fault=answers, lasts_us=5_000_000)
    crash = Crash(side="mock", point="after-commit", nth=1)
    result, trace = simulated(fault, crash)
    assert (result.violation, result.messages) == (None, 12)
    assert result.crash_points_hit == {"mock-after-commit": 1}
    assert trace.count("status begins") == 2
    assert "fault-1 is removed" in trace
    assert "fault-2" not in trace


def test_a_run_of_another_clients_call_ends_though_nothing_is_committed_after_it():
    others = OtherClient(after_calls=12, then_us=60_000_000, calls=1, workflow=1)
    result, trace = simulated(others)
    assert result.violation is None
    assert result.faults_hit == {"other-client": 1}
    assert "stages another client's call" in trace.rsplit("has sent all", 1)[1]


def test_an_endless_answer_ends_when_its_time_is_over():
    fault = MockFault(fault={"kind": "hang", "when": {"first": 1}}, lasts_us=10_000_000)
    result, trace = simulated(fault)
    assert result.violation is None
    assert result.faults_hit["hang"] == 1
    assert "lost: no answer in time" in trace


def test_in_order_calls_arrive_when_they_are_sent_and_answers_take_the_latency(tmp_path):
    best_effort = {"policy": "adobe-best-effort", "offered_rate": 10.0, "latency_us": 250_000}
    assert in_order(tmp_path, **best_effort) == [
        (100_000 * number, number + 1, 100_000 * number + 250_000, Answered(202))
        for number in range(3)
    ]


def test_in_order_another_clients_calls_of_an_instant_come_first(tmp_path):
    calls = in_order(
        tmp_path,
        OtherClient(calls=2_999),
        policy="adobe-best-effort",
        offered_rate=10.0,
        retry_after=(60.0,),
        latency_us=0,
    )
    statuses = [(sent_us, seq, outcome.status) for sent_us, seq, _, outcome in calls]
    assert statuses == [
        (0, 1, 202),
        (100_000, 2, 429),
        (200_000, 3, 429),
        (60_100_000, 2, 202),
        (60_200_000, 3, 202),
    ]
