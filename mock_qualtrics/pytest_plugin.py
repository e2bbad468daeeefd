"""The pytest plugin: each test that uses the fixture ``qualtrics`` gets its own tenant.

pytest loads this module in every project that has the package installed. So nothing else is
imported before a test uses the fixture. What a test gets is in ``mock_qualtrics.testing``.
What only some tests need is loaded when the first of them does: the Flask app, schemas, JSONPaths;
but for what a process can load only once, which such a test may forget (``patch.dict``).
Where a test may replace the file system (pyfakefs), or a nested session forgets the modules that
it imported (pytester), all of it is loaded when the session's server starts.

A project may have a package ``contracts``, ``sender`` or ``loadtests`` of its own. Where it hides
ours, the fixture says so; where ours hides it, the summary of the errors that follow does.
"""

import contextlib
import re
import sys
from collections.abc import Generator, Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from mock_qualtrics.server import RunningServer
    from mock_qualtrics.testing import Qualtrics

pytest_plugins = ("mock_qualtrics.pytest_scenarios",)

MARKER = (
    "qualtrics(clock='virtual', limits={...}, seed=..., workflow={...}): "
    "settings of the tenant that the fixture `qualtrics` gives this test"
)

_loaded: dict[str, ModuleType] = {}
"""What the servers of this process have imported; it stays when a nested session forgets it."""

SHARED_NAME = re.compile(
    r"(?:No module named|from partially initialized module|cannot import name .* from) "
    r"['\"](contracts|sender|loadtests)\b"
)
WAY_ROUND = (
    "run the mock as a process, as `mock-qualtrics exec -- pytest` does, and read QUALTRICS_URL "
    "(docs/own-packages.md of mock-qualtrics)"
)
_hiding: set[str] = set()
"""Our packages that hide one of the project's, as errors have shown."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line("markers", MARKER)


@pytest.fixture(scope="session")
def qualtrics_server_settings() -> dict[str, Any]:
    """The server's settings, as of `mock_qualtrics.Settings`; override in a conftest."""
    return {}


@pytest.fixture(scope="session")
def qualtrics_server(
    pytestconfig: pytest.Config,
    qualtrics_server_settings: dict[str, Any],
) -> "Iterator[RunningServer]":
    """The server that all tests of this process share, each with its own tenant."""
    import qualtrics_commands

    if reason := qualtrics_commands.hidden("contracts"):
        pytest.fail(f"the fixture `qualtrics`: {reason}: {WAY_ROUND}", pytrace=False)
    for name, module in _loaded.items():  # some libraries cannot be imported a second time
        sys.modules.setdefault(name, module)
    before = set(sys.modules)
    loads_all = pytestconfig.pluginmanager.has_plugin("pytester") or "pyfakefs" in sys.modules
    _load_modules()
    if loads_all:
        _load_rare_modules()
    from mock_qualtrics import Settings
    from mock_qualtrics.server import serve_in_thread

    with serve_in_thread(Settings(**qualtrics_server_settings)) as server:
        if loads_all:
            _load_data(server)
        _keep_modules(before)
        yield server
        _keep_modules(before)  # with those that tests have needed


def _keep_modules(before: set[str]) -> None:
    _loaded.update({name: sys.modules[name] for name in set(sys.modules) - before})


def _load_modules() -> None:
    """Import what every tenant needs, and what threads of the server would import by themselves.

    Before the server starts: pytest rewrites these modules when they are imported, and in Python
    3.11 two threads that do so at the same time end in a SystemError. The Flask app is made while
    the test waits for its answer.
    """
    # ruff: noqa: PLC0415, F401  loaded for their effect, and only for tests that use the fixture
    import mock_qualtrics.runs.web_services.http_post
    import mock_qualtrics.testing

    # Schemas and JSONPaths need these, which no process can import twice: tests may make it forget.
    with contextlib.suppress(ImportError):  # the libraries that need them do so no more
        import iregexp_check
        import rpds


