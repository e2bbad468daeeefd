"""Scenarios of a test's own, and what their connectors leave behind."""

from pathlib import Path

from contracts.conformance.scenario import Scenario, read_scenario


def scenario(name: str = "one-message", text: str = "sample = { count = 1 }") -> Scenario:
    return read_scenario(name, f'purpose = "Try it."\nfacts = ["Q-LIM-1"]\n{text}\n')


def runs(pid: int) -> bool:
    """Tell whether a process has not ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def pids_in(file: Path) -> list[int]:
    """Return the process ids that a file holds, once it holds whole lines."""
    text = file.read_text() if file.exists() else ""
    return [int(line) for line in text.split()] if text.endswith("\n") else []
