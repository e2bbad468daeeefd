"""The HTTP clients that come with Java, Node, PHP, Ruby and curl: each makes the same three calls.

Two are trigger calls, one makes a tenant with settings. Some ask for HTTP/2 by an upgrade.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_qualtrics import serve_in_thread
from mock_qualtrics.server import RunningServer
from mock_qualtrics.server.fast_path import FastPathProtocol
from mock_qualtrics.testing import Qualtrics

pytestmark = pytest.mark.clients
PROGRAMS = Path(__file__).parents[3] / "data/stock_clients"
TIMEOUT_SECONDS = 120
JAVA = ["java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"]
CLIENTS = {
    "java": [*JAVA, str(PROGRAMS / "Client.java")],
    "node": ["node", str(PROGRAMS / "client.mjs")],
    "php": ["php", str(PROGRAMS / "client.php")],
    "ruby": ["ruby", str(PROGRAMS / "client.rb")],
    "curl": ["sh", str(PROGRAMS / "client.sh")],
}


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with serve_in_thread() as running:
        yield running


@pytest.fixture
def tenant(server: RunningServer) -> Iterator[Qualtrics]:
    made = Qualtrics(server, {"workflow": {"delay": {"kind": "fixed", "seconds": 0}}})
    yield made
    made.close()
    assert server.take_errors() == []


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    made: list[object] = []
    begin = FastPathProtocol.connection_made
    monkeypatch.setattr(
        FastPathProtocol,
        "connection_made",
        lambda self, transport: (made.append(transport), begin(self, transport))[1],
    )
    return made


def require(client: str) -> None:
    found = shutil.which(client) is not None
    if client == "php" and found:
        found = not subprocess.run(
            ["php", "--ri", "curl"], check=False, capture_output=True
        ).returncode
    if not found and not os.environ.get("REQUIRE_CLIENTS"):
        pytest.skip(f"needs {client}{' with its curl extension' if client == 'php' else ''}")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_stock_client_is_answered_as_any_other(
    client: str, server: RunningServer, tenant: Qualtrics, connections: list[object]
):
    require(client)
    ended = subprocess.run(
        [*CLIENTS[client], tenant.trigger_url, tenant.api_token, f"{server.control_url}/tenants"],
        check=False,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        env={**os.environ, "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1"},
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    answers = [line.rpartition(" ") for line in ended.stdout.splitlines()]
    assert [status for _, _, status in answers] == ["202", "202", "201"]
    made = json.loads(answers[2][0])
    assert made["clock"] == "virtual"
    server.engine.tenants.delete(made["id"])
    runs = tenant.wait_for_runs(succeeded=2)
    assert [run.event for run in runs] == [{"client": client}] * 2
    assert len(connections) < len(answers)  # a connection serves the next call
