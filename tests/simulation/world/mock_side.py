"""The mock in a simulated world: the real engine, group commit and runner, started and crashed."""

import contextlib
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from mock_qualtrics.engine import Engine, Receipt
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.faults.fault_set import Counts
from mock_qualtrics.gate import envelope
from mock_qualtrics.gate.attribution import is_trigger_path
from mock_qualtrics.journal import StoreParts
from mock_qualtrics.model import Answer, Call
from mock_qualtrics.runs.step_loops import AFTER_ERROR_SECONDS, IDLE_SECONDS
from mock_qualtrics.server.group_commit import GroupCommit
from mock_qualtrics.settings import Limits, Settings
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Workflow
from simulation.schedule import Crash, Setup
from simulation.world.calls import Reply, SentCall, shows_token
from simulation.world.clocks import MockClock
from simulation.world.mock_parts import runner_parts
from simulation.world.timeline import Timeline, whole_us
from simulation.world.watched_sqlite import CommitPoints, Crashed
from simulation.world.wire import reply_of

TURNS_US = (0, 0, 0, 200, 1_000)  # how long calls go on joining a group
SECOND_US = 1_000_000
LATE_SECONDS = (0, 1, 2, 5, 5, 5, 10, 10)  # how late a busy process makes its steps
REFUSED = "Connection refused"
RESET = "Connection reset by peer"
Respond = Callable[[Reply], None]


class Told(Protocol):
    """What is told of the mock."""

    def taken(self, receipt: Receipt, trace_id: str | None, *, is_trusted: bool) -> None:
        """Note a call that the engine has staged, and whether it had to be trusted."""
        ...

    def answered(self, receipt: Receipt, answer: Answer) -> None:
        """Note an answer that leaves the mock."""
        ...

    def commit_failed(self) -> None:
        """Note that a commit of staged calls failed."""
        ...

    def mock_started(self) -> None:
        """Note that the mock is there, or there again."""
        ...

    def mock_stopped(self, crash: Crash | None) -> None:
        """Note that the mock has crashed, or could not start for want of room on the disk."""
        ...


