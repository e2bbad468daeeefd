"""The sender in a simulated world: the real exporter, started, stopped, crashed and resumed."""

import contextlib
import random
import sqlite3
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

from contracts.secret import Secret
from sender import Dataflow, Exporter, Report, policies
from sender.errors import ConfigurationError, ExportStoppedError
from sender.outbox import Outbox
from sender.policies import RetryPolicy
from sender.profiles import NOTHING_YET, NothingYet
from sender.transport.base import Endpoint
from simulation.schedule import Crash, Export, Setup, dataflow_document
from simulation.world.clocks import SenderClock
from simulation.world.network import InProcessTransport, Network
from simulation.world.network import Told as ToldOfCalls
from simulation.world.timeline import EndlessError, Timeline
from simulation.world.watched_sqlite import CommitPoints, Crashed

SECOND_US = 1_000_000
BASE_URL = "http://127.0.0.1:8084"
AFTER_ERROR_US = 20 * SECOND_US
MOST_LIVES = 400  # of an export that goes on by itself; then something keeps it from ending


class Told(ToldOfCalls, Protocol):
    """What is told of the sender."""

    def sender_started(self, what: str) -> None:
        """Note that its process begins, and with what."""
        ...

    def sender_ended(self, why: str, crash: Crash | None) -> None:
        """Note that its process has ended, and why."""
        ...

    def sender_reported(self, report: Report) -> None:
        """Note the report of an export that has ended, by itself or because it stopped."""
        ...


class SenderSide:
    """The sender's process, over all its lives.

    Args:
        setup: policy, pace and exports.
        outbox: its file.
        timeline: the clock.
        rng: the source of trace ids and of jitter.
        points: what its connection passes.
        network: brings calls to the mock.
        watcher: is told of each call.

    Attributes:
        clock: its clock.
        token: the API token that it is started with.
        pause_us: for how long it stays away, once it has stopped as it was asked.
        exporter: the exporter; None: it is not running.
    """

    def __init__(
        self,
        setup: Setup,
        outbox: Path,
        timeline: Timeline,
        rng: random.Random,
        points: CommitPoints,
        network: Network,
        *,
        watcher: Told,
    ) -> None:
        self._setup = setup
        self._path = outbox
        self._timeline = timeline
        self._rng = rng
        self._points = points
        self._network = network
        self._watcher = watcher
        self._policy = _policy(setup)
        self._dataflow: Dataflow | None = None
        self._has_to_stop = False
        self.clock = SenderClock(timeline)
        self.token = Secret("")
        self.pause_us = 0
        self.exporter: Exporter | None = None

    def aim(self, path: str, username: str, token: Secret) -> None:
        """Export to this trigger URL, given without scheme and host."""
        self._dataflow = Dataflow.from_mapping(dataflow_document(BASE_URL + path, username))
        self.token = token

    def export(self, number: int, export: Export) -> None:
        """Export until the run has ended, whatever ends the process in between.

        Raises:
            EndlessError: it does not end.
        """
        for _ in range(MOST_LIVES):
            pause_us = self._live(number, export)
            if pause_us is None:
                return
            self._timeline.run_until(self._timeline.now_us + pause_us)
        raise EndlessError(f"export {number} did not end in {MOST_LIVES} starts of the sender")

    def stop(self, pause_us: int) -> None:
        """Ask the process to stop, as Ctrl-C does; it is started again later."""
        if self.exporter is not None:
            self._has_to_stop, self.pause_us = True, pause_us
            self.exporter.stop()

    def _live(self, number: int, export: Export) -> int | None:
        """Run one process; return after how many microseconds the next begins, None: never."""
        self._points.crash, self._has_to_stop = None, False
        self._watcher.sender_started(f"export {number}")
        try:
            self.exporter = self._new_exporter()
            self._watcher.sender_reported(self._send(self.exporter, number, export))
        except Crashed:
            crash = self._points.crash
            self._watcher.sender_ended("crashes", crash)
            return max(1, crash.pause_us) if crash else 1  # no process starts at once
        except ExportStoppedError as stopped:
            self._watcher.sender_reported(stopped.report)
            self._watcher.sender_ended(f"stops: {stopped}", None)
            return self.pause_us if stopped.interrupted else AFTER_ERROR_US
        except (sqlite3.Error, ConfigurationError) as error:
            if not self._points.is_full:
                raise
            self._watcher.sender_ended(f"fails: {error}".replace(str(self._path.parent), ""), None)
            return SECOND_US
        else:
            self._watcher.sender_ended("has sent all", None)
            return None
        finally:
            self._close()

    def _close(self) -> None:
        exporter, self.exporter = self.exporter, None
        if exporter is not None:
            with contextlib.suppress(Crashed):
                exporter.close()

    def _new_exporter(self) -> Exporter:
        dataflow = self._dataflow
        if dataflow is None:
            raise AssertionError("nobody said where to export to")
        endpoint = Endpoint.of(dataflow, self._policy, self.token)
        transport = InProcessTransport(
            self._network,
            self._timeline,
            endpoint,
            self._setup.slots,
            self._watcher,
            lambda: self._has_to_stop,
        )
        outbox = Outbox(self._path, connect=self._points.connect)
        return Exporter(
            dataflow,
            policy=self._policy,
            token=self.token,
            outbox=outbox,
            transport=transport,
            clock=self.clock,
            rng=random.Random(self._rng.getrandbits(64)),
            **_pace(self._setup),
        )

    def _send(self, exporter: Exporter, number: int, export: Export) -> Report:
        """Go on with the run of this export, or begin it."""
        source = {"export": number}
        run = _last_run_of(exporter, source)
        if run is not None and run.source_finished:
            return exporter.resume()
        rows = list(_source(export))
        return exporter.export(rows, source=source, restated=export.restated)


def _source(export: Export) -> Iterator[Mapping[str, Any] | NothingYet]:
    """Yield an export's rows; when so many have come, the next are not there yet."""
    for number, row in enumerate(export.rows):
        if number and export.rows_at_once and number % export.rows_at_once == 0:
            yield NOTHING_YET
        yield row.document()


def _last_run_of(exporter: Exporter, source: Mapping[str, Any]) -> Any:  # noqa: ANN401  a run
    try:
        run = exporter.last_run()
    except ConfigurationError:
        return None
    return run if run.source is not None and source.items() <= run.source.items() else None


def _policy(setup: Setup) -> RetryPolicy:
    policy = policies.policy_named(setup.policy)
    return policy if setup.retry_after is None else policy.retrying_after(list(setup.retry_after))


def _pace(setup: Setup) -> dict[str, float]:
    given = {
        "calls_per_minute": setup.calls_per_minute,
        "calls_per_day": setup.calls_per_day,
        "offered_rate": setup.offered_rate,
    }
    return {name: value for name, value in given.items() if value is not None}
