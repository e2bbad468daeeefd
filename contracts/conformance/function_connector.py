"""Judges a connector that is a Python function, in the process of the caller.

The tenant's clock is virtual and moves when the connector sleeps by the clock that it is given.
What the mock does to a connection on purpose passes in real time: see :func:`real_waits`.
"""

import dataclasses
import inspect
import threading
import traceback
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from contracts.conformance.events import Events
from contracts.conformance.judging import reasons
from contracts.conformance.messages import line_of
from contracts.conformance.recording import (
    Ending,
    Recording,
    read_recording,
    without_secrets,
)
from contracts.conformance.scenario import Scenario
from contracts.conformance.scenario_clock import LONGEST, START, OutOfTimeError, ScenarioClock
from contracts.conformance.stage import Stage, set_stage
from contracts.conformance.time_limit import time_limit
from contracts.control_client import ControlClient
from contracts.documents import parse_toml

LOOK_SECONDS: Final = 0.002  # between two looks at whether something is due in mid-run
_REAL: Final = {"latency": "the answer's latency", "hang": "an answer that never comes"}
_FAILED: Final = 1


@dataclass(frozen=True)
class Given:
    """What a connector is given in one scenario.

    Attributes:
        name: the scenario's name.
        url: the trigger URL to post to.
        username: the Qualtrics username.
        token: the API token.
        messages: what is to be posted, one message a call; none where mapping is tried.
        profiles: the source profiles of the same, for a connector that maps.
        dataflow: the mapping, as a parsed ``dataflow.toml``.
        clock: ``now()``, ``monotonic()`` and ``sleep(seconds)`` of the tenant.
    """

    name: str
    url: str
    username: str
    token: str
    messages: tuple[Mapping[str, Any], ...]
    profiles: tuple[Mapping[str, Any], ...]
    dataflow: Mapping[str, Any]
    clock: ScenarioClock

    @property
    def bodies(self) -> tuple[bytes, ...]:
        """The messages as they are to be posted: UTF-8, without blanks between their parts."""
        return tuple(line_of(message).encode() for message in self.messages)


Connector = Callable[[Given], object]


@dataclass(frozen=True)
class FunctionRun:
    """What came of one run.

    Attributes:
        reasons: why the connector does not pass; empty when it does.
        recording: what the journal shows.
        error: what the connector raised.
        slept_seconds: how long it slept by the tenant's clock.
    """

    reasons: tuple[str, ...]
    recording: Recording
    error: BaseException | None
    slept_seconds: float


def on_virtual_clock(scenario: Scenario) -> Scenario:
    """Return the scenario with a tenant whose clock moves only when it is moved."""
    clock = {"clock": "virtual", "startAt": f"{START:%Y-%m-%dT%H:%M:%SZ}"}
    return dataclasses.replace(scenario, tenant={**scenario.tenant, **clock})


def real_waits(scenario: Scenario) -> tuple[str, ...]:
    """Return what of a scenario passes in real time, a sentence each: no clock can skip it."""
    kinds = dict.fromkeys(fault["kind"] for fault in scenario.faults)
    return tuple(f"{_REAL[kind]} passes in real time" for kind in kinds if kind in _REAL)


def run_function(control: ControlClient, scenario: Scenario, connector: Connector) -> FunctionRun:
    """Run a connector in one scenario, in a tenant of its own, and judge it.

    It fails by raising, or by returning False; SystemExit counts with its code.

    Raises:
        ControlError: the mock does not answer.
        IncompleteJournalError: the mock has not kept every call.
        TypeError: the connector is no function, or one that only returns what was to be run, such
            as an async one.
    """
    if not callable(connector):
        raise TypeError(f"found {type(connector).__name__}, expected a function as connector")
    stage = set_stage(control, on_virtual_clock(scenario))
    try:
        clock = ScenarioClock(START, lambda s: control.advance_clock(stage.tenant_id, s))
        with _events(control, stage, scenario):
            ending, error = _called(connector, given(scenario, stage, clock), scenario)
        recording = read_recording(control, stage.tenant_id, stage.messages, ending)
    finally:
        control.delete_tenant(stage.tenant_id)
    said = reasons(scenario, recording)
    recording = without_secrets(recording, (*stage.secrets, stage.token))
    return FunctionRun(said, recording, error, clock.slept_seconds)


def given(scenario: Scenario, stage: Stage, clock: ScenarioClock) -> Given:
    """Return what a connector is given on a stage."""
    return Given(
        name=scenario.name,
        url=stage.url,
        username=stage.username,
        token=stage.token,
        messages=stage.given_messages,
        profiles=stage.profiles,
        dataflow=parse_toml(stage.dataflow),
        clock=clock,
    )


def _called(
    connector: Connector, kit: Given, scenario: Scenario
) -> tuple[Ending, BaseException | None]:
    try:
        with time_limit(scenario.timeout_seconds):
            result = connector(kit)
    except OutOfTimeError as error:
        clock = kit.clock
        seconds = LONGEST.total_seconds() if clock.is_over else scenario.timeout_seconds
        return Ending(None, "", seconds, how="did not end"), error
    except SystemExit as error:
        return Ending(_code(error), how=f"ended with exit code {_code(error)}"), error
    except Exception as error:  # noqa: BLE001  a connector fails in its own way
        text = "".join(traceback.format_exception_only(error))
        return Ending(_FAILED, text, how=f"raised {type(error).__name__}"), error
    _check_that_it_ran(result)
    if result is False:
        return Ending(_FAILED, how="returned False"), None
    return Ending(0, how="returned"), None


def _check_that_it_ran(result: object) -> None:
    is_unrun = inspect.isawaitable(result) or inspect.isgenerator(result)
    if is_unrun or inspect.isasyncgen(result):
        if inspect.iscoroutine(result):
            result.close()  # else Python warns of it
        raise TypeError(
            f"the connector returned a {type(result).__name__}, which nobody runs; expected a "
            "function that ends when all is delivered, such as one that calls asyncio.run"
        )


def _code(error: SystemExit) -> int:
    if error.code is None or isinstance(error.code, int):
        return error.code or 0
    return _FAILED


@contextmanager
def _events(control: ControlClient, stage: Stage, scenario: Scenario) -> Iterator[None]:
    """Do what the scenario has for mid-run, beside the connector."""
    if not scenario.during:
        yield
        return
    events, done = Events(control, stage, scenario.during), threading.Event()

    def look() -> None:
        while not done.wait(LOOK_SECONDS):
            events()

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        try:
            yield
        finally:
            done.set()
        looking.result()
