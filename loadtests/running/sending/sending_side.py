"""What one process sends: it hears of its share, sends it, and tells how it goes."""

import time
from dataclasses import dataclass
from typing import Any, Final, cast

import gevent
from gevent.event import AsyncResult

from loadtests.measuring import Call, Measurements
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.options.run_options import OptionsError, options_of
from loadtests.running.sending.call_generator import Generator, Post
from loadtests.running.sending.due_calls import DueCalls
from loadtests.running.sending.locust_side import LocustSide
from loadtests.running.sending.messages import Messages
from loadtests.running.sending.share import Share, fingerprint_of
from loadtests.trace_ids import TraceIds
from sender.clock import RealClock
from sender.transport.base import Endpoint
from sender.transport.outcomes import Answered, Outcome, describe
from sender.transport.requests_transport import Poster

BEGIN: Final = "qualtrics-begin"
HALT: Final = "qualtrics-halt"
PROGRESS: Final = "qualtrics-progress"
"""The messages between the process that coordinates a run and those that send."""

REPORT_SECONDS: Final = 1.0
CUT_AFTER_SECONDS: Final = 5.0
_MILLISECOND_US: Final = 1_000


class CallError(Exception):
    """A call was not accepted; the text says how it ended, and Locust counts such texts."""


@dataclass(frozen=True, slots=True)
class _Begun:
    """A share that is being sent."""

    share: Share
    generator: Generator
    measurements: Measurements
    endpoint: Endpoint


class Sending:
    """The sending side of one process.

    Args:
        side: this process of Locust; its options are there when a share is.
    """

    def __init__(self, side: LocustSide) -> None:
        self._side = side
        self._begun: AsyncResult[_Begun] = AsyncResult()
        self._reporting: gevent.Greenlet[[_Begun], None] | None = None

    def connected(self) -> tuple[Generator, Poster]:
        """Wait until there is a share; return what makes its calls, and what posts them."""
        begun = self._current()
        return begun.generator, Poster(begun.endpoint, RealClock())

    def begin(self, msg: Any, **_: Any) -> None:  # noqa: ANN401  Locust's
        """Begin to send a share, in a moment."""
        heard = time.monotonic()
        share = Share.from_wire(msg.data)
        try:
            begun = self._prepared(share, heard)
        except Exception as error:  # noqa: BLE001  whatever it is, the run is broken
            failure = str(error) or type(error).__name__
            self._tell(share, {"measured": None, "failure": failure, "ended": True})
            return
        self._begun.set(begun)
        self._reporting = gevent.spawn(self._report, begun)

    def halt(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        """Make no further calls."""
        if self._begun.ready():
            self._current().generator.halt()

    def close(self) -> None:
        """Halt, and tell what was done: this process ends."""
        if self._reporting is not None:
            self.halt()
            self._reporting.join(CUT_AFTER_SECONDS)

    def forget(self) -> None:
        """Be ready for another run."""
        self._begun = AsyncResult()
        self._reporting = None

    def _current(self) -> _Begun:
        return cast("_Begun", self._begun.get())

    def _prepared(self, share: Share, heard: float) -> _Begun:
        """Make all that sends a share, which begins so long after it was heard of."""
        options = options_of(self._side.options)
        endpoint = endpoint_of(options.policy)
        if fingerprint_of(options.workload, options.mapping, endpoint) != share.fingerprint:
            raise OptionsError(
                "found another workload, dataflow, QUALTRICS_URL or credential than the master's, "
                "expected the same options, files and variables on every machine"
            )
        measurements = options.measurements()
        messages = Messages(options.mapping, options.workload.seed)
        generator = Generator(
            DueCalls(share.arrivals(options.workload), options.policy),
            lambda due: Post(due, messages.body_of(due.person), traces.of(due.number)),
            measurements,
            begins_in_seconds=share.begins_in_seconds - (time.monotonic() - heard),
            late_us=round(options.limits.late_ms * _MILLISECOND_US),
            note=self._note,
        )
        traces = TraceIds(share.run_id)
        return _Begun(share, generator, measurements, endpoint)

    def _note(self, call: Call, outcome: Outcome) -> None:
        """Tell Locust of a call, for its own charts, tables and files."""
        self._side.events.request.fire(
            request_type="POST",
            name="trigger",
            response_time=call.latency_us / _MILLISECOND_US,
            response_length=0,
            exception=_failure(outcome),
            context={},
        )

    def _report(self, begun: _Begun) -> None:
        """Report every second until the share has ended."""
        used, then = time.process_time(), time.monotonic()
        while not begun.generator.ended.wait(REPORT_SECONDS):
            now_used, now = time.process_time(), time.monotonic()
            begun.measurements.note_processor((now_used - used) / (now - then))
            used, then = now_used, now
            self._tell_measured(begun)
        self._tell_measured(begun, failure=begun.generator.failure, ended=True)

    def _tell_measured(self, begun: _Begun, **more: Any) -> None:  # noqa: ANN401  as it travels
        measured = {"measured": begun.measurements.taken(), "nowUs": begun.generator.now_us()}
        self._tell(begun.share, {**measured, **more})

    def _tell(self, share: Share, data: dict[str, Any]) -> None:
        self._side.runner.send_message(
            PROGRESS, {"run": share.run_id, "share": share.index, **data}
        )


def _failure(outcome: Outcome) -> CallError | None:
    """Return what Locust counts a call under that was not accepted."""
    if not isinstance(outcome, Answered):
        return CallError(describe(outcome))
    return None if outcome.activated else CallError(f"{outcome.status}: {describe(outcome)}")
