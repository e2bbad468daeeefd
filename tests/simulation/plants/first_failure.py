"""Simulate seed after seed until one fails, and print it as JSON; run in a copy of the repository.

``python -m simulation.plants.first_failure SEEDS``; it prints ``{}`` when none of them fails.
"""

import json
import logging
import sys
from pathlib import Path
from typing import Any

import mock_qualtrics
import sender
from simulation.schedule import generate
from simulation.world import simulate


def first_failure(seeds: int) -> dict[str, Any]:
    """Return the first seed that fails, counted from 1, and the invariant; {} when none fails."""
    for seed in range(1, seeds + 1):
        try:
            violation = simulate(generate(seed)).violation
        except Exception as error:  # noqa: BLE001  a bug may break the program in any way
            return {"seed": seed, "invariant": f"{type(error).__name__}: {error}"}
        if violation is not None:
            return {"seed": seed, "invariant": violation.invariant, "detail": violation.detail}
    return {}


def main() -> None:
    """Look for the first seed that fails; refuse to do so in code that is not the copy's."""
    here = Path.cwd()
    for package in (sender, mock_qualtrics):
        if not Path(str(package.__file__)).is_relative_to(here):
            sys.exit(f"{package.__file__}: imported, expected the copy in {here}")
    logging.disable()  # a bug makes the mock complain
    sys.stdout.write(json.dumps(first_failure(int(sys.argv[1]))) + "\n")


if __name__ == "__main__":
    main()
