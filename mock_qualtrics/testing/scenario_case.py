"""One scenario of the conformance suite, in a test: it judges a connector that is a function."""

import shlex
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from contracts.conformance.function_connector import Connector, real_waits, run_function
from contracts.control_client import ControlClient
from contracts.counterexamples.found import Counterexamples
from contracts.errors import ContractsError

if TYPE_CHECKING:
    from contracts.conformance.function_connector import FunctionRun
    from contracts.conformance.scenario import Scenario

NEVER_SLEPT = (
    "the connector never slept by the clock that it was given: only `clock.sleep` moves the "
    "tenant's clock, so have it wait by that, not by `time.sleep`"
)


class ScenarioFailedError(AssertionError):
    """A connector does not keep the contract in one scenario; the message says why."""


class ScenarioCase:
    """What the fixture ``qualtrics_scenario`` gives to a test.

    Attributes:
        scenario: what is tried, with its purpose and its facts.
        was_judged: whether :meth:`judge` was called.
        is_known_failing: whether a failure is listed as known; then it is not stored.
    """

    def __init__(
        self,
        control_url: str,
        scenario: "Scenario",
        control_token: str | None = None,
        counterexamples: Path | None = None,
    ) -> None:
        self._control_url = control_url
        self._control_token = control_token
        self._counterexamples = counterexamples
        self.scenario = scenario
        self.was_judged = False
        self.is_known_failing = False

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.scenario.name

    @property
    def real_waits(self) -> tuple[str, ...]:
        """What of the scenario passes in real time, a sentence each."""
        return real_waits(self.scenario)

    def judge(self, connector: Connector) -> "FunctionRun":
        """Run the connector in the scenario, and judge it by what the mock received.

        Args:
            connector: called with what a connector is given: ``url``, ``username``, ``token``,
                ``messages`` (and ``bodies``, the same as bytes; none where mapping is tried),
                ``profiles``, ``dataflow`` and ``clock``. It says that not all was delivered by
                raising or by returning False.

        Returns:
            What came of it, with the recording of all calls.

        Raises:
            ScenarioFailedError: it does not pass; says why.
            TypeError: it is no function, or returns what nobody runs, as an async one does.
        """
        __tracebackhide__ = True
        self.was_judged = True
        with ControlClient(self._control_url, self._control_token) as control:
            run = run_function(control, self.scenario, connector)
            if not run.reasons:
                return run
            notes = () if self.is_known_failing else self._stored(control, connector, run)
        raise ScenarioFailedError(self._explained(run, notes)) from run.error

    def _stored(
        self, control: ControlClient, connector: Connector, run: "FunctionRun"
    ) -> tuple[str, ...]:
        name = f"{connector.__module__}:{getattr(connector, '__qualname__', 'connector')}"
        kept = Counterexamples(self._counterexamples, (name,), is_function=True)
        again = partial(run_function, control, connector=connector)
        try:
            folder, notes = kept.add(self.scenario, run, again)
        except ContractsError as error:  # what failed has failed all the same
            return (f"it is not stored: {error}",)
        return (*notes, f"to replay it: {shlex.join(['qualtrics-contracts', 'replay', folder])}")

    def _explained(self, run: "FunctionRun", notes: tuple[str, ...]) -> str:
        scenario = self.scenario
        lines = [f"{scenario.name}: {scenario.purpose} ({', '.join(scenario.facts)})"]
        lines += [f"- {reason}" for reason in run.reasons]
        if not run.slept_seconds and any(run.recording.attempts()):
            lines.append(f"- {NEVER_SLEPT}")
        lines += [f"  {note}" for note in (*self.real_waits, *notes)]
        return "\n".join(lines)
