"""Every curl line of the pages does what the page says when it is pasted, with TLS and without."""

import html
import os
import re
import subprocess

import pytest
import requests

from contracts.mock_process import MockProcess, start_mock


@pytest.fixture(scope="module", params=[(), ("--tls",)], ids=["http", "https"])
def mock(request, tmp_path_factory):
    with start_mock(*request.param, folder=tmp_path_factory.mktemp("mock")) as mock:
        yield mock


def fetched(mock: MockProcess, path: str) -> str:
    answer = requests.get(f"{mock.url}{path}", verify=mock.ready.get("caFile", True), timeout=60)
    assert answer.status_code == 200
    return answer.text


def pasted(mock: MockProcess, path: str, token: str | None = None) -> str:
    """Paste a page's first curl line into a shell; return what it prints."""
    line = html.unescape(re.findall(r'data-copy="(curl [^"]+)"', fetched(mock, path))[0])
    environment = {
        "PATH": os.environ["PATH"],
        "https_proxy": "http://127.0.0.1:9",  # nobody serves it: it must not be asked
        "http_proxy": "http://127.0.0.1:9",
        "QUALTRICS_API_TOKEN": mock.tenant["apiToken"] if token is None else token,
        "QUALTRICS_USERNAME": mock.tenant["username"],
    }
    ended = subprocess.run(
        ["sh", "-c", line], check=False, capture_output=True, text=True, env=environment, timeout=60
    )
    assert ended.returncode == 0, (line, ended.stderr)
    return ended.stdout


def counts(mock: MockProcess, tenant_id: str | None = None) -> tuple[int, int]:
    totals = mock.control.totals(tenant_id or mock.tenant_id)
    return totals["accepted"], totals["refused"]


def test_pasted_lines_start_runs_and_repeat_them_and_what_was_refused(mock):
    pasted(mock, "/runs")
    assert counts(mock) == (1, 0)
    pasted(mock, "/workflows")
    assert counts(mock) == (2, 0)
    mock.control.wait(mock.tenant_id, succeeded=2, timeout_seconds=60)
    run = mock.control.runs(mock.tenant["workflows"][0]["id"]).items[0]
    pasted(mock, f"/runs/{run['id']}?reveal=event")
    assert counts(mock) == (3, 0)
    assert " 202 " in pasted(mock, f"/calls/{run['requestId']}?reveal=body")
    assert counts(mock) == (4, 0)
    requests.post(mock.trigger_url, json={}, verify=mock.ready.get("caFile", True), timeout=60)
    refused = mock.control.requests(mock.tenant_id, reason="no-credential").items[0]
    pasted(mock, f"/calls/{refused['requestId']}")
    assert counts(mock) == (4, 2)


def test_the_line_for_somebody_without_refused_calls_is_refused(mock):
    tenant_id = mock.control.create_tenant({})["id"]
    mock.control.add_workflow(tenant_id, {"name": "Send the survey"})
    pasted(mock, f"/refused?tenant={tenant_id}", token="")
    assert counts(mock, tenant_id) == (0, 1)
