"""The pytest plugin's second part: the fixture ``qualtrics_scenario``, one test a scenario.

pytest loads it beside ``mock_qualtrics.pytest_plugin``, in every project that has the package. So
nothing else is imported before a test asks for the fixture.
"""

# ruff: noqa: PLC0415  see above

import difflib
import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from contracts.conformance.scenario import Scenario
    from mock_qualtrics.server import RunningServer
    from mock_qualtrics.testing.scenario_case import ScenarioCase

FIXTURE = "qualtrics_scenario"
WITHOUT = "qualtrics_without"
KNOWN_FAILING = "qualtrics_known_failing"
_MOST_NAMES = 20  # in one message
_SHOWS_ALL = "qualtrics-contracts conformance --list shows all"
MARKER = (
    "qualtrics_scenario(without=[...], known_failing=[...]): judges a connector in each scenario "
    "of the conformance suite; what this one does not claim, and what it is known to fail"
)
_NO_FILE_NAME = re.compile(r"[/\\\\]|::|[^\w.-]")
NOTHING_JUDGED = (
    "mock-qualtrics: no scenario was judged by {}: all were skipped, and "
    "a run that judges nothing would be green for ever"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what a connector does not claim, and which scenarios it is known to fail."""
    group = parser.getgroup("mock-qualtrics")
    group.addoption(
        "--qualtrics-keep",
        metavar="FOLDER",
        help="where what replays a failing scenario is stored; by default a temporary folder",
    )
    group.addoption(
        "--qualtrics-without",
        action="append",
        default=[],
        metavar="CLAIM",
        help="what the connector under test does not claim, such as retries; repeatable",
    )
    parser.addini(WITHOUT, "what the connector under test does not claim", "args", [])
    parser.addini(KNOWN_FAILING, "scenarios that it fails; one that passes is told", "args", [])


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and watch over whether any scenario is judged."""
    config.addinivalue_line("markers", MARKER)
    if not hasattr(config, "workerinput"):
        are_chosen = bool(config.getoption("keyword") or config.getoption("markexpr"))
        config.pluginmanager.register(_Watch(are_chosen=are_chosen), "qualtrics-scenario-watch")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Make one test of each scenario of the conformance suite."""
    if FIXTURE not in metafunc.fixturenames:
        return
    import qualtrics_commands

    if reason := qualtrics_commands.hidden("contracts"):
        raise pytest.Collector.CollectError(f"the fixture `{FIXTURE}`: {reason}")
    from contracts.conformance.catalogue import catalogue, claims

    config = metafunc.config
    declined = frozenset([*config.getoption(WITHOUT), *config.getini(WITHOUT)])
    known = frozenset(config.getini(KNOWN_FAILING))
    _check("--qualtrics-without", declined, claims(), "claim")
    _check(KNOWN_FAILING, known, catalogue(), "scenario")
    for mark in metafunc.definition.iter_markers(FIXTURE):
        own = _of_mark(mark)
        _check(f"{FIXTURE}(without=…)", own["without"], claims(), "claim")
        _check(f"{FIXTURE}(known_failing=…)", own["known_failing"], catalogue(), "scenario")
        declined, known = declined | own["without"], known | own["known_failing"]
    cases = [
        pytest.param(scenario, id=name, marks=_marks(scenario, declined, known))
        for name, scenario in catalogue().items()
    ]
    metafunc.parametrize(FIXTURE, cases, indirect=True)


@pytest.fixture
def qualtrics_scenario(
    request: pytest.FixtureRequest, qualtrics_server: "RunningServer"
) -> "Iterator[ScenarioCase]":
    """One scenario of the conformance suite: `qualtrics_scenario.judge(connector)`."""
    __tracebackhide__ = True
    from mock_qualtrics.testing.scenario_case import ScenarioCase

    qualtrics_server.take_errors()  # errors between two tests must not fail this one
    token = qualtrics_server.engine.settings.control_token
    keep = request.config.getoption("qualtrics_keep")
    folder = None
    if keep is not None:
        name = _connector_of(request.node.nodeid, request.param.name)
        folder = request.config.invocation_params.dir / keep / name
    case = ScenarioCase(qualtrics_server.control_url, request.param, token, folder)
    case.is_known_failing = request.node.get_closest_marker("xfail") is not None
    yield case
    if errors := qualtrics_server.take_errors():
        raise ExceptionGroup("the mock failed while this test ran", errors)
    if not case.was_judged:
        pytest.fail(f"no connector was judged: call {FIXTURE}.judge(connector)", pytrace=False)


def _connector_of(node_id: str, scenario: str) -> str:
    """Return a folder's name for what a test judges: two tests may judge two connectors.

    Example:
        >>> _connector_of("tests/test_it.py::TestIt::test_both[fast-happy-path]", "happy-path")
        'tests.test_it.py.TestIt.test_both.fast'
    """
    function, _, parameters = node_id.removesuffix("]").partition("[")
    others = parameters.replace(scenario, "", 1).strip("-")
    return _NO_FILE_NAME.sub(".", f"{function}.{others}").strip(".")


def _of_mark(mark: pytest.Mark) -> dict[str, frozenset[str]]:
    """Return what a mark declares of the connector that its test judges."""
    lists = (list, tuple, set, frozenset)
    is_right = not mark.args and all(isinstance(each, lists) for each in mark.kwargs.values())
    if not is_right or mark.kwargs.keys() - {"without", "known_failing"}:
        raise pytest.Collector.CollectError(
            f"the marker {FIXTURE} takes without=[…] and known_failing=[…], lists of names"
        )
    return {name: frozenset(mark.kwargs.get(name, ())) for name in ("without", "known_failing")}


def _check(where: str, given: Iterable[str], known: Iterable[str], what: str) -> None:
    names = sorted(known)
    for name in sorted(set(given).difference(names)):
        similar = difflib.get_close_matches(name, names, n=1)
        there = f"there are {', '.join(names)}" if len(names) <= _MOST_NAMES else _SHOWS_ALL
        meant = f"did you mean {similar[0]}?" if similar else there
        raise pytest.Collector.CollectError(f"{where}: there is no {what} {name!r}: {meant}")


def _marks(
    scenario: "Scenario", declined: frozenset[str], known: frozenset[str]
) -> list[pytest.MarkDecorator]:
    marks = [pytest.mark.qualtrics_scenario]
    if missing := scenario.needs & declined:
        reason = f"the connector does not claim {', '.join(sorted(missing))}"
        marks.append(pytest.mark.skip(reason=reason))
    if scenario.name in known:
        from mock_qualtrics.testing.scenario_case import ScenarioFailedError

        # Only what the connector does wrong is known: an error of the mock fails the test.
        known_failure = pytest.mark.xfail(
            reason="listed as known failing: take it off the list when it passes",
            raises=ScenarioFailedError,
            strict=True,
        )
        marks.append(known_failure)
    return marks


class _Watch:
    """Fails a session in which a connector's scenarios were all skipped.

    Of those that ``-k`` or ``-m`` chooses it is enough that one connector is judged in one.
    """

    def __init__(self, *, are_chosen: bool) -> None:
        self._are_chosen = are_chosen
        self._collected: dict[str, bool] = {}
        """Whether each test function was judged in any scenario."""

    @property
    def _judged_nothing(self) -> list[str]:
        if self._are_chosen and any(self._collected.values()):
            return []
        return [name for name, was_judged in self._collected.items() if not was_judged]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if FIXTURE in report.keywords:
            name = report.nodeid.partition("[")[0]
            self._collected[name] = self._collected.get(name, False) or report.when == "call"

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        if self._judged_nothing and exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if names := self._judged_nothing:
            terminalreporter.write_line(NOTHING_JUDGED.format(", ".join(sorted(names))))
