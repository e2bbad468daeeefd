"""The README's Locust line against a running mock: real processes, for as long as Locust can."""

import importlib.util
import os
import random
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from contracts import validate
from sender.mapping import trace_id

pytestmark = pytest.mark.skipif(  # importing it would patch the sockets of this very process
    importlib.util.find_spec("locust") is None, reason="the extra `load` is not installed"
)

ROOT = Path(__file__).parents[3]
SHORTER = {"--users": "2", "--run-time": "1s"}
AMPLE_CALLS_PER_MINUTE = "1000000"
SCARCE_CALLS_PER_MINUTE = "1"
TRIES = 10  # on a busy machine the run time may be over before each process has started its user


@pytest.fixture
def load(command):
    """Return what loads a mock as the README says, only shorter, and returns Locust's exit code."""
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    line = re.search(r"^QUALTRICS_URL=\S+ .*?(locust -f .*)$", text, re.MULTILINE)
    assert line is not None, "the README shows no locust line"
    words = shlex.split(line.group(1))
    for option, value in SHORTER.items():
        words[words.index(option) + 1] = value

    def run(tenant: dict[str, Any], *more: str) -> int:
        variables = {
            "QUALTRICS_URL": tenant["workflows"][0]["triggerUrl"],
            "QUALTRICS_USERNAME": tenant["username"],
            "QUALTRICS_API_TOKEN": tenant["apiToken"],
        }
        locust = [command(words[0]), *words[1:], "--stop-timeout", "2s", "--only-summary", *more]
        return subprocess.run(
            locust, cwd=ROOT, env={**os.environ, **variables}, timeout=120, check=False
        ).returncode

    return run


def test_locust_posts_messages_that_satisfy_the_contract(serve, load) -> None:
    served = serve("--calls-per-minute", AMPLE_CALLS_PER_MINUTE)
    firsts = {trace_id(random.Random(f"0/{index}")) for index in range(2)}
    for _ in range(TRIES):
        served.control.reset(served.tenant_id)  # the same seed makes the same trace ids
        assert load(served.tenant, "--processes", "2") == 0
        traces = [row["traceId"] for row in served.control.all_requests(served.tenant_id)]
        if firsts <= set(traces):
            break
    assert firsts <= set(traces)
    totals = served.totals()
    assert len(set(traces)) == len(traces) == totals["accepted"] == totals["received"]
    runs = served.control.runs(served.workflow_id, limit=500).items
    assert runs
    assert not [found for run in runs for found in validate(run["event"], "exported-message")]


def test_what_the_minute_does_not_take_is_a_failure(serve, load) -> None:
    served = serve("--calls-per-minute", SCARCE_CALLS_PER_MINUTE)
    assert load(served.tenant) == 1
    totals = served.totals()
    assert totals["accepted"] == int(SCARCE_CALLS_PER_MINUTE)
    assert totals["refusedBy"] == {"rate-limit": totals["refused"]}
