"""What a session that uses the fixture loads, and when."""

import os
import subprocess
import sys
from pathlib import Path

DEADLINE_SECONDS = 300
TEST = """
import sys
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import requests

RARE = {
    "flask", "jinja2", "werkzeug",  # the control API and the pages
    "attr", "jsonpath_rfc9535", "jsonschema", "referencing",  # what settings and faults are held to
    "hypothesis", "locust", "psycopg", "rich",  # what other parts need
}

def test_one_call_and_its_run(qualtrics):
    auth = (qualtrics.username, qualtrics.api_token)
    requests.post(qualtrics.trigger_url, json={}, auth=auth, timeout=60).raise_for_status()
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    loaded = sorted(RARE.intersection(sys.modules))
    assert loaded == []

def test_the_first_two_calls_of_the_control_api_at_once(qualtrics_server):
    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(requests.get, [f"{qualtrics_server.control_url}/health"] * 2))
    assert [answer.status_code for answer in answers] == [200, 200]
    assert "flask" in sys.modules

def test_a_fault_while_modules_are_replaced(qualtrics):
    with patch.dict(sys.modules, boto3=None):  # forgets at its end what was loaded in it
        qualtrics.faults.add("status", when={"path": "$.a"}, status=500)

def test_a_fault(qualtrics):
    qualtrics.faults.add("status", when={"path": "$.a"}, status=500)
    assert {"jsonschema", "jsonpath_rfc9535"} <= sys.modules.keys()
"""


def test_a_session_loads_the_web_app_and_the_schemas_only_for_tests_that_need_them(tmp_path: Path):
    (tmp_path / "test_session.py").write_text(TEST)
    command = ("-m", "pytest", "-pno:cacheprovider", "-pmock_qualtrics.pytest_plugin")
    done = subprocess.run(
        [sys.executable, *command],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert done.returncode == 0, done.stdout + done.stderr
