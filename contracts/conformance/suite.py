"""Runs scenarios side by side against one mock, each in a tenant of its own."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Event as Flag
from typing import Final

from contracts.clock import Clock, RealClock
from contracts.conformance.declared.known_failing import as_known
from contracts.conformance.process.kept import keep_recording, scenario_folder
from contracts.conformance.scenario import Scenario
from contracts.conformance.trial import Harness, Trial
from contracts.control_client import ControlClient
from contracts.errors import CommandError, ConformanceError, ContractsError
from contracts.verdicts import Outcome, Verdict

NO_CALL_AT_ALL: Final = (
    "the connector made no call in this whole run: nothing was verified; expected at least one"
)


Again = Callable[[Scenario], Trial]
OnFailure = Callable[[Scenario, Trial, Again], tuple[str, tuple[str, ...]]]


@dataclass(frozen=True)
class Suite:
    """How a connector is judged.

    Attributes:
        command: its program and arguments.
        control_url: the control API of the mock that it is run against.
        control_token: the mock's control token, if it has one.
        without: what it does not claim.
        known_failing: the names of the scenarios that it is known to fail.
        jobs: how many scenarios run side by side.
        timeout_seconds: how long it may take in each scenario; None: as the scenario says.
        keep: an empty folder in which everything of each scenario is kept; None: nothing is.
        clock: by which its time is taken.
        on_failure: stores what failed; returns the folder, and sentences about what it has. It
            may run the scenario again.
    """

    command: Sequence[str]
    control_url: str
    control_token: str | None = None
    without: frozenset[str] = frozenset()
    known_failing: frozenset[str] = frozenset()
    jobs: int = 4
    timeout_seconds: float | None = None
    keep: Path | None = None
    clock: Clock = field(default_factory=RealClock)
    on_failure: OnFailure | None = None

    def run(self, scenarios: Iterable[Scenario], report: Callable[[Verdict], None]) -> None:
        """Run the scenarios, and report a verdict on each as it comes.

        Those that may take longest begin first, so that all take little longer than the slowest.
        A run in which no call came verifies nothing, so none of its scenarios passes.

        Raises:
            CommandError: the command cannot be started.
        """
        judged = list(self._side_by_side(scenarios, report))
        if not any(has_calls for _, has_calls in judged):
            for verdict, _ in judged:
                if verdict.outcome is Outcome.PASSED:
                    report(self._as_known(_failed(verdict, NO_CALL_AT_ALL)))

    def _side_by_side(
        self, scenarios: Iterable[Scenario], report: Callable[[Verdict], None]
    ) -> Iterator[tuple[Verdict, bool]]:
        interrupted = Flag()
        longest_first = sorted(scenarios, key=lambda each: -each.timeout_seconds)
        with ThreadPoolExecutor(self.jobs) as pool:
            try:
                begun = [pool.submit(self._judge, each, interrupted) for each in longest_first]
                for future in as_completed(begun):
                    verdict, has_calls = future.result()
                    report(self._as_known(verdict))
                    yield verdict, has_calls
            except BaseException:
                interrupted.set()
                pool.shutdown(cancel_futures=True)
                raise

    def judge(self, scenario: Scenario) -> Verdict:
        """Run one scenario, and return the verdict on it.

        Raises:
            CommandError: the command cannot be started.
        """
        return self._judge(scenario, Flag())[0]

    def _judge(self, scenario: Scenario, interrupted: Flag) -> tuple[Verdict, bool]:
        """Run one scenario; return the verdict, and whether any call came."""
        if declined := scenario.needs & self.without:
            reason = f"the connector does not claim {', '.join(sorted(declined))}"
            return _verdict(scenario, Outcome.SKIPPED, (reason,)), False
        try:
            trial = self._tried(scenario, interrupted, self.keep)
        except CommandError:
            raise
        except ContractsError as error:
            return _verdict(scenario, Outcome.ERROR, (str(error),)), False
        except Exception as error:  # noqa: BLE001  the harness's own, and the other scenarios go on
            reason = f"an error of the harness: {type(error).__name__}: {error}"
            return _verdict(scenario, Outcome.ERROR, (reason,)), False
        outcome = Outcome.FAILED if trial.reasons else Outcome.PASSED
        verdict = _verdict(scenario, outcome, trial.reasons, trial.seconds)
        return self._stored(verdict, scenario, trial, interrupted), trial.has_calls

    def _stored(
        self, verdict: Verdict, scenario: Scenario, trial: Trial, interrupted: Flag
    ) -> Verdict:
        """Store a failure that nobody knew, so that it replays; return the verdict with it."""
        is_new = verdict.outcome is Outcome.FAILED and scenario.name not in self.known_failing
        if self.on_failure is None or not is_new or interrupted.is_set():
            return verdict
        try:
            folder, notes = self.on_failure(
                scenario, trial, lambda smaller: self._tried_again(smaller, interrupted)
            )
        except ContractsError as error:  # what failed has failed all the same
            return replace(verdict, notes=(f"it is not stored: {error}",))
        return replace(verdict, notes=notes, folder=folder)

    def _tried_again(self, scenario: Scenario, interrupted: Flag) -> Trial:
        """Run a part of a scenario that failed.

        Raises:
            ConformanceError: the whole suite ends early, and this trial with it: it says nothing.
        """
        trial = self._tried(scenario, interrupted, keep=None)
        if interrupted.is_set():
            raise ConformanceError("the run was interrupted")
        return trial

    def _tried(self, scenario: Scenario, interrupted: Flag, keep: Path | None) -> Trial:
        with (
            ControlClient(self.control_url, self.control_token) as control,
            scenario_folder(keep, scenario.name) as folder,
        ):
            harness = Harness(self.command, control, self.clock, interrupted)
            seconds = self.timeout_seconds or scenario.timeout_seconds
            trial = harness.try_scenario(scenario, folder, seconds)
            if keep is not None:
                keep_recording(folder, trial.recording, trial.output)
        return trial

    def _as_known(self, verdict: Verdict) -> Verdict:
        return as_known(verdict, self.known_failing)


def _failed(verdict: Verdict, reason: str) -> Verdict:
    return replace(verdict, outcome=Outcome.FAILED, reasons=(reason,))


def _verdict(
    scenario: Scenario, outcome: Outcome, said: tuple[str, ...] = (), seconds: float = 0.0
) -> Verdict:
    return Verdict(scenario.name, outcome, said, scenario.facts, scenario.purpose, seconds)
