"""What a load test came to: values only. Pure."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from loadtests.measuring import Measurements
from loadtests.planning import Forecast
from loadtests.planning.comparison import Comparison
from loadtests.reconciling import BalanceLine, JournalFacts
from loadtests.verdicts import Judged, Verdict
from loadtests.workloads import Workload


@dataclass(frozen=True, slots=True)
class ShareOfRun:
    """What one process sent.

    Attributes:
        index: which share it was, from 0.
        calls: how many calls it reported.
        journal_calls: how many the mock's journal has of its messages; None: there is no journal.
        is_lost: whether it vanished before its end.
    """

    index: int
    calls: int
    journal_calls: int | None
    is_lost: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadResult:
    """What a load test came to.

    Attributes:
        verdict: in one word, and why.
        judged: each threshold beside what was found.
        workload: who arrived when.
        settings: what else was asked for, in rows of a name and a value; without secrets.
        command: what repeats the run, without secrets.
        begun_at: when it began, in UTC.
        seconds: how long it took, from the first arrival until every message had ended.
        measured: its calls, as the generator saw them.
        journal: what the mock's journal says of it; None: the target is no mock.
        balance: both sides of each count; empty without a journal.
        forecast: what the planner expected of the same workload; None: it cannot plan it.
        comparison: that beside what happened.
        shares: what each process sent.
        notes: what to know of all this, a sentence each.
    """

    verdict: Verdict
    judged: tuple[Judged, ...]
    workload: Workload
    settings: Sequence[tuple[str, str]]
    command: str
    begun_at: dt.datetime
    seconds: float
    measured: Measurements
    journal: JournalFacts | None = None
    balance: tuple[BalanceLine, ...] = ()
    forecast: Forecast | None = None
    comparison: Comparison | None = None
    shares: tuple[ShareOfRun, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_balanced(self) -> bool:
        """Whether no line of the balance is known to be wrong."""
        return all(line.holds is not False for line in self.balance)

    @property
    def lost(self) -> int:
        """Messages that were lost, warm-up and all; without a journal those that may be, too."""
        if self.journal is not None:
            return self.journal.lost + self.journal.warm_up.lost
        both = (self.measured.counted, self.measured.warm_up)
        return sum(tally.dropped + tally.uncertain for tally in both)
