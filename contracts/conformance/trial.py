"""One scenario, tried: its stage is set, the connector runs, and what arrived is judged."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from typing import Final

from contracts.clock import Clock
from contracts.conformance.judging import reasons
from contracts.conformance.process.connector import run_connector
from contracts.conformance.process.watch import Watch, most_calls
from contracts.conformance.recording import (
    Ending,
    Recording,
    Stopped,
    read_recording,
    without_secrets,
)
from contracts.conformance.scenario import Scenario
from contracts.conformance.stage import Stage, set_stage, write_files
from contracts.control_client import ControlClient
from contracts.redaction import hide_secret, hide_secrets

OURS: Final = "QUALTRICS_"
LAST_LINES: Final = 10
LAST_CHARACTERS: Final = 600


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of one scenario.

    Attributes:
        stage: what it ran on.
        recording: what arrived; no call when too many came to be read.
        reasons: why it is not passed; empty when it is.
    """

    stage: Stage
    recording: Recording
    reasons: tuple[str, ...]

    @property
    def seconds(self) -> float:
        """How long the connector ran."""
        return self.recording.ending.seconds

    @property
    def has_calls(self) -> bool:
        """Whether anything arrived."""
        return self.recording.has_calls

    @property
    def output(self) -> str:
        """The end of what the connector wrote, without credentials."""
        return _safe_output(self.stage, self.recording.ending)


@dataclass(frozen=True, slots=True)
class Harness:
    """What scenarios are tried with.

    Attributes:
        command: the program and its arguments.
        control: a client of the mock.
        clock: by which the connector's time is taken.
        interrupted: ends a scenario early once it is set.
    """

    command: Sequence[str]
    control: ControlClient
    clock: Clock
    interrupted: Flag

    def try_scenario(self, scenario: Scenario, folder: Path, timeout_seconds: float) -> Trial:
        """Run the command in a scenario, and judge it.

        Args:
            scenario: what is tried.
            folder: an empty folder, for the connector's files.
            timeout_seconds: how long it may take.

        Raises:
            CommandError: the command cannot be started.
            ContractsError: the mock or the harness failed: nothing is judged.
        """
        with _staged(self.control, scenario) as stage:
            ending = run_connector(
                self.command,
                _environment(scenario, stage, folder),
                timeout_seconds,
                clock=self.clock,
                meanwhile=Watch(self.control, stage, scenario, self.clock, self.interrupted),
            )
            if ending.stopped is Stopped.TOO_MANY_CALLS:
                return _flooded(stage, ending)
            recording = read_recording(self.control, stage.tenant_id, stage.messages, ending)
        said = reasons(scenario, recording)
        recording = without_secrets(recording, (*stage.secrets, stage.token))
        return Trial(stage, recording, (*said, *_output_told(stage, ending)) if said else ())


@contextmanager
def _staged(control: ControlClient, scenario: Scenario) -> Iterator[Stage]:
    stage = set_stage(control, scenario)
    yield stage
    control.delete_tenant(stage.tenant_id)


def _flooded(stage: Stage, ending: Ending) -> Trial:
    said = (
        f"more than {most_calls(stage):,} calls came for {len(stage.messages)} messages, and it "
        "was stopped: expected it to stop by itself, or to wait"
    )
    recording = Recording((), stage.messages, ending)
    return Trial(stage, recording, (said, *_output_told(stage, ending)))


def _safe_output(stage: Stage, ending: Ending) -> str:
    text = ending.output
    for secret in (*stage.secrets, stage.token):
        text = hide_secret(text, secret)
    return hide_secrets(text)


def _output_told(stage: Stage, ending: Ending) -> Iterator[str]:
    lines = _safe_output(stage, ending).strip().splitlines()[-LAST_LINES:]
    if lines:
        yield "its output ended with: " + " | ".join(lines)[-LAST_CHARACTERS:]


def _environment(scenario: Scenario, stage: Stage, folder: Path) -> Mapping[str, str]:
    """Return the environment of this process, with the scenario's variables in place of its own."""
    work_folder = folder / "work"
    work_folder.mkdir()
    outside = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return {
        **outside,
        **write_files(stage, folder),
        "QUALTRICS_URL": stage.url,
        "QUALTRICS_USERNAME": stage.username,
        "QUALTRICS_API_TOKEN": stage.token,
        "SCENARIO": scenario.name,
        "WORK_FOLDER": str(work_folder),
    }
