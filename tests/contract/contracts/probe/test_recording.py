"""What a recording settles: of the probe's own calls exactly what was changed, and nothing else."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.http_session import HttpSession
from contracts.probe.report import ask
from mock_qualtrics.testing import Qualtrics
from support.recorded_calls import START, har, pairs

OTHERWISE = {
    "acceptedStatus": 200,
    "tooLargeStatus": 400,
    "contentEncodingStatus": 400,
    "invalidJsonStatus": 422,
    "notAnObjectStatus": 422,
    "wrongMethodStatus": 404,
    "everyCredentialCounts": False,
    "mediaTypeStatus": 400,
    "missingContentTypeTaken": False,
}
UNTOLD = {"unknownTriggerStatus": 410, "disabledStatus": 410}
Record = Callable[[], Path]


@pytest.fixture
def qualtrics_settings(request) -> dict[str, Any]:
    return {"clock": "virtual", **getattr(request, "param", {})}


def written(number: int, answer: requests.Response) -> dict[str, Any]:
    """Return an answer with its call as an entry of a HAR file."""
    sent = answer.request
    body = sent.body or b""
    text = body if isinstance(body, str) else body.decode("latin-1")
    return {
        "startedDateTime": (START + timedelta(seconds=number)).isoformat(),
        "time": 1,
        "request": {
            "method": sent.method,
            "url": sent.url,
            "headers": pairs(dict(sent.headers)),
            "bodySize": len(body),
            "postData": {"mimeType": "", "text": text},
        },
        "response": {
            "status": answer.status_code,
            "headers": pairs(dict(answer.headers)),
            "content": {"text": answer.text},
        },
    }


@pytest.fixture
def record(qualtrics: Qualtrics, tmp_path, monkeypatch) -> Record:
    """Make the probe's calls, and return the recording of them."""
    off = qualtrics.workflow(name="Off")
    answers: list[requests.Response] = []
    request = HttpSession.request

    def recorded(self: HttpSession, *words: Any, **parts: Any) -> requests.Response:  # noqa: ANN401
        answers.append(request(self, *words, **parts))
        return answers[-1]

    def make() -> Path:
        monkeypatch.setattr(HttpSession, "request", recorded)
        auth = (qualtrics.username, qualtrics.api_token)
        HttpSession().request("POST", off.trigger_url, json={}, auth=auth, timeout=60)
        qualtrics.change_workflow(off, enabled=False)
        environment = {
            "QUALTRICS_URL": qualtrics.trigger_url,
            "QUALTRICS_USERNAME": qualtrics.username,
            "QUALTRICS_API_TOKEN": qualtrics.api_token,
            "QUALTRICS_DISABLED_URL": off.trigger_url,
        }
        ask(environment, None)
        wrong = (qualtrics.username, "0" * 40)
        for credential in (wrong, auth):
            HttpSession().request(
                "POST", qualtrics.trigger_url, json={}, auth=credential, timeout=60
            )
        path = tmp_path / "probe.har"
        path.write_text(har(*(written(n, answer) for n, answer in enumerate(answers))))
        return path

    return make


def probe(path: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["probe", "--from-har", str(path), *options])


EACH = [{name: value} for name, value in OTHERWISE.items()]


@pytest.mark.parametrize("qualtrics_settings", [{"assumptions": UNTOLD}], indirect=True)
def test_what_another_meaning_would_explain_as_well_is_not_settled(record):
    done = probe(record())
    assert done.exit_code == 0
    assert "--assume" not in done.stdout
    assert "may mean a disabled workflow, a deleted one" in done.stdout


@pytest.mark.parametrize(
    "qualtrics_settings", [{"assumptions": one} for one in ({}, OTHERWISE, *EACH)], indirect=True
)
def test_exactly_what_was_changed_is_found(record, qualtrics, qualtrics_settings):
    path = record()
    before = len(qualtrics.requests())
    rows = json.loads(probe(path, "--json").stdout)
    found = {
        row["setting"].removeprefix("assumptions."): row["observed"]
        for row in rows
        if row["observed"] not in (None, row["default"])
    }
    assert found == qualtrics_settings["assumptions"]
    assert len(qualtrics.requests()) == before


@pytest.mark.parametrize(
    "qualtrics_settings",
    [{"assumptions": {"acceptedStatus": 200, "everyCredentialCounts": False}}],
    indirect=True,
)
def test_the_flags_make_a_mock_answer_as_recorded_and_no_secret_is_told(record, qualtrics):
    done = probe(record())
    assert done.exit_code == 1
    assert done.stdout.splitlines()[-1] == (
        "To make a mock that answers as recorded: mock-qualtrics serve "
        "--assume acceptedStatus=200 --assume everyCredentialCounts=false"
    )
    assert "note: all calls went to this machine" in done.stderr
    assert qualtrics.api_token not in done.output
    assert qualtrics.trigger_url.partition("=")[2] not in done.output
