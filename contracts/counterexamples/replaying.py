"""Tries a stored failure again, with the connector as it is now."""

import enum
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag
from typing import Final

from contracts.clock import RealClock
from contracts.conformance.function_connector import Connector, run_function
from contracts.conformance.process.leftovers import adopting_orphans
from contracts.conformance.process.suite_mock import start_suite_mock
from contracts.conformance.trial import Harness
from contracts.control_client import ControlClient
from contracts.counterexamples.running_folder import folder_to_run_in
from contracts.counterexamples.same_failure import kinds
from contracts.counterexamples.smallest_scenario import Tried
from contracts.counterexamples.stored import Stored, read_stored
from contracts.errors import CommandError, ContractsError
from contracts.redaction import command_line


class Answer(enum.StrEnum):
    """What is said of a stored failure; its exit code."""

    FIXED = "FIXED"
    STILL_FAILING = "STILL FAILING"
    CANNOT_TELL = "CANNOT TELL"

    @property
    def exit_code(self) -> int:
        """0 fixed, 1 still failing, 5 not known."""
        return {"FIXED": 0, "STILL FAILING": 1}.get(self.value, 5)


PASSES: Final = 3
PASSED: Final = (
    f"it passed {PASSES} times in a row; a failure that depends on timing may still come again"
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a replay found; each reason is a sentence.

    Attributes:
        name: the scenario.
        answer: what is said of the failure.
        reasons: why.
        ran: the command that was judged, without secrets, or the name of the function.
        folder: where it ran; both are empty when nothing could be run.
    """

    name: str
    answer: Answer
    reasons: tuple[str, ...] = ()
    ran: str = ""
    folder: str = ""

    def __str__(self) -> str:
        """Return the answer with what ran and its reasons, a line each."""
        ran = (f"ran {self.ran} in {self.folder}",) if self.ran else ()
        return "\n".join([f"{self.answer} {self.name}", *(f"  {e}" for e in (*ran, *self.reasons))])


def replay(
    folder: Path, command: Sequence[str] = (), control: ControlClient | None = None
) -> Finding:
    """Run the connector of a stored failure in its scenario again.

    Args:
        folder: what a conformance run has stored.
        command: another command than the stored one; it runs in the current folder.
        control: a client of a running mock; None: one is started, and stopped.

    Returns:
        FIXED when it passes three times, STILL FAILING when it does not, and CANNOT TELL when it
        could not be run, or makes no call where it made some before. The stored command runs in the
        current folder where its file is found there, else where it was run.

    Raises:
        CounterexampleError: the folder has no stored failure.
    """
    stored = read_stored(folder)
    where = Path.cwd() if command else folder_to_run_in(stored, Path.cwd())
    try:
        with _mock(control) as client, adopting_orphans(RealClock()), chdir(where):
            finding = repeated(stored, lambda: _tried(stored, command, client))
    except ContractsError as error:
        finding = Finding(stored.scenario.name, Answer.CANNOT_TELL, (str(error),))
    return replace(finding, ran=command_line(command or stored.connector), folder=str(where))


def repeated(stored: Stored, again: Callable[[], Tried]) -> Finding:
    """Run it until it fails, or has passed often enough; a failure may depend on timing."""
    for passed in range(PASSES):
        finding = judged(stored, again())
        if finding.answer is not Answer.FIXED:
            flaky = (f"it passed {passed} of {passed + 1} runs: it depends on timing",)
            return replace(finding, reasons=(*(flaky if passed else ()), *finding.reasons))
    return replace(finding, reasons=(PASSED,))


def judged(stored: Stored, tried: Tried) -> Finding:
    """Compare a run with the stored one."""
    name, scenario = stored.scenario.name, stored.scenario
    if not tried.reasons:
        return Finding(name, Answer.FIXED)
    if stored.has_calls and not tried.recording.has_calls:
        said = "the connector made no call, and made some before: it may not have started"
        return Finding(name, Answer.CANNOT_TELL, (said, *tried.reasons))
    if kinds(scenario, stored.reasons) & kinds(scenario, tried.reasons):
        return Finding(name, Answer.STILL_FAILING, tried.reasons)
    return Finding(name, Answer.STILL_FAILING, ("in another way than before", *tried.reasons))


@contextmanager
def _mock(control: ControlClient | None) -> Iterator[ControlClient]:
    if control is not None:
        yield control
        return
    with start_suite_mock() as mock:
        yield mock.control


def _tried(stored: Stored, command: Sequence[str], control: ControlClient) -> Tried:
    if stored.is_function and not command:
        return run_function(control, stored.scenario, _function(stored.connector[0]))
    with TemporaryDirectory(prefix="replay-", ignore_cleanup_errors=True) as folder:
        harness = Harness(command or stored.connector, control, RealClock(), Flag())
        return harness.try_scenario(stored.scenario, Path(folder), stored.timeout_seconds)


def _function(name: str) -> Connector:
    """Import the function that was judged.

    Raises:
        CommandError: it cannot be imported, such as one that stands in another function.
    """
    sys.path.insert(0, str(Path.cwd()))
    try:
        found: Connector = pkgutil.resolve_name(name)
    except Exception as error:  # noqa: BLE001  importing runs somebody's code
        raise CommandError(name, f"{error}: judge it with the fixture qualtrics_scenario") from None
    finally:
        del sys.path[0]
    return found
