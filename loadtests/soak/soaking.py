"""The soak itself: starts a mock, a page and the loads, looks on, and ends all of them."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlencode

import click
import psutil

from contracts.clock import Clock
from contracts.control_client import ControlClient, Document
from contracts.errors import ContractsError, ControlError
from contracts.mock_process import MockProcess, start_mock
from loadtests.open_page import OpenPage
from loadtests.soak.generators import Generator, generators, results_of
from loadtests.soak.observed import Ending, Observed
from loadtests.soak.samples import Sampler, sampled
from loadtests.soak.soak_plan import SoakPlan, SoakTenant

STOP_SECONDS: Final = 20.0
"""How long the mock may take to end in order."""

_FIRST_CALLS_SECONDS: Final = 60.0
_LOOK_FOR_CALLS_SECONDS: Final = 0.1
_WORKFLOW: Final = {
    "name": "Soak",
    "tasks": [{"name": "Invite", "type": "email", "settings": {"to": "person@example.com"}}],
}


class SoakError(ContractsError):
    """The soak could not take place; the text says why."""


def soaked(plan: SoakPlan, folder: Path, clock: Clock) -> Observed:
    """Soak a new mock, and return what was seen; whatever happens, nothing is left running.

    Args:
        plan: what is to happen.
        folder: where the loads leave their results; the mock's store is there while it runs.
        clock: the machine's.

    Raises:
        SoakError: the page, or the loads, did not begin.
        ContractsError: the mock did not begin, or refused its tenants.
    """
    with TemporaryDirectory(prefix="mock-", dir=folder) as kept, nothing_left():
        store = Path(kept).resolve() / "store.sqlite"
        flags = ("--store", f"sqlite:///{store}", "--seed", str(plan.seed), "--wire-faults")
        with start_mock(*flags, folder=Path(kept)) as mock:
            tenants = {each.name: made(mock.control, each) for each in plan.tenants}
            try:
                return _Soak(plan, mock, tenants, clock).observed(store, folder)
            except click.ClickException as error:
                raise SoakError(f"the page did not open: {error.format_message()}") from error


def made(control: ControlClient, tenant: SoakTenant) -> Document:
    """Make a tenant with its workflow and its faults; return it as ``tenant``."""
    tenant_id = control.create_tenant({"limits": tenant.limits})["id"]
    control.add_workflow(tenant_id, _WORKFLOW)
    for fault in tenant.faults:
        control.add_fault(tenant_id, fault)
    return control.tenant(tenant_id)


class _Soak:
    """A mock that runs, with its tenants."""

    def __init__(
        self, plan: SoakPlan, mock: MockProcess, tenants: Mapping[str, Document], clock: Clock
    ) -> None:
        self._plan = plan
        self._mock = mock
        self._tenants = tenants
        self._clock = clock

    def observed(self, store: Path, folder: Path) -> Observed:
        """Load all tenants, look on, and end all; return what was seen."""
        with self._open_page() as page, generators(self._plan, self._tenants, folder) as loads:
            sampler = Sampler(
                psutil.Process(self._mock.process.pid),
                store,
                self._mock.control,
                [tenant["id"] for tenant in self._tenants.values()],
                lambda: page.fetches,
                self._clock,
            )
            self._wait_for_first_calls(sampler, loads)
            begun_at = self._clock.now()
            samples = sampled(
                sampler.sample,
                self._plan.looks,
                self._plan.interval_seconds,
                self._clock,
                lambda: any(load.runs for load in loads.values()),  # they began one by one
            )
            results = results_of(loads, self._clock)
        return Observed(
            plan=self._plan,
            begun_at=begun_at,
            samples=samples,
            results=results,
            ending=self._ended(),
            left=left_running(),
        )

    def _open_page(self) -> OpenPage:
        """Return the Run history of the first tenant, as a page to open."""
        tenant = next(iter(self._tenants.values()))
        return OpenPage(self._mock.url, f"/runs?{urlencode({'tenant': tenant['id']})}")

    def _wait_for_first_calls(self, sampler: Sampler, loads: Mapping[str, Generator]) -> None:
        """Wait until each tenant was called: Locust takes seconds to start.

        Raises:
            SoakError: one was not, in time.
        """
        deadline = self._clock.monotonic() + _FIRST_CALLS_SECONDS
        while not all(sampler.received()):
            if self._clock.monotonic() > deadline or not all(load.runs for load in loads.values()):
                raise SoakError("a load did not begin: the logs beside the report say why")
            self._clock.sleep(_LOOK_FOR_CALLS_SECONDS)

    def _ended(self) -> Ending:
        """End the mock as an operator would, and return how that went."""
        answers = _answers(self._mock.control)
        asked = self._clock.monotonic()
        exit_code = self._mock.stop(STOP_SECONDS)
        return Ending(answers, exit_code, self._clock.monotonic() - asked)


def _answers(control: ControlClient) -> bool:
    try:
        control.health()
    except ControlError:
        return False
    return True


@contextmanager
def nothing_left() -> Iterator[None]:
    """Kill what was started within and still runs, also where Ctrl-C came while it was started."""
    before = _children()
    try:
        yield
    finally:
        for child in _children() - before:
            with suppress(psutil.NoSuchProcess):  # it has ended just now
                child.kill()
                child.wait()


def left_running() -> tuple[str, ...]:
    """Return what this process has started, itself or through others, and still runs, by name."""
    names = []
    for child in _children():
        with suppress(psutil.NoSuchProcess):  # as above
            names.append(child.name())
    return tuple(names)


def _children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))
