"""One seed, run in this process."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from time import process_time  # noqa: TID251  how long a seed takes, for people

from simulation.schedule import Result, Schedule, Violation, generate

Simulate = Callable[..., Result]
BROKE = "raises no error"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a seed.

    Attributes:
        seed: the seed.
        result: what came of its simulation.
        seconds: the processor time that it took.
    """

    seed: int
    result: Result = field(default_factory=Result)
    seconds: float = 0.0


def run_seed(seed: int, simulate: Simulate | None = None) -> Outcome:
    """Simulate a seed's schedule.

    Args:
        seed: the seed.
        simulate: simulates it; None: the world of both sides.
    """
    began = process_time()
    result = run_schedule(generate(seed), simulate)
    return Outcome(seed, result, process_time() - began)


def run_schedule(
    schedule: Schedule,
    simulate: Simulate | None = None,
    trace: Callable[[str], None] | None = None,
) -> Result:
    """Simulate a schedule; an error that is raised is a violation, too."""
    if simulate is None:
        from simulation.world import simulate as simulate_world  # noqa: PLC0415  loads both sides

        simulate = simulate_world
    try:
        return simulate(schedule, trace)
    except Exception as error:  # noqa: BLE001  whatever is raised is what the seed has found
        return Result(violation=Violation(BROKE, _where(error)))


def _where(error: Exception) -> str:
    """Return an error and the innermost lines that raised it, in one line."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    places = " < ".join(f"{Path(each.filename).name}:{each.lineno}" for each in reversed(frames))
    return f"{type(error).__name__}: {error} at {places}"
