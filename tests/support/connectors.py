"""The connectors that judge the conformance suite, and running many of them side by side."""

import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contracts.conformance.catalogue import catalogue
from contracts.conformance.suite import Suite
from contracts.mock_process import start_mock
from contracts.verdicts import Verdict

FOLDER = Path(__file__).parents[1] / "conformance"
PROGRAMS = FOLDER / "connectors"
CONVICTIONS = FOLDER / "convictions.toml"
Entry = dict[str, Any]


@dataclass(frozen=True)
class Connector:
    """A small connector: how it is run, what it does not claim, and what convicts it.

    Attributes:
        name: its file's name, without suffix.
        file: its file, below the folder of the connectors.
        command: its command, in which ``{folder}`` is what `prepare` made.
        without: the claims that it declines.
        needs: the program without which it cannot run.
        prepare: a command that is run once before it, if any.
        timeout_seconds: how long it may take; None: as each scenario says.
        share: of every so many scenarios a test runs it in one.
        convicted_by: the scenarios that it fails, the most telling ones first; of a good one none.
        is_convicted_by_most: whether the file names those that it passes instead.
    """

    name: str
    file: str
    command: tuple[str, ...]
    without: frozenset[str]
    needs: str = "sh"
    prepare: tuple[str, ...] = ()
    timeout_seconds: float | None = None
    share: int = 3
    convicted_by: tuple[str, ...] = ()
    is_convicted_by_most: bool = False

    @property
    def is_runnable(self) -> bool:
        return shutil.which(self.needs) is not None

    @property
    def purpose(self) -> str:
        """What it does, wrongly if it is broken: its file's first line that is a comment."""
        lines = (PROGRAMS / self.file).read_text("utf-8").splitlines()
        first = next(line for line in lines if not line.startswith("#!"))
        return first.strip('"#/ ')

    @property
    def claimed(self) -> list[str]:
        """The names of the scenarios that it is judged by, in the suite's order."""
        return [name for name, each in catalogue().items() if not each.needs & self.without]


Case = tuple[Connector, str]


def good_connectors() -> list[Connector]:
    """Return those that must pass all that they claim."""
    return [_good(name, entry) for name, entry in _document()["good"].items()]


def broken_connectors() -> list[Connector]:
    """Return those with one bug each."""
    return [_broken(name, entry) for name, entry in _document()["broken"].items()]


def judge(cases: Iterable[Case], jobs: int = 8) -> dict[tuple[str, str], Verdict]:
    """Run each connector in its scenario, all against one mock; return the verdicts."""
    cases = sorted(cases, key=lambda case: -catalogue()[case[1]].timeout_seconds)
    with (
        start_mock("--wire-faults", "--store", "memory") as mock,
        _prepared({connector for connector, _ in cases}) as commands,
        ThreadPoolExecutor(jobs) as pool,
    ):

        def judged(case: Case) -> Verdict:
            connector, scenario = case
            suite = Suite(
                commands[connector.name],
                mock.control.control_url,
                without=connector.without,
                timeout_seconds=connector.timeout_seconds,
            )
            return suite.judge(catalogue()[scenario])

        verdicts = list(pool.map(judged, cases))
    return {(case[0].name, case[1]): each for case, each in zip(cases, verdicts, strict=True)}


@contextmanager
def _prepared(connectors: Iterable[Connector]) -> Iterator[dict[str, tuple[str, ...]]]:
    """Do what each connector needs once; yield the commands that are to be run, by name."""
    with TemporaryDirectory(prefix="connectors-") as folder:
        for connector in connectors:
            if connector.prepare:
                subprocess.run(_filled(connector.prepare, folder), check=True)
        yield {each.name: _filled(each.command, folder) for each in connectors}


def _filled(command: Sequence[str], folder: str) -> tuple[str, ...]:
    values = {"folder": folder, "python": sys.executable, "connectors": str(PROGRAMS)}
    return tuple(part.format(**values) for part in command)


def _document() -> dict[str, dict[str, Entry]]:
    return tomllib.loads(CONVICTIONS.read_text("utf-8"))


def _good(name: str, entry: Entry) -> Connector:
    return Connector(
        name,
        entry["file"],
        tuple(entry["command"]),
        frozenset(entry.get("without", ())),
        entry.get("needs", "sh"),
        tuple(entry.get("prepare", ())),
        share=entry.get("share", 3),
    )


def _broken(name: str, entry: Entry) -> Connector:
    file = f"broken/{name}.py"
    without = entry.get("without", ("mapping", "interim-answers"))
    # Without site-packages, of which they need none, an interpreter starts in half the time.
    command = ("{python}", "-S", f"{{connectors}}/{file}")
    seconds = entry.get("timeout_seconds")
    connector = Connector(name, file, command, frozenset(without), timeout_seconds=seconds)
    if "passes" in entry:
        convicted = tuple(each for each in connector.claimed if each not in entry["passes"])
        return replace(connector, convicted_by=convicted, is_convicted_by_most=True)
    return replace(connector, convicted_by=tuple(entry["convicted_by"]))
