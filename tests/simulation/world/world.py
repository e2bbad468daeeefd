"""Both sides in one process, on one thread and one virtual clock, following a schedule.

The sender's blocking loop drives: when it waits, the world goes on. Whatever happens is told to
the watch, which checks the invariants, and may be traced.
"""

import contextlib
import random
import sqlite3
from collections import Counter
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path

from mock_qualtrics.clock import VIRTUAL_START
from mock_qualtrics.engine import Receipt
from mock_qualtrics.model import Answer
from sender import Report
from sender.transport.outcomes import Answered, NotConnected, Outcome
from simulation.invariants import Watch
from simulation.schedule import Crash, DiskFull, Result, Schedule, Violation, name_of, point_name
from simulation.trace import line
from simulation.world import templates
from simulation.world.calls import SentCall, asked_us, told
from simulation.world.mock_side import MockSide
from simulation.world.network import Network
from simulation.world.scheduled import Scheduled
from simulation.world.sender_side import SenderSide
from simulation.world.timeline import DAY_US, EndlessError, Timeline
from simulation.world.watched_sqlite import CommitPoints, Crashed

LAST_RUNS_US = 40 * DAY_US  # far behind the last run of any delay

_COUNTED = attrgetter(
    *("received", "refused", "accepted", "extra_runs"),
    *("ignored", "succeeded", "failed", "blocked", "pending"),
)
"""All that the totals must balance of; where it is as it was, they do."""

Trace = Callable[[str], None]


class Violated(BaseException):
    """An invariant does not hold."""

    def __init__(self, violation: Violation) -> None:
        super().__init__(str(violation))
        self.violation = violation


