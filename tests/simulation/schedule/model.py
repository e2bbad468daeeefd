"""A schedule, what came of simulating it, and a violated invariant."""

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from simulation.schedule.happenings import Happening, to_json
from simulation.schedule.setup import Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """All that a simulation follows: the same schedule gives the same trace.

    Attributes:
        seed: decides the order of what happens at one instant, and all other chance.
        setup: what it begins with.
        happenings: what goes wrong.
        numbers: each happening's number in the schedule that the seed generates.
    """

    seed: int
    setup: Setup = field(default_factory=Setup)
    happenings: tuple[Happening, ...] = ()
    numbers: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if not self.numbers:
            object.__setattr__(self, "numbers", tuple(range(len(self.happenings))))

    def keeping(self, numbers: Iterable[int]) -> Self:
        """Return the schedule with the happenings of these numbers alone."""
        wanted = frozenset(numbers)
        pairs = zip(self.numbers, self.happenings, strict=True)
        kept = [(number, happening) for number, happening in pairs if number in wanted]
        return dataclasses.replace(
            self,
            happenings=tuple(happening for _, happening in kept),
            numbers=tuple(number for number, _ in kept),
        )

    def keeping_profiles(self, profiles: Iterable[int]) -> Self:
        """Return the schedule with the rows of these profiles alone."""
        return dataclasses.replace(self, setup=self.setup.with_profiles(frozenset(profiles)))

    def text(self) -> str:
        """Return it for people: the setup, then one line a happening, in JSON."""
        setup = dataclasses.asdict(self.setup)
        exports = setup.pop("exports")
        rows = (f"export {json.dumps(each)}" for each in exports)
        pairs = zip(self.numbers, self.happenings, strict=True)
        lines = (f"{number:>3} {json.dumps(to_json(each))}" for number, each in pairs)
        return "\n".join((f"seed {self.seed} {json.dumps(setup)}", *rows, *lines))


@dataclass(frozen=True, slots=True)
class Violation:
    """An invariant that does not hold.

    Attributes:
        invariant: its name.
        detail: what, where, and what was expected.
        step: after which step of the simulation.
    """

    invariant: str
    detail: str
    step: int = 0

    def __str__(self) -> str:
        return f"{self.invariant}: {self.detail} (step {self.step})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came of a simulation.

    Attributes:
        violation: the first invariant that did not hold; None: all did.
        faults_hit: how often each fault took effect, by ``happenings.name_of``.
        crash_points_hit: how often a side crashed, by ``happenings.point_name``.
        messages: how many messages the sender made.
        steps: how many steps the simulation took.
        seconds: how long it lasted in virtual time.
    """

    violation: Violation | None = None
    faults_hit: Counter[str] = field(default_factory=Counter)
    crash_points_hit: Counter[str] = field(default_factory=Counter)
    messages: int = 0
    steps: int = 0
    seconds: float = 0.0
