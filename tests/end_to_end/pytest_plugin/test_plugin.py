"""The plugin in a pytest session of its own: reports, errors of the mock, xdist, and its cost."""

import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import entry_points
from pathlib import Path

import pytest

POST = """
import pytest
import requests

def post(qualtrics, body, **kwargs):
    auth = (qualtrics.username, qualtrics.api_token)
    options = {"auth": auth, "timeout": 60, **kwargs}
    return requests.post(qualtrics.trigger_url, json=body, **options)
"""
WRONG_CREDENTIAL = 'auth=("dave@example.com", "PLACEHOLDER-TOKEN")'
OWN_SUITE = Path(__file__).parents[2] / "component" / "pytest_plugin" / "test_fixture.py"
DEADLINE_SECONDS = 300


def run_pytest(folder: Path, *flags: str, also: tuple[str, ...] = ()) -> pytest.RunResult:
    """Run a session with the installed plugin, and of the others with those named.

    Loading all that happens to be installed takes longer than the tests.
    """
    names = {plugin.name for plugin in entry_points(group="pytest11")}
    without = [f"-pno:{name}" for name in sorted(names - {"mock_qualtrics", *also})]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-pno:cacheprovider", *without, *flags],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
    )
    return pytest.RunResult(done.returncode, done.stdout.splitlines(), [], 0.0)


@pytest.fixture(scope="module")
def failures(tmp_path_factory: pytest.TempPathFactory) -> pytest.RunResult:
    """Run one session of tests that fail, each in its own way."""
    folder = tmp_path_factory.mktemp("failures")
    (folder / "test_failures.py").write_text(
        POST
        + f"""
def test_refused(qualtrics):
    post(qualtrics, {{}}, {WRONG_CREDENTIAL})
    assert qualtrics.totals().accepted == 1

def test_waits(qualtrics):
    post(qualtrics, {{}}, {WRONG_CREDENTIAL})
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=0)

def test_verified(qualtrics):
    post(qualtrics, {{}}, {WRONG_CREDENTIAL})
    qualtrics.verify()

def test_policy(qualtrics):
    post(qualtrics, {{}})
    qualtrics.verify(policy="patient")

def test_without_calls(qualtrics):
    assert qualtrics.totals().accepted == 1

def test_without_the_fixture():
    assert False

@pytest.mark.qualtrics(clock="real")
def test_clock(qualtrics):
    qualtrics.clock.advance(seconds=1)

def test_fault(qualtrics):
    qualtrics.faults.add("earthquake", when={{"first": 1}})

@pytest.mark.qualtrics(clock="sundial")
def test_settings(qualtrics):
    pass

def test_digits(qualtrics):
    requests.post(
        qualtrics.trigger_url,
        data='{{"n": ' + "9" * 5_000 + "}}",
        headers={{"X-API-TOKEN": qualtrics.api_token, "Content-Type": "application/json"}},
        timeout=60,
    )
    assert qualtrics.totals().accepted == 2

def test_report(qualtrics, monkeypatch):
    monkeypatch.setattr(qualtrics, "sections", lambda **_: 1 / 0)
    assert False
"""
    )
    result = run_pytest(folder)
    result.assert_outcomes(failed=10, errors=1)
    return result


@pytest.fixture
def told(failures: pytest.RunResult) -> Callable[[str], pytest.LineMatcher]:
    """Return what the session tells of one of its tests."""

    def section(name: str) -> pytest.LineMatcher:
        is_title = [line.startswith("__") and line.endswith("__") for line in failures.outlines]
        (start,) = (
            number
            for number, line in enumerate(failures.outlines)
            if is_title[number] and line.strip("_ ").removeprefix("ERROR at setup of ") == name
        )
        ends = (n for n in range(start + 1, len(is_title)) if is_title[n] or _is_rule(failures, n))
        return pytest.LineMatcher(failures.outlines[start : next(ends)])

    return section


def _is_rule(result: pytest.RunResult, number: int) -> bool:
    return result.outlines[number].startswith("=====")


def test_a_failing_test_is_told_the_nearest_miss_and_the_last_rows(told):
    section = told("test_refused")
    section.fnmatch_lines(
        [
            "*qualtrics: closest to a run that succeeded*",
            "Closest of 1: * POST * -> 401 wrong-credential *",
            "*qualtrics: last five journal rows*",
            "*-> 401 wrong-credential*",
        ]
    )
    section.no_fnmatch_line("*urlTokenId=*")


