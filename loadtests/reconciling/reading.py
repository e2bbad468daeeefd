"""Reads from a mock's journal what became of one run."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Final

from contracts.addresses import is_trigger_path
from contracts.control_client import Document
from contracts.counts import counted
from loadtests.reconciling.balance import COUNTED
from loadtests.reconciling.journal_facts import UNANSWERED, JournalFacts, Messages
from loadtests.reconciling.journal_rows import RowsOfRun
from loadtests.reconciling.mocks import REAL_CLOCK, Mock
from loadtests.reconciling.run_times import BLOCKED, OUTCOMES, RunTimes, outcome_of
from loadtests.trace_ids import TraceIds

MOST_ROWS: Final = 2_000_000
"""How many calls, and how many runs, of a journal are read at most."""

_MOST_COUNTED: Final = 0xFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class RunToRead:
    """Which run is looked for in a journal.

    Attributes:
        traces: its trace ids.
        arrivals_us: when each of its messages was due, ascending, in microseconds from
            ``begun_at``.
        begun_at: its beginning, by the generator's clock, with a time zone.
        totals_before: the tenant's totals before it.
        sent_by_share: how many messages each process has sent, of those whose number divided by
            how many processes there are leaves its own; the others were never sent, and are not
            judged. None: all were sent.
        warm_up_us: messages due before it are not judged.
        behind_us: how long after ``begun_at`` each process began to count its arrivals.
        bin_us: the length of a bin of what is counted over time, in microseconds.
    """

    traces: TraceIds
    arrivals_us: Sequence[int]
    begun_at: datetime
    totals_before: Document
    sent_by_share: Sequence[int] | None = None
    warm_up_us: int = 0
    behind_us: Sequence[int] = (0,)
    bin_us: int = 1_000_000


def read_journal(mock: Mock, run: RunToRead, most_rows: int = MOST_ROWS) -> JournalFacts:
    """Return what a mock's journal says of a run, once nothing of it is under way.

    Rows are read newest first, and no further than to the run's beginning.

    Args:
        mock: its control API, tenant and workflow.
        run: which run.
        most_rows: how many calls, and how many runs, are read at most; the notes say so when there
            were more.

    Raises:
        ControlError: the mock does not answer.
    """
    totals = mock.control.totals(mock.tenant_id)  # before the rows: of those there may be more
    grown = {name: totals[name] - run.totals_before[name] for name in COUNTED}
    reader = _Reader(run, grown, most_rows)
    reader.read_calls(mock.control.all_requests(mock.tenant_id))
    reader.read_runs(mock.control.all_runs(mock.workflow_id))
    return reader.facts(totals, mock)


class _Reader:
    """Counts the rows of one run."""

    def __init__(self, run: RunToRead, grown: Mapping[str, int], most_rows: int) -> None:
        self._run = run
        self._grown = grown
        runs = grown["accepted"] + grown["extraRuns"] - grown["ignored"]
        self._calls_read = RowsOfRun(self._number_of, grown["received"], most_rows)
        self._runs_read = RowsOfRun(self._number_of, runs, most_rows)
        self._first_judged = bisect_left(run.arrivals_us, run.warm_up_us)
        messages = len(run.arrivals_us)
        self._calls = array("H", [0]) * messages
        self._accepted = array("H", [0]) * messages
        self._runs = array("H", [0]) * messages  # those that the daily cap has not blocked
        self._by_status: Counter[int] = Counter()
        self._outcomes: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        self._times = RunTimes(run.arrivals_us, run.begun_at, run.bin_us, run.behind_us)

    def read_calls(self, rows: Iterable[Document]) -> None:
        """Count the run's calls; one that is no trigger call stands in no total."""
        triggers = (row for row in rows if is_trigger_path(row["path"]))
        for number, row in self._calls_read.of(triggers):
            _count(self._calls, number)
            self._by_status[row["status"] or UNANSWERED] += 1
            if row["runId"] is not None or (row["reason"] is None and row["status"] is not None):
                _count(self._accepted, number)

    def read_runs(self, rows: Iterable[Document]) -> None:
        """Count the run's runs."""
        for number, row in self._runs_read.of(rows):
            outcome = outcome_of(row)
            self._outcomes[number < self._first_judged][outcome] += 1
            self._times.add(number, row, outcome)
            if outcome != BLOCKED:
                _count(self._runs, number)

    def facts(self, totals: Document, mock: Mock) -> JournalFacts:
        """Return what was counted."""
        is_real, was_dropped = mock.clock == REAL_CLOCK, not totals["complete"]
        refused: Counter[str] = Counter(totals["refusedBy"])
        refused.subtract(self._run.totals_before["refusedBy"])
        return JournalFacts(
            totals=self._grown,
            refused_by=dict(+refused),
            calls=sum(self._by_status.values()),
            calls_by_status=dict(sorted(self._by_status.items())),
            accepted=sum(self._accepted),
            other_calls=self._other_calls,
            other_runs=self._runs_read.others,
            calls_by_message=self._calls,
            accepted_by_message=self._accepted,
            judged=self._messages(is_warm_up=False),
            warm_up=self._messages(is_warm_up=True),
            end_to_end=self._times.end_to_end(self._run.warm_up_us) if is_real else None,
            runs_over_time=self._times.over_time() if is_real else None,
            is_whole=not (was_dropped or self._gone > 0 or self._is_cut),
            notes=tuple(self._notes(mock, was_dropped=was_dropped)),
        )

    def _messages(self, *, is_warm_up: bool) -> Messages:
        borders = (0, self._first_judged) if is_warm_up else (self._first_judged, len(self._calls))
        shares = list(self._sent(*borders))
        runs, accepted, calls = (
            array("H", chain.from_iterable(counts[numbers] for numbers in shares))
            for counts in (self._runs, self._accepted, self._calls)
        )
        return Messages(
            due=len(runs),
            lost=accepted.count(0),
            never_seen=calls.count(0),
            duplicates=sum(runs) - (len(runs) - runs.count(0)),
            runs={name: self._outcomes[is_warm_up][name] for name in OUTCOMES},
        )

    def _sent(self, first: int, end: int) -> Iterator[slice]:
        """Yield the numbers from first to end that were sent; each share's are a slice."""
        counts = self._run.sent_by_share
        if counts is None:
            counts = (len(self._calls),)
        shares = len(counts)
        for index, sent in enumerate(counts):
            begins = first + (index - first) % shares
            yield slice(begins, min(end, index + sent * shares), shares)

    def _number_of(self, trace_id: str | None) -> int | None:
        number = self._run.traces.number_of(trace_id)
        return number if number is not None and number < len(self._calls) else None

    @property
    def _other_calls(self) -> int:
        """How many calls of others the totals count: of those after them, there may be rows too."""
        counted_beside = self._grown["received"] - sum(self._by_status.values())
        return min(self._calls_read.others, max(0, counted_beside))

    @property
    def _gone(self) -> int:
        """How many calls were counted that no row is there of."""
        return self._grown["received"] - sum(self._by_status.values()) - self._other_calls

    @property
    def _is_cut(self) -> bool:
        return self._calls_read.is_cut or self._runs_read.is_cut

    def _notes(self, mock: Mock, *, was_dropped: bool) -> Iterator[str]:
        """Yield what to know of the figures."""
        if self._grown["received"] < 0:
            yield "the mock was reset during the run: its totals are less than they were before"
        for rows, what in ((self._calls_read, "calls"), (self._runs_read, "runs")):
            if rows.is_cut:
                yield (
                    f"the journal has more {what} than the {rows.most:,} newest ones that were "
                    "read: figures by message, status and time are of those alone"
                )
        if was_dropped or (self._gone > 0 and not self._is_cut):
            yield (
                f"the journal has dropped calls ({self._gone:,} of this time): serve --store "
                "sqlite:///FILE keeps all of them"
            )
        if mock.clock != REAL_CLOCK:
            yield f"the tenant's clock is {mock.clock}: when its runs ended says nothing here"
        elif early := self._times.before_they_were_due():
            yield (
                f"{counted(early, 'run')} ended before the message was due: the mock's clock is "
                "not the generator's, and end-to-end times are off by what they differ"
            )


def _count(counts: "array[int]", number: int) -> None:
    counts[number] = min(_MOST_COUNTED, counts[number] + 1)
