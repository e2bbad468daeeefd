"""What many seeds came to, together."""

from collections import Counter
from dataclasses import dataclass, field

from simulation.running.one_seed import Outcome
from simulation.schedule import POINTS, SIDES, point_name
from simulation.schedule.generating import MAKERS


@dataclass(slots=True)
class Tally:
    """Counts over seeds.

    Attributes:
        seeds: how many were run.
        failed: those that failed, in the order in which they ended.
        messages: how many messages they had.
        faults_hit: how often each fault took effect.
        crash_points_hit: how often each crash point did.
    """

    seeds: int = 0
    failed: list[Outcome] = field(default_factory=list)
    messages: int = 0
    faults_hit: Counter[str] = field(default_factory=Counter)
    crash_points_hit: Counter[str] = field(default_factory=Counter)

    def add(self, outcome: Outcome) -> None:
        """Count a seed."""
        result = outcome.result
        self.seeds += 1
        self.messages += result.messages
        self.faults_hit += result.faults_hit
        self.crash_points_hit += result.crash_points_hit
        if result.violation is not None:
            self.failed.append(outcome)

    def hits(self) -> dict[str, int]:
        """Return how often each kind of fault, and each crash point, was hit."""
        points = [point_name(side, point) for side in SIDES for point in POINTS]
        hit = {name: self.faults_hit[name] for name in MAKERS}
        return hit | {name: self.crash_points_hit[name] for name in points}

    def short_of(self, times: int) -> dict[str, int]:
        """Return each kind of fault, and each crash point, that was hit less often than that."""
        return {name: count for name, count in self.hits().items() if count < times}

    def text(self, seconds: float) -> str:
        """Return it for people, in one line."""
        rate = self.seeds / seconds if seconds else 0.0
        failed = f"{len(self.failed):,} failed" if self.failed else "none failed"
        hits = self.hits()
        rarest = min(hits, key=lambda name: hits[name])
        return (
            f"{self.seeds:,} seeds in {seconds:.0f} s ({rate:.1f} a second): "
            f"{self.messages:,} messages, {self.faults_hit.total():,} faults, "
            f"{self.crash_points_hit.total():,} crashes (rarest: {rarest}, "
            f"{hits[rarest]:,} times); {failed}"
        )
