"""Runs scenarios side by side against one mock, each in a tenant of its own."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from contracts.clock import Clock, RealClock
from contracts.conformance.connector import run_connector
from contracts.conformance.events import Events
from contracts.conformance.judging import reasons
from contracts.conformance.recording import read_recording
from contracts.conformance.scenario import Scenario
from contracts.conformance.stage import Stage, set_stage, write_files
from contracts.control_client import ControlClient
from contracts.errors import ContractsError
from contracts.verdicts import Outcome, Verdict, Verdicts


@dataclass(frozen=True)
class Suite:
    """How a connector is judged.

    Attributes:
        command: its program and arguments.
        control_url: the control API of the mock that it is run against.
        without: what it does not claim.
        jobs: how many scenarios run side by side.
        timeout_seconds: how long it may take in each scenario; None: as the scenario says.
        clock: by which its time is taken.
    """

    command: Sequence[str]
    control_url: str
    without: frozenset[str] = frozenset()
    jobs: int = 4
    timeout_seconds: float | None = None
    clock: Clock = RealClock()  # noqa: RUF009  it holds nothing

    def run(
        self, scenarios: Iterable[Scenario], judged: Callable[[Verdict], None] = lambda _: None
    ) -> Verdicts:
        """Run the scenarios; return a verdict on each, in their order.

        Args:
            scenarios: what to run.
            judged: is handed each verdict once those before it are there.
        """
        verdicts = []
        with ThreadPoolExecutor(self.jobs) as pool:
            for verdict in pool.map(self.judge, scenarios):
                judged(verdict)
                verdicts.append(verdict)
        return Verdicts(" ".join(self.command), tuple(verdicts))

    def judge(self, scenario: Scenario) -> Verdict:
        """Run one scenario; an error of the harness is a verdict too."""
        if declined := scenario.needs & self.without:
            reason = f"the connector does not claim {', '.join(sorted(declined))}"
            return _verdict(scenario, Outcome.SKIPPED, (reason,))
        try:
            return self._judged(scenario)
        except ContractsError as error:
            return _verdict(scenario, Outcome.ERROR, (str(error),))

    def _judged(self, scenario: Scenario) -> Verdict:
        with (
            ControlClient(self.control_url) as control,
            TemporaryDirectory(prefix="conformance-") as folder,
        ):
            stage = set_stage(control, scenario)
            try:
                ending = run_connector(
                    self.command,
                    _environment(scenario, stage, Path(folder)),
                    Path(folder),
                    self.timeout_seconds or scenario.timeout_seconds,
                    clock=self.clock,
                    meanwhile=Events(control, stage, scenario.during),
                )
                recording = read_recording(control, stage.tenant_id, stage.messages, ending)
            finally:
                control.delete_tenant(stage.tenant_id)
        said = reasons(scenario, recording)
        outcome = Outcome.FAILED if said else Outcome.PASSED
        return _verdict(scenario, outcome, said, ending.seconds)


def _environment(scenario: Scenario, stage: Stage, folder: Path) -> dict[str, str]:
    work_folder = folder / "work"
    work_folder.mkdir()
    return {
        **os.environ,
        **write_files(stage, folder),
        "QUALTRICS_URL": stage.url,
        "QUALTRICS_USERNAME": stage.username,
        "QUALTRICS_API_TOKEN": stage.token,
        "SCENARIO": scenario.name,
        "WORK_FOLDER": str(work_folder),
    }


def _verdict(
    scenario: Scenario, outcome: Outcome, said: tuple[str, ...] = (), seconds: float = 0.0
) -> Verdict:
    return Verdict(scenario.name, outcome, said, tuple(scenario.facts), scenario.purpose, seconds)
