"""Begins a run in all processes, follows it, and ends it: on the master, or in the only process."""

import datetime as dt
import itertools
import logging
import secrets
import time
from dataclasses import dataclass, field
from typing import Any, Final

import gevent
from gevent.event import Event

from contracts.control_client import Document
from loadtests.measuring import Measurements
from loadtests.measuring.call_tally import MICROSECONDS
from loadtests.running.options.run_options import Options
from loadtests.running.sending.locust_side import LocustSide
from loadtests.running.sending.sending_side import BEGIN, HALT, REPORT_SECONDS
from loadtests.running.sending.share import Share, fingerprint_of
from loadtests.verdicts import Remaining, can_still_be_met
from sender.transport.base import Endpoint

BEGINS_IN_SECONDS: Final = 0.5
_HALT_SECONDS: Final = 15.0  # longer than any call takes
_LOOKS_A_JUDGEMENT: Final = 4  # each takes a few ms, in which this process sends nothing
_log = logging.getLogger("loadtests")


@dataclass(slots=True)
class Worker:
    """A process that sends a share, as its reports tell.

    Attributes:
        client_id: by which Locust knows it; None: it is this process.
        index: which share it sends.
        has_ended: whether it has reported its end.
        is_lost: whether it vanished before.
        calls: how many calls it has reported.
        messages: how many messages' first calls are among them.
        behind_us: how much later than the coordinator it began, by the report that took least to
            arrive; None: it has sent none.
    """

    client_id: str | None
    index: int
    has_ended: bool = False
    is_lost: bool = False
    calls: int = 0
    messages: int = 0
    behind_us: int | None = None

    def note_clock(self, now_us: int, coordinators_us: int) -> None:
        """Note how long the process says that the run has lasted, beside the coordinator's."""
        behind_us = coordinators_us - now_us
        self.behind_us = behind_us if self.behind_us is None else min(self.behind_us, behind_us)


@dataclass(slots=True)
class Course:
    """How a run went.

    Attributes:
        run_id: what its trace ids are made from.
        begun_at: when it began, or was prepared while it has not.
        totals_before: the mock's totals before it; None: the target is no mock.
        workers: the processes that sent.
        measurements: what they reported, together.
        failures: why the run is broken: what a process said, or that one was lost.
        cut: why the run ended before every message had; empty: it did not.
        interrupted: whether somebody has ended it.
    """

    begun_at: dt.datetime
    measurements: Measurements
    totals_before: Document | None = None
    run_id: str = field(default_factory=lambda: secrets.token_hex(8))
    seconds: float = 0.0
    workers: dict[int, Worker] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    cut: str = ""
    interrupted: bool = False


class Coordinator:
    """One run.

    Args:
        side: this process of Locust.
        options: what is loaded.
        endpoint: the target and the credential, which must be the same in every process.
        totals_before: the mock's totals; None: the target is no mock.
    """

    def __init__(
        self,
        side: LocustSide,
        options: Options,
        endpoint: Endpoint,
        totals_before: Document | None = None,
    ) -> None:
        self.course = Course(dt.datetime.now(dt.UTC), options.measurements(), totals_before)
        self.options = options
        self.ended = Event()
        self._side = side
        self._endpoint = endpoint
        self._began = 0.0

    def begin(self) -> None:
        """Give every process its share, and follow them."""
        ids = self._side.client_ids()
        workers = [Worker(client_id, index) for index, client_id in enumerate(ids)]
        self.course.workers = {worker.index: worker for worker in workers}
        self.course.begun_at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=BEGINS_IN_SECONDS)
        self._began = time.monotonic() + BEGINS_IN_SECONDS
        options = self.options
        fingerprint = fingerprint_of(options.workload, options.mapping, self._endpoint)
        for worker in workers:
            share = Share(
                worker.index, len(workers), self.course.run_id, BEGINS_IN_SECONDS, fingerprint
            )
            self._send(BEGIN, worker, share.to_wire())
        gevent.spawn(self._follow)

    def take_progress(self, data: dict[str, Any]) -> None:
        """Add what a process has reported of this run; what comes late is of an earlier one."""
        worker = self.course.workers.get(data["share"])
        if data["run"] != self.course.run_id or worker is None or worker.is_lost:
            return
        if data["measured"] is not None:
            measurements = self.course.measurements
            calls, messages = measurements.calls, measurements.messages
            measurements.merge(data["measured"])
            worker.calls += measurements.calls - calls
            worker.messages += measurements.messages - messages
            worker.note_clock(data["nowUs"], self._now_us())
        worker.has_ended = bool(data.get("ended"))
        if data.get("failure"):
            self._break(f"share {worker.index}: {data['failure']}")
        self._look()

    def _now_us(self) -> int:
        return round((time.monotonic() - self._began) * MICROSECONDS)

    def halt(self, why: str) -> None:
        """Have every process stop, and wait until each has reported what it did."""
        if self.ended.is_set() or not self.course.workers:
            self.ended.set()
            return
        self.course.cut = self.course.cut or why
        self._halt_all()
        self.ended.wait(_HALT_SECONDS)
        for worker in self._unended():
            self._lose(worker)
        self.ended.set()

    def interrupt(self) -> None:
        """Halt because somebody pressed Ctrl-C or ended the process."""
        self.course.interrupted = True
        self.halt("the run was interrupted")

    def _follow(self) -> None:
        for look in itertools.count(1):
            if self.ended.wait(REPORT_SECONDS / 2):
                return
            self._look_for_lost()
            if look % _LOOKS_A_JUDGEMENT == 0:
                self._stop_if_missed()

    def _stop_if_missed(self) -> None:
        missed = self._missed()
        if missed and not self.course.cut:
            self.course.cut = f"{missed} can no longer be met"
            self._halt_all()

    def _missed(self) -> str:
        """Return a threshold that nothing can save any more; empty: there is none."""
        counted = self.course.measurements.counted
        remaining = Remaining(self.options.most_calls - counted.calls)
        unsaved = (
            each.text
            for each in self.options.thresholds
            if not can_still_be_met(each, counted, remaining)
        )
        return next(unsaved, "")

    def _look_for_lost(self) -> None:
        for worker in self._unended():
            if self._side.has_lost(worker.client_id):
                self._lose(worker)
        self._look()

    def _lose(self, worker: Worker) -> None:
        worker.is_lost = True
        self._note(
            f"worker {worker.index} was lost after it had reported {worker.calls:,} calls: what it "
            "did since its last report is in no figure"
        )

    def _break(self, reason: str) -> None:
        self._note(reason)
        self._halt_all()

    def _note(self, failure: str) -> None:
        _log.error(failure)
        self.course.failures.append(failure)

    def _look(self) -> None:
        if not self._unended():
            self.course.seconds = max(0.0, time.monotonic() - self._began)
            self.ended.set()

    def _unended(self) -> list[Worker]:
        return [
            each for each in self.course.workers.values() if not (each.has_ended or each.is_lost)
        ]

    def _halt_all(self) -> None:
        for worker in self._unended():
            self._send(HALT, worker, {})

    def _send(self, kind: str, worker: Worker, data: dict[str, Any]) -> None:
        self._side.runner.send_message(kind, data, worker.client_id)
