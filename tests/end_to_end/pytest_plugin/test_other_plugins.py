"""The plugin beside libraries that replace the file system, the modules or the threads."""

import subprocess
import sys
from pathlib import Path

DEADLINE_SECONDS = 300
PLUGINS = ("-p", "mock_qualtrics.pytest_plugin", "-p", "pytester", "-p", "pyfakefs.pytest_plugin")
USED_WHOLLY = """
import requests

def uses(qualtrics):
    qualtrics.workflow(name="x", fields=[{"name": "a", "path": "$[?@.a==1]"}])
    qualtrics.faults.add("status", when={"path": "$.b"}, status=500)
    auth = (qualtrics.username, qualtrics.api_token)
    answers = [
        requests.post(qualtrics.trigger_url, json=body, auth=auth, timeout=60)
        for body in ({"b": 1}, {"a": 1})
    ]
    assert [answer.status_code // 100 for answer in answers] == [5, 2]
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    pages = requests.get(qualtrics.trigger_url.partition("/inbound")[0], timeout=60)
    assert pages.ok, pages.text
"""


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=DEADLINE_SECONDS,
        check=False,
        env={"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": ":".join(sys.path)},
    )


def test_a_replaced_file_system_and_a_nested_session_change_nothing_for_the_fixture(tmp_path):
    (tmp_path / "test_plugins.py").write_text(
        USED_WHOLLY
        + f"""
def test_nested_first(pytester):
    nested(pytester)

def test_the_file_system_is_replaced(fs, qualtrics):
    assert not fs.exists(__file__)
    uses(qualtrics)

def test_nested_again(pytester, qualtrics):
    nested(pytester)
    uses(qualtrics)

def nested(pytester):
    pytester.makepyfile({USED_WHOLLY + "def test_inner(qualtrics):  uses(qualtrics)"!r})
    flags = ("-p", "mock_qualtrics.pytest_plugin")
    pytester.runpytest_inprocess(*flags).assert_outcomes(passed=1)
"""
    )
    done = run(tmp_path, "-m", "pytest", "-pno:cacheprovider", *PLUGINS)
    assert done.returncode == 0, done.stdout + done.stderr


def test_where_threads_are_replaced_a_server_in_a_thread_is_refused_in_words(tmp_path):
    done = run(
        tmp_path,
        "-c",
        "from gevent import monkey; monkey.patch_all()\n"
        "from mock_qualtrics import serve_in_thread\n"
        "serve_in_thread()",
    )
    assert done.returncode == 1, done.stdout
    assert (
        done.stderr.rstrip()
        .splitlines()[-1]
        .startswith(
            "mock_qualtrics.errors.NoRealThreadsError: threads are replaced in this process"
        )
    )
