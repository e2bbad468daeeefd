"""What tests of both sides together share: the real sender, exporting to a test's own tenant."""

import dataclasses
import datetime as dt
import gc
import io
import os
import sysconfig
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, find, settings
from hypothesis.strategies import booleans

from contracts.fidelity import Behaviour, behaviours
from mock_qualtrics.testing import Qualtrics
from sender import LOSSLESS, Dataflow, Exporter
from sender.clock import VirtualClock
from sender.policies import RetryPolicy
from sender.profiles import ProfileSource
from support import RunningMock, start_mock
from support.inherited_signals import keep_ignored_signals_here
from support.process_state import process_state
from support.process_watch import ProcessWatch

# Neither the machine's speed nor luck decides whether a change passes; who looks for examples that
# nobody has met asks for them: --hypothesis-profile=explore.
settings.register_profile(
    "any-machine",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "explore", settings.get_profile("any-machine"), derandomize=False, max_examples=1_000
)
settings.load_profile("any-machine")

# Nor does how they are started: nohup has them ignore SIGHUP, a script's & Ctrl-C.
keep_ignored_signals_here()

# Nor do they add to the summary of the CI job that they are run in.
os.environ.pop("GITHUB_STEP_SUMMARY", None)

# The coverage gate measures pytest's own processes. To measure those that tests start would take as
# long again, for few lines that nothing else runs.
if "PYTEST_XDIST_WORKER" in os.environ:
    for _name in ("COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"):
        os.environ.pop(_name, None)

# Tests call this machine alone. One that is about proxies sets these variables itself.
for _name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.upper(), None)

pytest_plugins = ["support.rehearsal"]

ROOT = Path(__file__).parents[1]
NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)  # within all sample audiences' dates
PATIENT = {"connect_timeout_seconds": 60.0, "read_timeout_seconds": 60.0}

ExporterTo = Callable[..., Exporter]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[object]:
    """Look for no garbage in what is collected: the session keeps all of it to its end.

    Hypothesis makes its source of chance before: old versions look for what refers to it, which
    they would not find in what was set apart, and warn that it is garbage.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        find(booleans(), bool)
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no process is left alone with them at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/conformance/"))


@pytest.fixture(autouse=True)
def _leaves_its_process_as_it_was() -> Iterator[None]:
    """Fail the test that changes logging or signals for good, not one that comes after it."""
    before = process_state()
    yield
    assert process_state() == before, "the test changes this for those that come after it"


@pytest.fixture
def exporter_to(qualtrics: Qualtrics) -> Iterator[ExporterTo]:
    """Make exporters to the test's own tenant; they close by themselves.

    They take no answer for lost because the machine is slow just now.
    """
    made: list[Exporter] = []

    def make(
        dataflow: Dataflow,
        url: str | None = None,
        policy: RetryPolicy = LOSSLESS,
        **settings: object,
    ) -> Exporter:
        aimed = dataflow.with_url(url or qualtrics.trigger_url).with_username(qualtrics.username)
        chosen = {"clock": VirtualClock(NOW), "token": qualtrics.api_token, **settings}
        made.append(Exporter(aimed, policy=dataclasses.replace(policy, **PATIENT), **chosen))
        return made[-1]

    yield make
    for exporter in made:
        exporter.close()


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., RunningMock]]:
    """Start mocks with flags in the test's folder, as processes; they end with the test."""
    with ExitStack() as stack:
        yield lambda *flags: stack.enter_context(start_mock(*flags, folder=tmp_path))


class Sample:
    """A folder with a dataflow, its profiles and perhaps the workflows that it feeds."""

    def __init__(self, folder: str) -> None:
        self.folder = ROOT / folder
        self.dataflow = Dataflow.from_toml(self.folder / "dataflow.toml")

    def profiles(self) -> ProfileSource:
        return ProfileSource([str(self.folder / "profiles.jsonl")], io.BytesIO(), self.dataflow)

    def workflow(self) -> Mapping[str, Any]:
        workflows = tomllib.loads((self.folder / "workflows.toml").read_text("utf-8"))
        return workflows["workflows"][0]


@pytest.fixture(scope="session")
def sample() -> type[Sample]:
    """Read a sample folder, named from the repository's root."""
    return Sample


@pytest.fixture(scope="session")
def command() -> Callable[[str], str]:
    """Return where an installed command stands."""
    return lambda name: str(Path(sysconfig.get_path("scripts")) / name)


class LedgerWatch:
    """Fails a run of the whole suite in which a test that the ledger names did not pass."""

    def __init__(self, rows: Sequence[Behaviour]) -> None:
        self._rows = rows
        self._passed: set[str] = set()
        self._not_passed: set[str] = set()
        self._is_whole = False

    def unproved(self) -> list[Behaviour]:
        proved = self._passed - self._not_passed
        return [row for row in self._rows if row.test not in proved]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        node = report.nodeid.partition("[")[0]
        if report.outcome != "passed":
            self._not_passed.add(node)
        elif report.when == "call":
            self._passed.add(node)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        self._is_whole = exitstatus == pytest.ExitCode.OK and _runs_everything(session.config)
        if self._is_whole and self.unproved():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: "pytest.TerminalReporter") -> None:
        for row in self.unproved() if self._is_whole else ():
            terminalreporter.write_line(f"the ledger's {row.id} has no passing test: {row.test}")


def _runs_everything(config: pytest.Config) -> bool:
    narrowing = ("file_or_dir", "keyword", "markexpr", "deselect", "ignore", "ignore_glob", "lf")
    others = ("collectonly", "stepwise", "failedfirst")
    return not any(config.getoption(name, None) for name in (*narrowing, *others))


def pytest_configure(config: pytest.Config) -> None:
    """Watch the session; under xdist its controller alone, which hears of every test."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(LedgerWatch(behaviours()), "ledger-watch")
        config.pluginmanager.register(ProcessWatch(), "process-watch")


@pytest.fixture
def ledger_watch() -> type[LedgerWatch]:
    """What watches over the ledger's tests."""
    return LedgerWatch
