"""One scenario of the conformance suite, in a test: it judges a connector that is a function."""

from typing import TYPE_CHECKING

from contracts.conformance.function_connector import Connector, real_waits, run_function
from contracts.control_client import ControlClient

if TYPE_CHECKING:
    from contracts.conformance.function_connector import FunctionRun
    from contracts.conformance.scenario import Scenario

NEVER_SLEPT = (
    "it never slept by the clock that it was given: a wait of its own moves no tenant's clock, so "
    "hand it `clock.sleep`"
)


class ScenarioFailedError(AssertionError):
    """A connector does not keep the contract in one scenario; the message says why."""


class ScenarioCase:
    """What the fixture ``qualtrics_scenario`` gives to a test.

    Attributes:
        scenario: what is tried, with its purpose and its facts.
        was_judged: whether :meth:`judge` was called.
    """

    def __init__(
        self, control_url: str, scenario: "Scenario", control_token: str | None = None
    ) -> None:
        self._control_url = control_url
        self._control_token = control_token
        self.scenario = scenario
        self.was_judged = False

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
                ``messages`` (and ``bodies``, the same as bytes), ``profiles``, ``dataflow`` and
                ``clock``. It says that not all was delivered by raising or by returning False.

        Returns:
            What came of it, with the recording of all calls.

        Raises:
            ScenarioFailedError: it does not pass; says why.
        """
        __tracebackhide__ = True
        self.was_judged = True
        with ControlClient(self._control_url, self._control_token) as control:
            run = run_function(control, self.scenario, connector)
        if run.reasons:
            raise ScenarioFailedError(self._explained(run)) from run.error
        return run

    def _explained(self, run: "FunctionRun") -> str:
        scenario = self.scenario
        lines = [f"{scenario.name}: {scenario.purpose} ({', '.join(scenario.facts)})"]
        lines += [f"- {reason}" for reason in run.reasons]
        if "retries" in scenario.needs and not run.slept_seconds:
            lines.append(f"- {NEVER_SLEPT}")
        lines += [f"({wait})" for wait in self.real_waits]
        return "\n".join(lines)
