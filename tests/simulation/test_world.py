"""The simulated world itself: the same seed gives the same trace, and a quiet one ends in order."""

import os
import subprocess
import sys
from pathlib import Path

from simulation.schedule import Export, Row, Schedule, Setup, generate
from simulation.world import simulate

ROOT = Path(__file__).parents[2]
PRINT_TRACE = "from simulation.world import *; from simulation.schedule import *; {}"
SIMULATE = "simulate(generate({}), print)"


def traced(seed):
    lines = []
    simulate(generate(seed), lines.append)
    return lines


def test_nothing_goes_wrong_where_nothing_happens():
    rows = tuple(Row(profile=number) for number in range(60))
    result = simulate(Schedule(seed=1, setup=Setup(exports=(Export(rows=rows),))))
    assert (result.violation, result.messages) == (None, 60)
    assert not result.faults_hit
    assert not result.crash_points_hit


def test_the_same_seed_gives_the_same_trace_in_another_process_with_another_hash_seed():
    seeds = (3, 5, 8)
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