class MockSide:
    """The mock's process, over all its lives.

    Args:
        setup: the limits.
        store: its file.
        timeline: the clock.
        rng: chooses when turns end and steps are made; None: at once.
        points: what its connections pass.
        watcher: is told of each call.

    Attributes:
        engine: the engine; None: the mock is down.
    """

    def __init__(
        self,
        setup: Setup,
        store: Path,
        timeline: Timeline,
        rng: random.Random | None,
        points: CommitPoints,
        watcher: Told,
    ) -> None:
        limits = setup.limits
        self._settings = Settings(
            store=f"sqlite:///{store}",
            limits=Limits(
                limits.calls_per_minute,
                limits.payload_bytes,
                limits.runs_per_day,
                limits.window_seconds,
            ),
            window=setup.window,
            wire_faults=True,
        )
        self._timeline = timeline
        self._rng = rng
        self._points = points
        self._watcher = watcher
        self._clock = MockClock(timeline)
        self._commit: GroupCommit | None = None
        self._waiting: dict[SentCall, Respond] = {}
        self._step_us: int | None = None
        self._late_us = 0
        self.engine: Engine | None = None

    @property
    def tenant(self) -> Tenant:
        """The brand; only while the mock is up."""
        return self.up().tenants.default

    def workflow(self, number: int) -> Workflow:
        """Return a workflow by its number in the setup; the sender exports to number 0."""
        made = sorted(self.tenant.workflows, key=lambda workflow: workflow.number)
        of_setup = made[1:]  # the first is the one of every new store
        return of_setup[number % len(of_setup)]

    def up(self) -> Engine:
        """Return the engine.

        Raises:
            AssertionError: the mock is down.
        """
        if self.engine is None:
            raise AssertionError("the mock is down")
        return self.engine

    def start(self) -> None:
        """Start it, or start it again; on a full disk try again later."""
        self._points.crash = None
        rng = self._rng or random.Random(0)
        try:
            engine = Engine(
                self._settings,
                self._clock,
                runner_parts=runner_parts(self._timeline, rng, self._clock),
                store_parts=StoreParts(self._points.connect, checkpoints_apart=False),
            )
        except StoreFailedError:
            self._watcher.mock_stopped(None)
            self._timeline.after(SECOND_US, self.start)
            return
        self.engine = engine
        self._commit = GroupCommit(engine, self._at_turn_end)
        self._step_us = None
        if self._rng is not None:
            late = LATE_SECONDS[self._rng.getrandbits(16) % len(LATE_SECONDS)]
            self._late_us = late * SECOND_US
        self._watcher.mock_started()
        self._plan_step(0)

    def crashed(self) -> None:
        """End at once; who waits for an answer sees a reset. It is started again later."""
        crash = self._points.crash
        self._abandon()
        self._watcher.mock_stopped(crash)
        waiting, self._waiting = self._waiting, {}
        for call, respond in waiting.items():
            call.is_at_mock = False
            respond(Reply(broken=RESET))
        self._timeline.after(crash.pause_us if crash else SECOND_US, self.start)

    def _abandon(self) -> None:
        engine, self.engine, self._commit = self.engine, None, None
        if engine is not None:
            # Nothing is written any more: each statement raises. What is left is let go.
            with contextlib.suppress(Crashed, Exception):
                engine.close()

    def close(self) -> None:
        """End it for good, in order."""
        if self.engine is not None:
            self.engine.close()

    def deliver(self, call: SentCall, respond: Respond) -> None:
        """Take a call of the sender that arrives."""
        if self.engine is None:
            # A connection that was kept open breaks; a new one is refused.
            is_new = self._chance(2)
            respond(Reply(broken=REFUSED if is_new else RESET, connected=not is_new))
            return
        call.arrived_us, call.is_at_mock = self._timeline.now_us, True
        self._waiting[call] = respond
        if self._resets_early(call):
            self._reset_early(call)
        else:
            self._stage(call)

    def other_calls(self, count: int, workflow: int) -> None:
        """Take calls of another client, which makes nothing of the answers."""
        url = self.workflow(workflow).urls("")["triggerUrl"]
        for number in range(count):
            body = b'{"other": %d}' % (self._timeline.now_us + number)
            self._stage_other(self.call(url, body, None))

    def call(self, url: str, body: bytes, trace_id: str | None) -> Call:
        """Return a call as the engine gets it."""
        parts = urlsplit(url)
        token = self.tenant.api_token.reveal()
        headers = [("content-type", "application/json"), ("x-api-token", token)]
        if trace_id is not None:
            headers.append(("x-trace-id", trace_id))
        return Call("POST", parts.path, parts.query, tuple(headers), body)

    def _sent_call(self, call: SentCall, body: bytes) -> Call:
        parts = urlsplit(call.url)
        limit_bytes = self._settings.limits.payload_bytes
        return Call("POST", parts.path, parts.query, call.headers, body[: limit_bytes + 1])

    def _stage_other(self, call: Call) -> None:
        engine = self.up()
        try:
            receipt = engine.stage(call)
        except StoreFailedError:
            return
        self._watcher.taken(receipt, None, is_trusted=True)
        if self._commit is not None:
            self._commit.then(partial(self._other_committed, receipt), receipt.call_number)

    def _other_committed(self, receipt: Receipt, error: Exception | None) -> None:
        self._plan_step(self._idle_us())
        if error is None:
            self._watcher.answered(receipt, receipt.answer)
        else:
            self._watcher.commit_failed()

    def _resets_early(self, call: SentCall) -> bool:
        engine, tenant = self.up(), self.tenant
        if not tenant.faults or engine.tenants.resolve(urlsplit(call.url).query).tenant is None:
            return False
        counts = Counts(engine.journal.counters(tenant.number).received)
        return tenant.faults.resets_before_body(counts, tenant.clock.now())

    def _reset_early(self, call: SentCall) -> None:
        """Do what `server.fault_actions.EarlyReset` does."""
        engine = self.up()
        with contextlib.suppress(StoreFailedError):
            receipt = engine.stage(self._sent_call(call, b""))
            self._taken(call, receipt)
            engine.journal.commit()
        self._respond(call, Reply(broken=RESET))

    def _stage(self, call: SentCall) -> None:
        engine = self.up()
        try:
            receipt = engine.stage(self._sent_call(call, call.message.body or b""))
        except StoreFailedError:
            self._respond(call, Reply(envelope.store_failed()))
            return
        call.call_number, call.status = receipt.call_number, receipt.answer.status
        if is_trigger_path(urlsplit(call.url).path):  # a redirect may lead elsewhere
            self._taken(call, receipt)
        if self._commit is not None:
            self._commit.then(partial(self._committed, call, receipt), receipt.call_number)

    def _taken(self, call: SentCall, receipt: Receipt) -> None:
        tenant = self.tenant
        asks = self.workflow(0).require_authentication
        is_trusted = not asks or shows_token(call, tenant.username, tenant.api_token)
        self._watcher.taken(receipt, call.message.trace_id, is_trusted=is_trusted)

    def _at_turn_end(self, commit: Callable[[], None]) -> None:
        delay_us = 0 if self._rng is None else TURNS_US[self._rng.getrandbits(16) % len(TURNS_US)]
        self._timeline.after(delay_us, self._in_this_life(commit), priority=2)

    def _in_this_life(self, action: Callable[[], None]) -> Callable[[], None]:
        engine = self.engine

        def act() -> None:
            if self.engine is engine:
                action()

        return act

    def _committed(self, call: SentCall, receipt: Receipt, error: Exception | None) -> None:
        self._plan_step(self._idle_us())
        if error is not None:
            self._watcher.commit_failed()
            self._respond(call, Reply(envelope.store_failed()))
            return
        answer = partial(self._answer, call, receipt)
        if receipt.delay_seconds:
            delay_us = whole_us(receipt.delay_seconds)
            self._timeline.after(delay_us, self._in_this_life(answer))
        else:
            answer()

    def _answer(self, call: SentCall, receipt: Receipt) -> None:
        reply = reply_of(receipt)
        if reply is not None:
            if reply.answer is not None:
                self._watcher.answered(receipt, receipt.answer)
            self._respond(call, reply)

    def _respond(self, call: SentCall, reply: Reply) -> None:
        respond = self._waiting.pop(call, None)
        call.is_at_mock = False
        if respond is not None:
            respond(reply)

    def _plan_step(self, delay_us: int) -> None:
        at_us = self._timeline.now_us + delay_us
        if self._step_us is not None and self._timeline.now_us <= self._step_us <= at_us:
            return
        self._step_us = at_us
        self._timeline.after(delay_us, self._in_this_life(partial(self._step, at_us)), priority=3)

    def _step(self, planned_us: int) -> None:
        if planned_us != self._step_us:
            return  # an earlier one was planned since
        self._step_us = None
        try:
            wait_seconds = self.up().step()
        except StoreFailedError:
            wait_seconds = AFTER_ERROR_SECONDS
        if wait_seconds is not None:
            late_us = self._late_us if wait_seconds else 0
            self._plan_step(whole_us(wait_seconds) + late_us)

    def _idle_us(self) -> int:
        longest_us = whole_us(IDLE_SECONDS)
        at_once = self._rng is not None and self._rng.getrandbits(8) % 8 == 0
        return 0 if at_once else longest_us

    def _chance(self, one_in: int) -> bool:
        return self._rng is None or self._rng.getrandbits(8) % one_in == 0
