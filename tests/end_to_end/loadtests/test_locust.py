"""Load tests with Locust against a running mock: real processes, real sockets."""

import importlib.util
import json
import os
import re
import shlex
import socket
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
import requests

from contracts import validate
from support import RunningMock
from support.waiting import DEADLINE_SECONDS, until

pytestmark = pytest.mark.skipif(  # importing it would patch the sockets of this very process
    importlib.util.find_spec("locust") is None, reason="the extra `load` is not installed"
)

ROOT = Path(__file__).parents[3]
AMPLE = ("--calls-per-minute", "1000000")
QUICK = ("--users", "10", "--spawn-rate", "100", "--generator-late-ms", "30000")
DOCUMENTS = ("README.md", "docs/load.md")
BUSY_MACHINE = ("--generator-processor-share", "1000")


class Locust:
    """Starts Locust with the project's own locustfile; what still runs at the end is killed."""

    def __init__(self, command: Callable[[str], str], folder: Path, stack: ExitStack) -> None:
        self._command = command
        self._stack = stack
        self.report = folder / "report.json"

    def start(
        self,
        mock: RunningMock | None,
        *options: str,
        program: tuple[str, ...] = ("locust", "-f", "loadtests/locustfile.py"),
        **variables: str,
    ) -> Any:  # noqa: ANN401  a Popen of text
        tenant = mock and {
            "QUALTRICS_URL": mock.trigger_url,
            "QUALTRICS_USERNAME": mock.tenant["username"],
            "QUALTRICS_API_TOKEN": mock.tenant["apiToken"],
        }
        words = [self._command(program[0]), *program[1:], *options]
        process = self._stack.enter_context(
            subprocess.Popen(
                words,
                cwd=ROOT,
                env={**os.environ, **(tenant or {}), **variables},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        self._stack.callback(process.kill)
        return process

    def run(self, mock: RunningMock | None, *options: str, **variables: str) -> tuple[int, str]:
        """Return the exit code of a headless run, and what it said."""
        process = self.start(mock, "--headless", "--only-summary", *options, **variables)
        out, err = process.communicate(timeout=DEADLINE_SECONDS)
        return process.returncode, out + err

    def load(self, mock: RunningMock, *options: str) -> tuple[int, dict[str, Any]]:
        """Return the exit code of a run, and its result."""
        reported = ("--report-json", str(self.report))
        code, said = self.run(mock, *QUICK, *BUSY_MACHINE, *reported, *options)
        assert self.report.exists(), said
        return code, json.loads(self.report.read_text("utf-8"))


@pytest.fixture
def locust(command, tmp_path) -> Iterator[Locust]:
    with ExitStack() as stack:
        yield Locust(command, tmp_path, stack)


def free_port() -> str:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def calls_by_trace(mock: RunningMock) -> Counter[str]:
    return Counter(row["traceId"] for row in mock.control.all_requests(mock.tenant_id))


def test_what_readme_says_runs_and_what_is_sent_satisfies_the_contract(
    serve, locust, tmp_path
) -> None:
    text = (ROOT / "README.md").read_text("utf-8").replace("\\\n", " ")
    line = re.search(r"^QUALTRICS_URL=\S+ .*?locust -f \S+ (.*)$", text, re.MULTILINE)
    assert line is not None, "the README shows no locust line"
    served = serve(*AMPLE)
    shown = line[1].replace("load.html", str(tmp_path / "load.html")).replace("--headless", "")
    options = [*shlex.split(shown), "--profiles", "20", *BUSY_MACHINE, *QUICK]
    code, said = locust.run(served, *options, "--csv", str(tmp_path / "locust"))
    assert code == 0, said
    assert "PASSED" in said
    assert (tmp_path / "load.html").exists()
    assert "POST,trigger,20,0," in (tmp_path / "locust_stats.csv").read_text("utf-8")
    runs = served.control.runs(served.workflow_id, limit=500).items
    assert len(runs) == 20
    assert not [found for run in runs for found in validate(run["event"], "exported-message")]


def test_a_master_and_two_workers_count_what_the_mock_does(serve, locust) -> None:
    served, port = serve(*AMPLE), free_port()
    options = ("--profiles", "300", "--arrival-rate", "300", "--workload", "steady")
    for _ in range(2):  # what is loaded, the master tells them
        locust.start(served, "--worker", "--master-port", port)
    code, result = locust.load(
        served,
        *("--master", "--expect-workers", "2", "--master-bind-port", port, *options),
    )
    calls = calls_by_trace(served)
    assert code == 0, result["reasons"]
    assert (len(calls), set(calls.values())) == (300, {1})
    assert result["counted"]["calls"] == result["journal"]["calls"] == 300
    assert result["settings"]["Processes that sent"] == "2"
    assert [line["name"] for line in result["balance"] if line["holds"] is not True] == []


def test_a_worker_that_is_killed_breaks_the_run_and_nobody_elses_counts(serve, locust) -> None:
    served, port = serve(*AMPLE), free_port()
    options = ("--profiles", "900", "--arrival-rate", "150", "--workload", "steady")
    first, second = (
        locust.start(served, "--worker", "--master-port", port, *options) for _ in range(2)
    )
    master = locust.start(
        served,
        *("--headless", "--master", "--expect-workers", "2", "--master-bind-port", port),
        *(*QUICK, *BUSY_MACHINE, "--report-json", str(locust.report), *options),
    )
    served.wait(accepted=300)
    second.kill()
    out, err = master.communicate(timeout=DEADLINE_SECONDS)
    result = json.loads(locust.report.read_text("utf-8"))
    assert master.returncode == 5, out + err
    assert result["verdict"] == "broken"
    assert "was lost after it had reported" in " ".join(result["reasons"])
    first.wait(DEADLINE_SECONDS)
    sent = {worker["share"]: worker for worker in result["workers"]}
    lost = next(worker for worker in sent.values() if worker["isLost"])
    whole = next(worker for worker in sent.values() if not worker["isLost"])
    assert whole["calls"] == whole["journalCalls"] == 450
    gap = lost["journalCalls"] - lost["calls"]
    assert 0 <= gap <= 75 * 3, "what it did in its last interval alone is missing"


def test_what_the_minute_does_not_take_is_lost_and_misses_a_threshold(serve, locust) -> None:
    served = serve("--calls-per-minute", "20")
    code, result = locust.load(
        served, "--profiles", "40", "--retry-after", "0.2,0.4", "--threshold", "error_ratio<0.5"
    )
    assert (code, result["verdict"], result["lost"]) == (4, "missed", 20)
    assert result["journal"]["totals"]["refused"] == 60


def test_bad_input_is_one_error_and_nothing_is_sent(serve, locust) -> None:
    served = serve()
    code, said = locust.run(served, "--threshold", "p95<250")
    assert code == 2, said
    assert "did you mean p95_ms" in said
    assert "Traceback" not in said
    assert served.totals()["received"] == 0


def test_workers_that_never_come_are_told_of(serve, locust) -> None:
    code, said = locust.run(
        serve(),
        *("--master", "--expect-workers", "2", "--expect-workers-max-wait", "1"),
        *("--master-bind-port", free_port()),
    )
    assert code == 5, said
    assert "0 of 2 workers came within 1 seconds" in said


def test_a_port_that_is_in_use_is_one_error_and_leaves_no_process(serve, locust) -> None:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        words = ("--processes", "2", "--master-bind-port", port, "--master-port", port)
        process = locust.start(serve(), "--headless", *words, program=("qualtrics-load", "locust"))
        _, err = process.communicate(timeout=DEADLINE_SECONDS)  # as long as a worker writes to it
    assert process.returncode == 5
    assert "--master-bind-port and --master-port name another" in err
    assert "Traceback" not in err


def test_ctrl_c_ends_all_processes_and_says_what_was_done(serve, locust) -> None:
    served = serve(*AMPLE)
    process = locust.start(
        served,
        *("--headless", "--processes", "2", *QUICK, *BUSY_MACHINE),
        *("--profiles", "100000", "--arrival-rate", "50", "--report-json", str(locust.report)),
    )
    served.wait(accepted=20)
    process.send_signal(2)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 3, out + err
    result = json.loads(locust.report.read_text("utf-8"))
    assert result["counted"]["calls"] == served.totals()["received"]


def test_a_run_is_begun_from_locusts_page_and_is_in_its_charts(serve, locust) -> None:
    served, port = serve(*AMPLE), free_port()
    process = locust.start(served, "--web-port", port, "--profiles", "9", *BUSY_MACHINE)
    url = f"http://127.0.0.1:{port}"
    page = until(lambda: fetched(f"{url}/"))
    assert {'"workload"', '"threshold"', '"retry_after"'} <= set(re.findall(r'"\w+"', page))
    asked = {"user_count": 5, "spawn_rate": 100, "profiles": 7, "workload": "steady"}
    asked |= {"threshold": "lost==0,error_ratio<1", "retry_after": ""}
    assert requests.post(f"{url}/swarm", data=asked, timeout=DEADLINE_SECONDS).json()["success"]
    served.wait(accepted=7)
    until(lambda: json.loads(fetched(f"{url}/stats/requests"))["state"] == "stopped")
    stats = json.loads(fetched(f"{url}/stats/requests"))["stats"]
    assert (stats[0]["name"], stats[0]["num_requests"]) == ("trigger", 7)
    process.terminate()
    process.communicate(timeout=DEADLINE_SECONDS)


def test_the_help_of_our_command_has_the_options_that_documents_show(command) -> None:
    said = subprocess.check_output([command("qualtrics-load"), "locust", "--help"], text=True)
    known = set(re.findall(r"--[\w-]+", said))
    assert {"--workload", "--threshold", "--headless"} <= known
    lines = [line for name in DOCUMENTS for line in shown_in(name)]
    assert len(lines) >= 5
    for line in lines:
        options = {
            word.partition("=")[0]
            for word in shlex.split(line, comments=True)
            if word.startswith("--")
        }
        assert options <= known, line


def shown_in(document: str) -> Iterator[str]:
    """Yield the command lines of Locust that a document shows."""
    text = (ROOT / document).read_text("utf-8").replace("\\\n", " ")
    for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from re.findall(r"^.*?\b(?:qualtrics-load locust|locust -f) .*", block, re.MULTILINE)


def fetched(url: str) -> str:
    """Return a page; empty while nobody answers."""
    try:
        return requests.get(url, timeout=DEADLINE_SECONDS).text
    except requests.ConnectionError:
        return ""
