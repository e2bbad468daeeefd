"""The plugin beside libraries that replace the file system, the modules or the threads."""

import subprocess
import sys
from pathlib import Path

import pytest

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


FROZEN = """
import dataclasses

import freezegun
import pytest
import time_machine

from mock_qualtrics.clock import RealClock, format_instant
from sender import LOSSLESS, Dataflow, Exporter
from sender.policies import BackoffRetries

BEGAN = format_instant(RealClock().now())
SOON = dataclasses.replace(LOSSLESS, retries=BackoffRetries(first_seconds=0.05))
DATE = "2020-05-05T12:00:00+00:00"

@pytest.fixture(
    autouse=True,
    params=[
        (freezegun.freeze_time, False, "requests"),
        (freezegun.freeze_time, True, "fast"),
        (time_machine.travel, False, "fast"),
        (time_machine.travel, True, "requests"),
    ],
)
def transport(request):
    freeze, ticks, transport = request.param
    with freeze(DATE, tick=ticks):
        yield transport

def test_all_goes_on(transport, qualtrics):
    qualtrics.faults.add("status", status=503, when={"first": 1})
    qualtrics.faults.add("latency", seconds=0.01, when={"every": 2})
    flow = Dataflow.from_mapping({
        "name": "Survey",
        "url": qualtrics.trigger_url,
        "username": qualtrics.username,
        "identities": [{"source": "Email", "target": "email"}],
        "audiences": [{"id": "vip"}],
    })
    profile = {
        "identityMap": {"Email": [{"id": "dave@example.com"}]},
        "segmentMembership": {"ups": {"vip": {"status": "realized"}}},
    }
    options = {"token": qualtrics.api_token, "transport": transport}
    with Exporter(flow, policy=SOON, **options) as exporter:
        report = exporter.export([profile])
    assert (report.activated, report.dataflow_run_start.year) == (1, 2020)
    (run,) = qualtrics.wait_for_runs(succeeded=1, timeout_seconds=60)
    membership = run.event["segmentMembership"]["ups"]["vip"]
    assert membership["lastQualificationTime"].startswith("2020-05-05T12:0")
    assert BEGAN <= run.received_on <= run.finished_on < BEGAN.replace(BEGAN[:2], "90", 1)
"""


def test_where_time_is_frozen_exports_are_dated_by_it_and_runs_go_on_in_real_time(tmp_path):
    pytest.importorskip("freezegun")
    pytest.importorskip("time_machine")
    (tmp_path / "test_frozen.py").write_text(FROZEN)
    done = run(tmp_path, "-m", "pytest", "-pno:cacheprovider", "-p", "mock_qualtrics.pytest_plugin")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 passed" in done.stdout