def _load_rare_modules() -> None:
    import contracts.documents
    import contracts.json_path
    import contracts.validation
    import contracts.verification.mock_traffic
    import contracts.verification.verifying
    import mock_qualtrics.engine.call_details
    import mock_qualtrics.events.counted_json_path
    import mock_qualtrics.server.web_calls.flask_bridge
    import mock_qualtrics.web.app


def _load_data(server: "RunningServer") -> None:
    from contracts import validation

    validation.load()
    templates = server.app.jinja_env
    for name in templates.list_templates():
        templates.get_template(name)


@pytest.fixture
def qualtrics_settings() -> dict[str, Any]:
    """The tenant's settings; override in a module or a conftest. A marker's take precedence."""
    return {}


@pytest.fixture
def qualtrics(
    request: pytest.FixtureRequest,
    qualtrics_server: "RunningServer",
    qualtrics_server_settings: dict[str, Any],
    qualtrics_settings: dict[str, Any],
) -> "Iterator[Qualtrics]":
    """The test's own tenant: URL, credential, limits, clock, faults and journal.

    Its clock skips to what is due whenever the test waits for runs, unless another is chosen: for
    this test, or for all by the server's settings.
    """
    __tracebackhide__ = True
    from mock_qualtrics.testing import Qualtrics

    marker = request.node.get_closest_marker("qualtrics")
    clock = qualtrics_server_settings.get("clock", "skipping")
    if marker and marker.args:
        pytest.fail(f"the marker takes keywords only, as in {MARKER}", pytrace=False)
    settings = {"clock": clock, **qualtrics_settings, **(marker.kwargs if marker else {})}
    qualtrics_server.take_errors()  # errors between two tests must not fail this one
    tenant = Qualtrics(qualtrics_server, settings)
    yield tenant
    tenant.close()
    errors = qualtrics_server.take_errors()
    if errors:
        raise ExceptionGroup("the mock failed while this test ran", errors)


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, object, object]:
    """Say why a conftest of the project cannot be imported, when a package of ours is why."""
    try:
        return (yield)
    except Exception as error:
        _note_hiding(f"{error} {getattr(error, 'cause', '')}")
        for sentence in _hiding_sentences():
            sys.stderr.write(f"{sentence}\n")
        raise


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Note that a test file cannot be imported because a package of ours hides the project's."""
    if report.failed:
        _note_hiding(report.longreprtext)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why test files of the project cannot be imported, when a package of ours is why."""
    for sentence in _hiding_sentences():
        terminalreporter.write_line(sentence)


def _note_hiding(text: str) -> None:
    names = SHARED_NAME.findall(text)
    if not names:
        return
    import qualtrics_commands

    _hiding.update(filter(qualtrics_commands.is_own, names))


def _hiding_sentences() -> list[str]:
    return [
        f"mock-qualtrics: `{name}` is the package of mock-qualtrics in this environment, which "
        f"hides one of this project's: put the project first on Python's path, then {WAY_ROUND}"
        for name in sorted(_hiding)
    ]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what the mock saw to the report of a failing test."""
    report = yield
    tenant = getattr(item, "funcargs", {}).get("qualtrics")
    if call.when == "call" and report.failed and call.excinfo and tenant is not None:
        report.sections += sections(tenant, call.excinfo)
    return report


def _is_of_the_fixture(failure: pytest.ExceptionInfo[Any]) -> bool:
    """Return whether the fixture raised the error, which then says itself what was expected."""
    name = failure.traceback[-1].frame.f_globals.get("__name__", "")
    return str(name).startswith("mock_qualtrics.testing")


def sections(tenant: "Qualtrics", failure: pytest.ExceptionInfo[Any]) -> list[tuple[str, str]]:
    """Return what a failing test's report says of the mock; an error is told, never raised."""
    try:
        return tenant.sections(is_explained=_is_of_the_fixture(failure))
    except Exception as error:  # noqa: BLE001  an error in a hook would end the whole session
        return [("qualtrics", f"what the mock saw cannot be told: {error!r}")]
