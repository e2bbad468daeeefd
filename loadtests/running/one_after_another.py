"""The run of a process that coordinates; from Locust's web page, one after the other."""

import logging
import sys
from dataclasses import dataclass
from typing import Any, Final

import gevent

from loadtests.running.concluding import conclude
from loadtests.running.coordinating import Coordinator
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.options.repeated_command import repeated_command
from loadtests.running.options.run_options import OptionsError, options_of
from loadtests.running.preflight import Target
from loadtests.running.sending.locust_side import LocustSide
from loadtests.running.sending.sending_side import PROGRESS

_CSV_SECONDS: Final = (
    4.5  # Locust's workers report every 3 s; it writes every second, not at the end
)
WRONG_USAGE: Final = 2
NO_VERDICT: Final = 5
_log = logging.getLogger("loadtests")


@dataclass(frozen=True, slots=True)
class _Run:
    coordinator: Coordinator
    ending: "gevent.Greenlet[[], int]"


class Runs:
    """Begins a run when Locust begins a test, and ends Locust's test when the run has ended.

    Args:
        side: this process of Locust.
        target: what is loaded.
    """

    def __init__(self, side: LocustSide, target: Target) -> None:
        self._side = side
        self._target = target
        self._run: _Run | None = None
        self._heading = ""
        self._is_refused = False

    def listen(self) -> None:
        """Hang on Locust's events, in the order in which they come."""
        self._side.runner.register_message(PROGRESS, self._take_progress)
        events = self._side.events
        events.test_start.add_listener(self._prepare)
        events.spawning_complete.add_listener(self._begin)
        events.test_stopping.add_listener(self._halt)
        events.quitting.add_listener(self._quit)
        events.quit.add_listener(self._say_the_verdict)

    def interrupt(self) -> bool:
        """End the run, if there is one, and return whether there was."""
        if self._run is None:
            return False
        self._run.coordinator.interrupt()
        return True

    def _prepare(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        if self._run is not None and self._run.ending.ready():
            self._run = None
        self._is_refused = False
        try:
            coordinator = self._prepared()
        except OptionsError as error:
            self._refuse(str(error))
            return
        self._run = _Run(coordinator, gevent.spawn(lambda: self._end(coordinator)))

    def _prepared(self) -> Coordinator:
        """Judge once more what is asked for: the web page may have changed it."""
        if self._run is not None:
            raise OptionsError("the last run's result is not there yet: begin again once it is")
        side, target = self._side, self._target
        options = options_of(side.options)
        target.check(options)
        self._check_host()
        processes = len(side.client_ids())
        if options.users < processes:
            raise OptionsError(
                f"--users: found {options.users} for {processes} processes, expected one or more "
                "for each: a process without any could send nothing"
            )
        return Coordinator(side, options, endpoint_of(options.policy), target.totals())

    def _check_host(self) -> None:
        asked = str(self._side.environment.host or "").rstrip("/")
        if asked != self._target.host:
            raise OptionsError(
                f"Host: found {asked}, expected {self._target.host}: what is loaded is in "
                "QUALTRICS_URL alone"
            )

    def _refuse(self, reason: str) -> None:
        _log.error("%s: nothing is sent", reason)
        self._is_refused = not self._side.is_headless
        if self._side.is_headless:
            self._side.environment.process_exit_code = WRONG_USAGE
            gevent.spawn(self._side.runner.quit)

    def _begin(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        if self._is_refused:  # a master that is stopped before all users are there goes on
            gevent.spawn(self._side.runner.stop)
        elif self._run is not None and not self._run.coordinator.course.workers:
            self._run.coordinator.begin()

    def _take_progress(self, msg: Any, **_: Any) -> None:  # noqa: ANN401  Locust's
        if self._run is not None:
            self._run.coordinator.take_progress(msg.data)

    def _halt(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        if self._run is not None:
            self._run.coordinator.halt("the run was stopped before every message had ended")

    def _end(self, coordinator: Coordinator) -> int:
        """Conclude a run once it has ended, have Locust end its test; return the exit code."""
        coordinator.ended.wait()
        try:
            verdict = conclude(coordinator, self._target, self._command(coordinator))
            code, self._heading = verdict.exit_code, verdict.heading
        except Exception:  # noqa: BLE001  whatever it is, Locust has to end
            _log.exception("the run has ended, and its result cannot be put together")
            code = NO_VERDICT
        if self._side.writes_csv:
            gevent.sleep(_CSV_SECONDS)
        gevent.spawn(self._side.runner.quit if self._side.is_headless else self._stop)
        return code

    def _stop(self) -> None:
        """End Locust's test; Locust quits by itself only when ``--run-time`` has ended it."""
        self._side.runner.stop()
        seconds = self._side.quits_after_seconds
        if seconds is not None:
            gevent.sleep(seconds)
            self._side.runner.quit()
            self._side.environment.web_ui.stop()

    def _command(self, coordinator: Coordinator) -> str:
        workers = len(coordinator.course.workers) if self._side.is_master else 0
        return repeated_command(self._side.options, workers)

    def _say_the_verdict(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        """Say it once more, below the tables that Locust ends with."""
        if self._heading:
            sys.stdout.write(f"{self._heading}\n")

    def _quit(self, **_: Any) -> None:  # noqa: ANN401  Locust's
        if self._run is None:
            return
        if not self._run.coordinator.ended.is_set():
            self._run.coordinator.interrupt()
        self._side.environment.process_exit_code = self._run.ending.get()