class World:
    """One simulated world.

    Args:
        schedule: what it follows.
        folder: where both databases are made.
        trace: takes one line an event; None: none are made.
        in_order: whether what happens at one instant happens in the order of a forecast: other
            clients' calls first, then the sender's by their message's number; calls arrive at once,
            and answers take the whole latency. Otherwise the seed chooses all of that.
        start_us: the instant of the beginning, in microseconds since 1970.

    Attributes:
        calls: all calls of the sender in the order in which they were sent.
    """

    def __init__(
        self,
        schedule: Schedule,
        folder: Path,
        trace: Trace | None = None,
        *,
        in_order: bool = False,
        start_us: int = VIRTUAL_START,
    ) -> None:
        self._schedule = schedule
        self._trace = trace
        self._rng = random.Random(schedule.seed)
        order = None if in_order else self._rng
        setup, outbox, store = schedule.setup, folder / "outbox.sqlite", folder / "store.db"
        outbox.write_bytes(templates.new_outbox())
        store.write_bytes(templates.new_store())
        crashes = [each for each in schedule.happenings if isinstance(each, Crash)]
        self.points = {
            "sender": CommitPoints("sender", _of("sender", crashes), self._sender_committed),
            "mock": CommitPoints("mock", _of("mock", crashes), self._mock_committed),
        }
        self.timeline = Timeline(start_us, order, self._carry_out)
        self.mock = MockSide(setup, store, self.timeline, order, self.points["mock"], self)
        self.network = Network(self.timeline, order, setup.latency_us, self.mock.deliver)
        self.sender = SenderSide(
            setup,
            outbox,
            self.timeline,
            self._rng,
            self.points["sender"],
            self.network,
            watcher=self,
        )
        self._scheduled = Scheduled(
            schedule.happenings,
            self.timeline,
            self.mock,
            self.sender,
            self.network,
            self.points,
            note=self._note,
        )
        self._watch = Watch(schedule, outbox, store)
        self._files = outbox, store
        self._crashed: Counter[str] = Counter()
        self._has_to_look = False
        self._staged = 0
        self._counted: tuple[object, ...] = ()
        self.calls: list[SentCall] = []

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return self.timeline.events

    def run(self) -> Result:
        """Follow the schedule to its end, or to the first violation."""
        violation: Violation | None = None
        try:
            self._begin()
            self._export_all()
            self._end()
        except Violated as violated:
            violation = violated.violation
        except EndlessError as error:
            violation = Violation("all has ended", str(error), self.steps)
        except Exception as error:  # noqa: BLE001  an error of either side is a finding
            violation = Violation("no unexpected error", _told(error), self.steps)
        finally:
            self._abandon()
        return self._result(violation)

    def _begin(self) -> None:
        self.mock.start()
        for workflow in self._schedule.setup.workflows:
            self.mock.up().tenants.add_workflow(self.mock.tenant, workflow)
        tenant = self.mock.tenant
        path = self.mock.workflow(0).urls("")["triggerUrl"]
        self.sender.aim(path, tenant.username, tenant.api_token)
        for points in self.points.values():
            points.is_armed = True
        self._scheduled.called(0)

    def _export_all(self) -> None:
        for number, export in enumerate(self._schedule.setup.exports):
            self.timeline.run_until(max(self.timeline.now_us, export.at_us))
            self.sender.export(number, export)

    def _end(self) -> None:
        """Let the faults end, and what is due after them, then look a last time."""
        end_us = self.timeline.now_us + LAST_RUNS_US
        while (next_us := self.timeline.next_us) is not None and next_us <= end_us:
            self.timeline.run_until(next_us + 1)  # all of that instant
        self._raise(self._watch.finished())

    def _abandon(self) -> None:
        for points in self.points.values():  # the sender's life has closed its connection
            points.crash = points.crash or Crash(side=points.side)
        with contextlib.suppress(Crashed, Exception):
            self.mock.close()
        self._watch.close()

    def _result(self, violation: Violation | None) -> Result:
        return Result(
            violation=violation,
            faults_hit=self._faults_hit(),
            crash_points_hit=self._crashed,
            messages=self._watch.seen.last_seq,
            steps=self.steps,
            seconds=self.timeline.now_us / 1e6,
        )

    def _faults_hit(self) -> Counter[str]:
        hits = Counter(self._scheduled.hits)
        hits["answers-lost"] += self.network.lost
        hits["network-slow"] += self.network.slowed
        for side, points in self.points.items():
            hits[name_of(DiskFull(side=points.side))] += points.full_met
            crashes = sum(n for name, n in self._crashed.items() if name.startswith(side))
            hits[name_of(Crash(side=points.side))] += crashes
        with contextlib.closing(sqlite3.connect(self._files[1])) as store:
            rows = store.execute("SELECT faults FROM requests WHERE faults <> ''")
            hits.update(kind for (kinds,) in rows for kind in kinds.split(","))
        return +hits

    # What happens.

    def _carry_out(self, action: Callable[[], None]) -> None:
        """Take one step of the world."""
        try:
            action()
        except Crashed:
            self.mock.crashed()
        self._check()

    def _check(self) -> None:
        engine = self.mock.engine
        if engine is None:
            self._raise(self._watch.violation)
            return
        counters = engine.journal.counters(self.mock.tenant.number)  # as yet uncommitted
        counted = (_COUNTED(counters), *self._watch.seen.taken())
        totals = counters.totals() if counted != self._counted else None
        self._counted = counted
        self._raise(self._watch.stepped(totals))
        if self._has_to_look and not self._staged:
            self._has_to_look = False
            self._raise(self._watch.look())

    def _raise(self, violation: Violation | None) -> None:
        if violation is not None:
            self._note("world", f"violated: {violation}")
            raise Violated(violation)

    def _note(self, side: str, what: str) -> None:
        if self._trace is not None:
            self._trace(line(self.timeline.now_us, side, what))

    # What both sides tell.

    def sent(self, call: SentCall) -> None:
        """Note a call that the sender is about to send."""
        self.calls.append(call)
        message = call.message
        self._note("sender", f"sends {call.name}")
        self._watch.sent(call.sent_us, message.trace_id, message.attempts)
        self._raise(self._watch.violation)
        self._scheduled.called(len(self.calls))

    def ended(self, call: SentCall, outcome: Outcome) -> None:
        """Note how a call ended, before the sender is told."""
        self._note("sender", f"is told of {call.name}: {told(outcome)}")
        answered = isinstance(outcome, Answered)
        status = outcome.status if isinstance(outcome, Answered) else None
        ended = "not-connected" if isinstance(outcome, NotConnected) else "lost"
        message = call.message
        not_before_us = self.timeline.now_us + asked_us(outcome)
        self._watch.ended(
            message.trace_id,
            message.attempts,
            "answered" if answered else ended,
            status,
            not_before_us,
        )

    def sender_started(self, what: str) -> None:
        """Note that the sender's process begins."""
        self._note("sender", f"starts: {what}")
        self._watch.sender_started()

    def sender_ended(self, why: str, crash: Crash | None) -> None:
        """Note that the sender's process has ended."""
        self._note("sender", f"{why} {crash.point if crash else ''}".rstrip())
        self._count(crash)
        self._watch.sender_crashed()
        self._has_to_look = self._has_to_look or crash is not None

    def sender_reported(self, report: Report) -> None:
        """Note the report of an export."""
        self._watch.reported(report.to_mapping()["messages"])
        self._raise(self._watch.violation)

    def taken(self, receipt: Receipt, trace_id: str | None, *, is_trusted: bool) -> None:
        """Note a call that the engine has staged."""
        self._staged += 1
        accepted = 200 <= receipt.answer.status < 300
        who = "another client's call" if trace_id is None else "a call"
        self._note("mock", f"stages {who}, {receipt.call_number}: {receipt.answer.status}")
        self._watch.taken(receipt.call_number, trace_id, accepted=accepted, is_trusted=is_trusted)

    def answered(self, receipt: Receipt, answer: Answer) -> None:
        """Note an answer that leaves the mock."""
        self._note("mock", f"answers call {receipt.call_number}: {answer.status}")
        self._watch.answered(receipt.call_number, answer.status)

    def commit_failed(self) -> None:
        """Note that a commit of staged calls failed."""
        self._note("mock", "cannot commit")
        self._staged = 0
        self._watch.mock_commit_failed()

    def mock_started(self) -> None:
        """Note that the mock is there, or there again."""
        self._note("mock", "starts")
        self._has_to_look = self.steps > 0

    def mock_stopped(self, crash: Crash | None) -> None:
        """Note that the mock has crashed, or could not start."""
        self._note("mock", f"crashes {crash.point}" if crash else "cannot start")
        self._count(crash)
        self._staged = 0
        self._watch.mock_crashed()

    def _count(self, crash: Crash | None) -> None:
        if crash is not None:
            self._crashed[point_name(crash.side, crash.point)] += 1

    def _sender_committed(self, has_messages: bool) -> None:
        if self.points["sender"].is_armed:
            self._watch.sender_committed(has_messages=has_messages)

    def _mock_committed(self, has_calls: bool) -> None:
        if has_calls:
            self._staged = 0
            self._watch.mock_committed()


def _of(side: str, crashes: list[Crash]) -> list[Crash]:
    return [crash for crash in crashes if crash.side == side]


def _told(error: Exception) -> str:
    """Return an error with where it was raised, without a path of this machine."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    where = ""
    if traceback is not None:
        code = traceback.tb_frame.f_code
        where = f" in {Path(code.co_filename).name}, line {traceback.tb_lineno}"
    return f"{type(error).__name__}: {error}{where}"
