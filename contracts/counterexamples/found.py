"""Makes failures small and stores them while a suite runs."""

import shlex
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from typing import Final

from contracts.clock import Clock, RealClock
from contracts.conformance.scenario import Scenario
from contracts.counterexamples.bounds import ALL_SHRINK_SECONDS, SHRINK_SECONDS
from contracts.counterexamples.curl_lines import MOST_CALLS, CurlLines
from contracts.counterexamples.pytest_text import file_name
from contracts.counterexamples.smallest_scenario import Tried, all_profiles, smallest
from contracts.counterexamples.stored import Stored
from contracts.counterexamples.storing import PROFILES_FILE, store

FOLDER: Final = "counterexample"


@dataclass
class Counterexamples:
    """Stores each failure of a run in a folder of its own.

    Attributes:
        folder: gets a folder for each scenario; None: one under the system's temporary folder,
            made for the first failure.
        connector: the command, or the importable name of a function.
        is_function: which of them.
        seconds_each: how long the fewest messages of one failure are looked for; 0: not at all.
        seconds_in_all: the same, of all failures together.
        timeout_seconds: how long the connector may take; None: as the scenario says.
        clock: by which the time is taken.
    """

    folder: Path | None
    connector: Sequence[str]
    is_function: bool = False
    seconds_each: float = SHRINK_SECONDS
    seconds_in_all: float = ALL_SHRINK_SECONDS
    timeout_seconds: float | None = None
    clock: Clock = field(default_factory=RealClock)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(
        self, scenario: Scenario, first: Tried, again: Callable[[Scenario], Tried]
    ) -> tuple[str, tuple[str, ...]]:
        """Make a failure as small as the time allows, and store it; return its folder.

        Args:
            scenario: what failed.
            first: its run.
            again: runs a scenario once more.

        Returns:
            Its folder, and sentences about what it has.

        Raises:
            CounterexampleError: the folder cannot be written.
        """
        begun = self.clock.monotonic()
        found, tried = smallest(scenario, first, again, self.clock, self._time_left())
        self._take(self.clock.monotonic() - begun)
        stored = Stored(
            scenario=found,
            reasons=tried.reasons,
            connector=tuple(self.connector),
            is_function=self.is_function,
            working_folder=str(Path.cwd()),
            timeout_seconds=self.timeout_seconds or scenario.timeout_seconds,
            has_calls=tried.recording.has_calls,
            messages_before=len(all_profiles(scenario)),
        )
        folder = self._base() / scenario.name / FOLDER
        store(folder, stored, tried.recording, first.recording)
        told = _from_here(folder)
        return str(told), tuple(_notes(told, stored, tried))

    def _base(self) -> Path:
        with self._lock:
            if self.folder is None:
                self.folder = Path(mkdtemp(prefix="qualtrics-counterexamples-"))
            return self.folder.absolute()

    def _time_left(self) -> float:
        with self._lock:
            return min(self.seconds_each, self.seconds_in_all)

    def _take(self, seconds: float) -> None:
        with self._lock:
            self.seconds_in_all = max(0.0, self.seconds_in_all - seconds)


def _notes(folder: Path, stored: Stored, tried: Tried) -> Iterator[str]:
    left, before = len(stored.scenario.profiles), stored.messages_before
    yield f"it fails with {left} of its {before} profiles: {_typed(folder / PROFILES_FILE)}"
    if count := len(tried.recording.calls[:MOST_CALLS]):
        line = CurlLines(tried.recording, stored.scenario).line(count)
        shell = "`mock-qualtrics exec -- sh`, which sets QUALTRICS_URL"
        yield f"its last call, for {shell}, as a curl line: cd {_typed(folder)} && {line}"
    yield f"as a pytest test: {_typed(folder / file_name(stored))}"


def _typed(path: Path) -> str:
    """Return a path as it is typed in a shell."""
    return shlex.quote(str(path))


def _from_here(folder: Path) -> Path:
    """Return a folder as it is named in every checkout: a CI job's lies elsewhere than yours."""
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
