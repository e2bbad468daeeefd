"""The plugin in a pytest session of its own: reports, errors of the mock, xdist, and its cost."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

ONE_TEST = """
import requests

def post(qualtrics, body, **kwargs):
    auth = (qualtrics.username, qualtrics.api_token)
    options = {"auth": auth, "timeout": 60, **kwargs}
    return requests.post(qualtrics.trigger_url, json=body, **options)
"""
OWN_SUITE = Path(__file__).parents[2] / "component" / "pytest_plugin"


def run(pytester: pytest.Pytester, source: str, *flags: str) -> pytest.RunResult:
    pytester.makepyfile(ONE_TEST + source)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", *flags)


def test_a_failing_test_is_told_the_nearest_miss_and_the_last_rows(pytester: pytest.Pytester):
    result = run(
        pytester,
        """
def test_export(qualtrics):
    post(qualtrics, {}, auth=("dave@example.com", "PLACEHOLDER-TOKEN"))
    assert qualtrics.totals().accepted == 1
""",
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*qualtrics: closest to a run that succeeded*",
            "Closest of 1: * POST * -> 401 wrong-credential *",
            "*qualtrics: last five journal rows*",
            "*-> 401 wrong-credential*",
        ]
    )
    result.stdout.no_fnmatch_line("*urlTokenId=*")


def test_what_an_error_has_told_is_not_told_again_and_a_test_without_calls_gets_no_false_lead(
    pytester: pytest.Pytester,
):
    result = run(
        pytester,
        """
def test_waits(qualtrics):
    post(qualtrics, {}, auth=("dave@example.com", "PLACEHOLDER-TOKEN"))
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=0)

def test_fails_by_itself(qualtrics):
    assert qualtrics.totals().accepted == 1
""",
    )
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["E *Closest of 1: * POST * -> 401 wrong-credential *"])
    result.stdout.no_fnmatch_line("*qualtrics: closest to a run that succeeded*")
    result.stdout.no_fnmatch_line("*No call reached the mock*")


def test_a_failing_test_that_does_not_use_the_fixture_is_left_alone(pytester: pytest.Pytester):
    result = run(pytester, "def test_other():\n    assert False\n")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("*qualtrics:*")


def test_an_error_inside_the_mock_fails_the_test_that_caused_it_and_no_other(
    pytester: pytest.Pytester,
):
    result = run(
        pytester,
        """
def test_before(qualtrics):
    assert post(qualtrics, {}).status_code == 200

def test_culprit(qualtrics, qualtrics_server, monkeypatch):
    def fail(call):
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
    assert post(qualtrics, {}).status_code == 200  # by the same loop: so the step is over

def test_after(qualtrics):
    assert post(qualtrics, {}).status_code == 200
    assert qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
""",
    )
    result.assert_outcomes(passed=5, errors=3)
    result.stdout.fnmatch_lines_random(["*inside the mock*", "*inside the app*", "*inside a run*"])
    result.stdout.fnmatch_lines(["ERROR*::test_culprit*"])


def test_the_plugin_s_own_suite_passes_on_four_workers(pytester: pytest.Pytester):
    result = pytester.runpytest_subprocess(
        "-p", "no:cacheprovider", "-n", "4", "--import-mode=importlib", OWN_SUITE
    )
    outcomes = result.parseoutcomes()
    assert result.ret == 0
    assert set(outcomes) == {"passed"}


def test_settings_that_are_wrong_are_one_clear_error(pytester: pytest.Pytester):
    result = run(
        pytester,
        """
import pytest

@pytest.mark.qualtrics(clock="sundial")
def test_export(qualtrics):
    pass
""",
    )
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*InvalidSettingsError*clock*sundial*"])


def test_a_wrong_use_is_shown_in_the_test_and_not_inside_the_mock(pytester: pytest.Pytester):
    result = run(
        pytester,
        """
import pytest

def test_clock(qualtrics):
    qualtrics.clock.advance(seconds=1)

def test_fault(qualtrics):
    qualtrics.faults.add("earthquake", when={"first": 1})

@pytest.mark.qualtrics(clock="sundial")
def test_settings(qualtrics):
    pass
""",
    )
    result.assert_outcomes(failed=2, errors=1)
    result.stdout.fnmatch_lines(["*NotVirtualError*", "*InvalidFaultError*"])
    result.stdout.no_fnmatch_line("*mock_qualtrics/*.py:*")


def test_the_marker_is_known(pytester: pytest.Pytester):
    pytester.runpytest_subprocess("--markers").stdout.fnmatch_lines(["@pytest.mark.qualtrics(*"])


def test_loading_the_plugin_imports_nothing_that_a_session_without_it_would_not():
    source = (
        "import pytest, sys; before = set(sys.modules); import mock_qualtrics.pytest_plugin; "
        "print(*sorted(set(sys.modules) - before))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", source], capture_output=True, text=True, check=True
    ).stdout.split()
    assert loaded == ["mock_qualtrics", "mock_qualtrics.pytest_plugin"]
