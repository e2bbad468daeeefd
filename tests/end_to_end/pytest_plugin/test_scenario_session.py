"""A project's own session over the suite's scenarios: one test a scenario."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

SUITE = """
import requests

def deliver(given):
    for body in given.bodies:
        auth, kind = (given.username, given.token), {"Content-Type": "application/json"}
        while requests.post(given.url, data=body, auth=auth, headers=kind).status_code == 429:
            given.clock.sleep(15)

def test_conformance(qualtrics_scenario):
    qualtrics_scenario.judge(deliver)
"""
FORGETS = "\n\ndef test_forgets(qualtrics_scenario):\n    pass\n"
LOSES = "\n\ndef test_loses(qualtrics_scenario):\n    qualtrics_scenario.judge(lambda _: None)\n"


@pytest.fixture
def session(tmp_path: Path):
    def run(source: str, *flags: str, ini: str = "") -> tuple[int, str]:
        (tmp_path / "test_connector.py").write_text(source, "utf-8")
        (tmp_path / "pytest.ini").write_text(f"[pytest]\nfilterwarnings = error\n{ini}", "utf-8")
        plugins = ("-pno:cacheprovider", "-pmock_qualtrics.pytest_plugin")
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-rA", *plugins, *flags],
            cwd=tmp_path,
            env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    return run


def test_each_scenario_is_a_test_and_what_is_declined_is_skipped(session):
    chosen = ("-k", "happy-path or rate-limited")
    code, said = session(SUITE + FORGETS, "--qualtrics-without", "retries", *chosen)
    assert "PASSED test_connector.py::test_conformance[happy-path]" in said
    assert "the connector does not claim retries" in said
    assert "call qualtrics_scenario.judge(connector)" in said
    assert "2 passed, 2 skipped" in said
    assert "1 error" in said
    assert code == 1


def test_a_known_failure_fails_nothing_and_one_that_passes_does(session):
    known = "qualtrics_known_failing = happy-path"
    code, said = session(SUITE + LOSES, "-k", "happy-path", ini=known)
    assert "XFAIL test_connector.py::test_loses[happy-path]" in said
    assert "1 failed" in said
    assert code == 1


def test_two_connectors_have_claims_known_failures_and_folders_of_their_own(session, tmp_path):
    two = (
        SUITE.replace("import requests", "import pytest, requests")
        + "\n\n@pytest.mark.qualtrics_scenario(without=['retries'], known_failing=['happy-path'])"
        + LOSES.replace("\n\n", "\n", 1)
        + LOSES.replace("test_loses", "test_loses_too")
    )
    chosen = ("-k", "happy-path or rate-limited", "--qualtrics-keep", "kept")
    code, said = session(two, *chosen)
    assert code == 1
    assert "2 failed, 2 passed, 1 skipped, " in said
    assert ", 1 xfailed" in said
    kept = [path.name for path in (tmp_path / "kept").iterdir()]
    assert kept == ["test_connector.py.test_loses_too"]  # what is known is not stored
    assert "kept/test_connector.py.test_loses_too/rate-limited/counterexample/test_rate" in said


def test_a_session_that_uses_no_scenario_loads_none(session):
    source = "import sys\n\ndef test_it():\n    assert 'contracts.conformance' not in sys.modules\n"
    code, said = session(source)
    assert code == 0, said
