"""Plants a bug in a copy of the repository, and looks there for the first seed that finds it."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from contracts.clock import RealClock
from simulation.plants.plant import ROOT, Plant

COPIED = ("contracts", "mock_qualtrics", "sender", "tests/simulation", "tests/support")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "test_*.py")


@dataclass(frozen=True, slots=True)
class Search:
    """How a search for a planted bug ended.

    Attributes:
        plant: the bug.
        seeds: how many seeds were tried, the one that found it with them; None: none found it.
        seconds: how long that took, the start of the process with it.
        invariant: what did not hold, or why there is nothing to say.
    """

    plant: Plant
    seeds: int | None
    seconds: float
    invariant: str = ""


def search(plant: Plant, seeds: int, timeout_seconds: float) -> Search:
    """Plant a bug, and simulate seed after seed until one finds it.

    Args:
        plant: the bug.
        seeds: how many seeds are tried at most, from 1 on.
        timeout_seconds: how long that may take.

    Raises:
        ValueError: the bug's old text does not stand in its file exactly once.
        RuntimeError: the search itself broke; with the last lines that it printed.
    """
    clock = RealClock()
    began = clock.monotonic()
    with _copy() as root:
        plant.plant(root)
        try:
            found = _first_failure(root, seeds, timeout_seconds)
        except subprocess.TimeoutExpired:
            return Search(plant, None, timeout_seconds, f"not within {timeout_seconds:g} s")
    return Search(
        plant, found.get("seed"), clock.monotonic() - began, found.get("invariant", "none failed")
    )


@contextlib.contextmanager
def _copy() -> Iterator[Path]:
    """Copy what a simulation needs into a folder that ends with the block."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        for name in COPIED:
            shutil.copytree(ROOT / name, Path(folder) / name, ignore=_NOT_COPIED)
        yield Path(folder)


def _first_failure(root: Path, seeds: int, timeout_seconds: float) -> dict:
    path = os.pathsep.join((str(root), str(root / "tests")))
    done = subprocess.run(
        [sys.executable, "-m", "simulation.plants.first_failure", str(seeds)],
        cwd=root,
        env={**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
        check=False,
    )
    if done.returncode:
        raise RuntimeError("\n".join(done.stderr.splitlines()[-5:]))
    return json.loads(done.stdout)
