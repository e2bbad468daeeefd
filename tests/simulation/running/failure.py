"""What is said of a seed that failed: the line that replays it, what matters of it, its end."""

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from pathlib import Path

from simulation.running.one_seed import Simulate, run_schedule
from simulation.schedule import Schedule, Violation
from simulation.schedule.shrinking import MOST_TRIES, shrink
from simulation.trace import shortened

LAST_LINES = 25


@dataclass(frozen=True, slots=True)
class Failure:
    """A seed that failed, after shrinking.

    Attributes:
        schedule: what matters of its schedule.
        whole: its whole schedule.
        violation: the invariant that does not hold.
        end: the last lines of the trace.
        trace_note: where the whole trace is, or why it could not be written; "": nowhere.
    """

    schedule: Schedule
    whole: Schedule
    violation: Violation
    end: Sequence[str]
    trace_note: str = ""

    def replay_line(self) -> str:
        """Return the one line that replays it."""
        return replay_line(self.schedule, self.whole)

    def text(self) -> str:
        """Return it for people."""
        kept, whole = self.schedule, self.whole
        lines = [
            f"seed {whole.seed} failed: {self.violation}",
            f"replay it: {self.replay_line()}",
            f"what matters: {_of(kept.happenings, whole.happenings, 'happenings')}, "
            + _of(kept.setup.profiles(), whole.setup.profiles(), "profiles"),
            shortened(kept.text()),
            "the end of its trace:",
            *map(shortened, self.end),
            self.trace_note,
        ]
        return "\n".join(lines).rstrip()


def failure_of(
    schedule: Schedule,
    violation: Violation,
    simulate: Simulate | None = None,
    most_tries: int = MOST_TRIES,
    trace_file: Path | None = None,
) -> Failure:
    """Shrink a failing schedule, and run what is left once more for its trace.

    Args:
        schedule: the schedule that failed.
        violation: how it failed; a smaller one must violate the same invariant.
        simulate: simulates it; None: the world of both sides.
        most_tries: how many smaller schedules are tried at most; 0: none.
        trace_file: where the whole trace is written; None: nowhere.
    """

    def fails(smaller: Schedule) -> bool:
        found = run_schedule(smaller, simulate).violation
        return found is not None and found.invariant == violation.invariant

    kept = shrink(schedule, fails, most_tries) if most_tries else schedule
    lines: list[str] = []
    result = run_schedule(kept, simulate, lines.append)
    note = "" if trace_file is None else _written(lines, trace_file)
    return Failure(kept, schedule, result.violation or violation, tuple(lines[-LAST_LINES:]), note)


def _written(lines: Iterable[str], file: Path) -> str:
    """Write a trace; return where it is, or why it is not: the failure is to be said anyhow."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    except OSError as error:
        return f"the whole trace could not be written: {error}"
    return f"the whole trace: {file}"


def replay_line(kept: Schedule, whole: Schedule) -> str:
    """Return the one line that runs what is kept of a seed's schedule.

    Example:
        >>> from simulation.schedule import Crash
        >>> whole = Schedule(seed=17, happenings=(Crash(), Crash(nth=2)))
        >>> replay_line(whole.keeping([1]), whole)
        'make simulate SEED=17 HAPPENINGS=1'
    """
    line = f"make simulate SEED={whole.seed}"
    if kept.numbers != whole.numbers:
        line += f" HAPPENINGS={_listed(kept.numbers)}"
    if kept.setup.profiles() != whole.setup.profiles():
        line += f" PROFILES={_listed(kept.setup.profiles())}"
    return line


def _of(some: Sized, of_all: Sized, noun: str) -> str:
    return f"{len(some)} of {len(of_all)} {noun}"


def _listed(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers)) or "none"
