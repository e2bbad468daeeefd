"""300 seeds of the simulated world, and those that once found a fault."""

import json
import tomllib
from pathlib import Path

import pytest

from simulation.running.failure import failure_of
from simulation.running.one_seed import run_seed
from simulation.running.tally import Tally
from simulation.schedule import generate

SEEDS, EACH = 300, 50
SELDOM = 20
KNOWN = tomllib.loads(Path(__file__).with_name("known_seeds.toml").read_text("utf-8"))["seeds"]


def run(seeds) -> Tally:
    """Run seeds; the first failure is said with the line that replays what matters of it."""
    tally = Tally()
    for seed in seeds:
        outcome = run_seed(seed)
        tally.add(outcome)
        assert outcome.result.messages >= 50, f"seed {seed}"
        if outcome.result.violation is not None:
            pytest.fail(failure_of(generate(seed), outcome.result.violation).text(), pytrace=False)
    return tally


@pytest.fixture(scope="session")
def tallies(tmp_path_factory) -> Path:
    """The folder in which each part of the seeds leaves its tally, for all of xdist's workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if base.name.startswith("popen-") else base) / "tallies-of-seeds"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.mark.parametrize("first", range(1, SEEDS + 1, EACH))
def test_all_invariants_hold_in_seeds(first, tallies):
    tally = run(range(first, first + EACH))
    hits = {"faults": tally.faults_hit, "crashes": tally.crash_points_hit}
    (tallies / f"{first}.json").write_text(json.dumps(hits))
    check_all_kinds(tallies)


def check_all_kinds(folder: Path) -> None:
    """Once all parts have run, wherever: each kind of fault and crash point was hit often."""
    files = list(folder.glob("*.json"))
    if len(files) < SEEDS // EACH:
        return
    tally = Tally()
    for file in files:
        hits = json.loads(file.read_text())
        tally.faults_hit.update(hits["faults"])
        tally.crash_points_hit.update(hits["crashes"])
    assert not tally.short_of(SELDOM), f"hit less than {SELDOM} times in {SEEDS} seeds"


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: str(known["seed"]))
def test_a_seed_that_found_a_fault_finds_none_any_more(known):
    run([known["seed"]])
