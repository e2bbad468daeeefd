"""Tries a stored failure again, with the connector as it is now."""

import enum
import pkgutil
import sys
from collections.abc import Sequence
from contextlib import ExitStack, chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event as Flag

from contracts.clock import RealClock
from contracts.conformance.function_connector import Connector, run_function
from contracts.conformance.process.leftovers import adopting_orphans
from contracts.conformance.process.suite_mock import start_suite_mock
from contracts.conformance.trial import Harness
from contracts.control_client import ControlClient
from contracts.counterexamples.same_failure import kinds
from contracts.counterexamples.smallest_scenario import Tried
from contracts.counterexamples.stored import Stored, read_stored
from contracts.errors import CommandError, ContractsError


class Answer(enum.StrEnum):
    """What is said of a stored failure; its exit code."""

    FIXED = "FIXED"
    STILL_FAILING = "STILL FAILING"
    CANNOT_TELL = "CANNOT TELL"

    @property
    def exit_code(self) -> int:
        """0 fixed, 1 still failing, 5 not known."""
        return {"FIXED": 0, "STILL FAILING": 1}.get(self.value, 5)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a replay found; each reason is a sentence."""

    name: str
    answer: Answer
    reasons: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return the answer with its reasons, a line each."""
        return "\n".join([f"{self.answer} {self.name}", *(f"  {each}" for each in self.reasons)])


def replay(
    folder: Path, command: Sequence[str] = (), control: ControlClient | None = None
) -> Finding:
    """Run the connector of a stored failure in its scenario again.

    Args:
        folder: what a conformance run has stored.
        command: another command than the stored one; it runs in the current folder.
        control: a client of a running mock; None: one is started, and stopped.

    Returns:
        FIXED when it passes, STILL FAILING when it does not, and CANNOT TELL when it could not be
        run, or makes no call where it made some before.

    Raises:
        CounterexampleError: the folder has no stored failure.
    """
    stored = read_stored(folder)
    try:
        tried = _tried(stored, command, control)
    except ContractsError as error:
        return Finding(stored.scenario.name, Answer.CANNOT_TELL, (str(error),))
    return judged(stored, tried)


def judged(stored: Stored, tried: Tried) -> Finding:
    """Compare a run with the stored one."""
    name, scenario = stored.scenario.name, stored.scenario
    if not tried.reasons:
        return Finding(name, Answer.FIXED)
    if kinds(scenario, stored.reasons) & kinds(scenario, tried.reasons):
        return Finding(name, Answer.STILL_FAILING, tried.reasons)
    if stored.has_calls and not tried.recording.has_calls:
        said = "it made no call, and made some before: it may not have started"
        return Finding(name, Answer.CANNOT_TELL, (said, *tried.reasons))
    return Finding(name, Answer.STILL_FAILING, ("in another way than before", *tried.reasons))


def _tried(stored: Stored, command: Sequence[str], control: ControlClient | None) -> Tried:
    with ExitStack() as stack:
        client = control or stack.enter_context(start_suite_mock()).control
        stack.enter_context(adopting_orphans(RealClock()))
        if not command and Path(stored.working_folder).is_dir():
            stack.enter_context(chdir(stored.working_folder))
        if stored.is_function and not command:
            return run_function(client, stored.scenario, _function(stored.connector[0]))
        folder = Path(
            stack.enter_context(TemporaryDirectory(prefix="replay-", ignore_cleanup_errors=True))
        )
        harness = Harness(command or stored.connector, client, RealClock(), Flag())
        return harness.try_scenario(stored.scenario, folder, stored.timeout_seconds)


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