def test_what_an_error_has_told_is_not_told_again_and_a_test_without_calls_gets_no_false_lead(told):
    told("test_waits").fnmatch_lines(["E *Closest of 1: * POST * -> 401 wrong-credential *"])
    for name in ("test_waits", "test_verified", "test_policy", "test_without_calls"):
        told(name).no_fnmatch_line("*qualtrics: closest to a run that succeeded*")
        told(name).no_fnmatch_line("*No call reached the mock*")


def test_no_event_and_no_error_in_the_report_ends_the_session(told):
    told("test_digits").fnmatch_lines(["*last five journal rows*", "*-> 202 5007 bytes*"])
    told("test_report").fnmatch_lines(["what the mock saw cannot be told: ZeroDivisionError*"])


def test_a_failing_test_that_does_not_use_the_fixture_is_left_alone(told):
    told("test_without_the_fixture").no_fnmatch_line("*qualtrics:*")


def test_settings_that_are_wrong_are_one_clear_error(told):
    told("test_settings").fnmatch_lines(["*InvalidSettingsError*clock*sundial*"])


def test_a_wrong_use_is_shown_in_the_test_and_not_inside_the_mock(told):
    told("test_clock").fnmatch_lines(["*NotVirtualError*"])
    told("test_fault").fnmatch_lines(["*InvalidFaultError*"])
    for name in ("test_clock", "test_fault", "test_settings"):
        told(name).no_fnmatch_line("*mock_qualtrics/*.py:*")


def test_an_error_inside_the_mock_fails_the_test_that_caused_it_and_no_other(tmp_path: Path):
    (tmp_path / "test_culprits.py").write_text(
        POST
        + """
def test_before(qualtrics):
    assert post(qualtrics, {}).status_code == 202

def test_culprit(qualtrics, qualtrics_server, monkeypatch):
    def fail(*call):
        raise ZeroDivisionError("inside the mock")
    monkeypatch.setattr(qualtrics_server.engine, "stage", fail)
    assert post(qualtrics, {}).status_code == 500

def test_culprit_behind(qualtrics, qualtrics_server, monkeypatch):
    def fail(*args):
        raise ZeroDivisionError("inside the app")
    monkeypatch.setattr(qualtrics_server.engine.journal, "totals", fail)
    url = f"{qualtrics.url}/__control/v1/tenants/{qualtrics.id}/totals"
    assert requests.get(url, timeout=60).status_code == 500

def test_culprit_running(qualtrics, qualtrics_server, monkeypatch):
    import threading
    failed = threading.Event()
    def fail():
        failed.set()
        raise ZeroDivisionError("inside a run")
    monkeypatch.setattr(qualtrics_server.engine, "step", fail)
    assert failed.wait(60)
    assert post(qualtrics, {}).status_code == 202  # by the same loop: so the step is over

def test_after(qualtrics):
    assert post(qualtrics, {}).status_code == 202
    assert qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
"""
    )
    result = run_pytest(tmp_path)
    result.assert_outcomes(passed=5, errors=3)
    result.stdout.fnmatch_lines_random(["*inside the mock*", "*inside the app*", "*inside a run*"])
    result.stdout.fnmatch_lines(["ERROR*::test_culprit*"])


def test_the_plugin_s_own_suite_passes_on_four_workers(tmp_path: Path):
    (tmp_path / OWN_SUITE.name).write_text(OWN_SUITE.read_text("utf-8"), "utf-8")
    result = run_pytest(tmp_path, "-n", "4", also=("xdist",))
    assert result.ret == 0
    assert set(result.parseoutcomes()) == {"passed"}


def test_the_marker_is_known(tmp_path: Path):
    result = run_pytest(tmp_path, "--markers")
    result.stdout.fnmatch_lines(["@pytest.mark.qualtrics(*"])


def test_loading_the_plugin_imports_nothing_that_a_session_without_it_would_not():
    source = (
        "import pytest, sys; before = set(sys.modules); import mock_qualtrics.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == ["mock_qualtrics", "mock_qualtrics.pytest_plugin"]
