"""Steps of tests that load a mock in one process."""

import json
from pathlib import Path
from typing import Any

from loadtests.running.concluding import conclude
from loadtests.verdicts import Verdict
from support.one_process import OneProcess
from support.waiting import DEADLINE_SECONDS


def run(process: OneProcess) -> Verdict:
    """Run to the end, and conclude."""
    coordinator = process.coordinator()
    coordinator.begin()
    assert coordinator.ended.wait(DEADLINE_SECONDS)
    return conclude(coordinator, process.target, "again")


def fault(process: OneProcess, settings: dict[str, Any]) -> None:
    """Add a fault to the tenant that is loaded."""
    mock = process.target.mock
    assert mock is not None
    mock.control.add_fault(mock.tenant_id, settings)


def refuse(process: OneProcess, times: int) -> None:
    """Have the mock answer the next calls with 503."""
    fault(process, {"kind": "status", "status": 503, "when": {"first": times}})


def begin(process: OneProcess, **options: object) -> None:
    """Begin as Locust does, perhaps with what its web page was given."""
    process.environment.host = options.pop("host", process.target.host)
    vars(process.environment.parsed_options).update(options)
    process.events["test_start"].fire()
    process.events["spawning_complete"].fire()


def result_of(path: Path) -> dict[str, Any]:
    """Return a result that was written as JSON."""
    return json.loads(path.read_text("utf-8"))
