"""What a journal says of one run: values only. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from loadtests.measuring.spans import Spans
from loadtests.reconciling.run_times import EXECUTED, SUCCEEDED, RunsOverTime

UNANSWERED: Final = 0
"""Stands for a status where a fault has left the call without an answer."""


@dataclass(frozen=True, slots=True)
class Messages:
    """What became of some of a run's messages.

    Attributes:
        due: how many there are.
        lost: those of which no call was accepted.
        never_seen: those of which the journal has no call at all; lost ones too.
        duplicates: runs beyond a message's first; those that the daily cap blocked do not count.
        runs: their runs, by outcome.
    """

    due: int = 0
    lost: int = 0
    never_seen: int = 0
    duplicates: int = 0
    runs: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """What the journal of a mock says of one run.

    Attributes:
        totals: by how much each of the tenant's counts grew in the run, as the schema ``totals``
            names them; calls of others are in it.
        refused_by: by how much the refused calls grew, by reason.
        calls: the run's calls.
        calls_by_status: the same by the status of their answer; ``UNANSWERED``: a fault left it
            out.
        accepted: the run's calls that were accepted.
        other_calls: trigger calls of others in that time.
        other_runs: runs of others, of the same workflow, among those that were read.
        calls_by_message: how many calls each message has, by its number.
        accepted_by_message: how many of them were accepted.
        judged: what became of the messages that thresholds judge.
        warm_up: what became of those that were due in the warm-up.
        end_to_end: microseconds from when a judged message was due to the end of its first executed
            run; None: the tenant's clock is not real.
        runs_over_time: None: the tenant's clock is not real.
        is_whole: whether the journal had all of the run's calls and runs, and all were read.
        notes: what to know of these figures, a sentence each.
    """

    totals: Mapping[str, int]
    refused_by: Mapping[str, int]
    calls: int
    calls_by_status: Mapping[int, int]
    accepted: int
    other_calls: int
    other_runs: int
    calls_by_message: Sequence[int]
    accepted_by_message: Sequence[int]
    judged: Messages
    warm_up: Messages
    end_to_end: Spans | None
    runs_over_time: RunsOverTime | None
    is_whole: bool
    notes: tuple[str, ...] = ()

    @property
    def lost(self) -> int:
        """Judged messages of which no call was accepted."""
        return self.judged.lost

    @property
    def duplicates(self) -> int:
        """Runs beyond a judged message's first."""
        return self.judged.duplicates

    @property
    def runs(self) -> dict[str, int]:
        """All runs of the run's messages, by outcome."""
        return {
            name: count + self.warm_up.runs.get(name, 0) for name, count in self.judged.runs.items()
        }

    @property
    def runs_succeeded_ratio(self) -> float | None:
        """Runs of judged messages that succeeded, as a share of all; None: there is none."""
        runs = sum(self.judged.runs.values())
        return self.judged.runs[SUCCEEDED] / runs if runs else None

    @property
    def executed(self) -> int:
        """Runs that were executed, whatever came of them."""
        return sum(self.runs[name] for name in EXECUTED)

    @property
    def messages_accepted(self) -> int:
        """Messages of which at least one call was accepted."""
        return len(self.accepted_by_message) - self.accepted_by_message.count(0)

    def calls_of_worker(self, index: int, workers: int) -> int:
        """Return how many calls the journal has of the messages that one worker sends.

        Args:
            index: the worker's, from 0.
            workers: how many there are; number % workers == index is a message of this one.
        """
        return sum(self.calls_by_message[index::workers])
