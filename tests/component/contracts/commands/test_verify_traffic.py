"""``qualtrics-contracts verify``: what it prints, refuses and reports."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result

from contracts.cli import main
from contracts.errors import ControlRefusedError
from mock_qualtrics.testing import Qualtrics
from support.recorded_calls import API_TOKEN, TRIGGER, basic, entry, har, message

TIMEOUT_SECONDS = 60  # only a test that fails waits so long
Verify = Callable[..., Result]


@pytest.fixture
def verify(monkeypatch: pytest.MonkeyPatch) -> Verify:
    monkeypatch.delenv("GITHUB_STEP_SUMMARY", raising=False)
    return lambda *words: CliRunner().invoke(main, ["verify", *map(str, words)])


@pytest.fixture
def recorded(tmp_path: Path) -> Callable[..., Path]:
    def write(*entries: dict[str, Any]) -> Path:
        (tmp_path / "recording.har").write_text(har(*entries))
        return tmp_path / "recording.har"

    return write


@pytest.fixture
def listed(tmp_path: Path) -> Callable[..., Path]:
    def write(*messages: dict[str, Any]) -> Path:
        (tmp_path / "messages.jsonl").write_text("".join(f"{json.dumps(m)}\n" for m in messages))
        return tmp_path / "messages.jsonl"

    return write


def send(qualtrics: Qualtrics, body: object, **headers: str) -> None:
    auth = (qualtrics.username, qualtrics.api_token)
    requests.post(
        qualtrics.trigger_url, json=body, auth=auth, headers=headers, timeout=TIMEOUT_SECONDS
    )


def test_a_good_recording_is_well(verify, recorded, listed):
    done = verify("--har", recorded(entry()), "--messages", listed(message()))
    assert (done.exit_code, done.stderr) == (0, "verify: 12 of 14 passed, 2 skipped\n")
    assert "passed\tcredentials" in done.stdout


def test_a_bad_recording_fails_with_the_reasons(verify, recorded):
    done = verify("--har", recorded(entry(), entry()), "--json")
    assert done.exit_code == 1
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert checks["duplicates"]["outcome"] == "failed"
    assert "entry 2" in checks["duplicates"]["reasons"][0]


def test_a_recording_without_any_message_fails(verify, recorded):
    done = verify("--har", recorded(entry(url="https://fra1.qualtrics.com/login")))
    assert done.exit_code == 1
    assert "no message was recorded" in done.stdout


def test_a_schedule_of_ones_own_is_judged_by(verify, recorded):
    path = recorded(entry(status=503), entry(at=1.1))
    given = ("--har", path, "--policy", "adobe-best-effort")
    assert verify(*given).exit_code == 1
    assert verify(*given, "--retry-after", "1,2").exit_code == 0


def test_a_check_can_be_left_out(verify, recorded):
    path = recorded(entry(), entry())
    assert verify("--har", path, "--without", "duplicates").exit_code == 0


def test_what_a_mock_has_recorded_is_judged(verify, listed, qualtrics: Qualtrics):
    messages = [message(f"d{n}@example.com", n=n) for n in range(12)]
    for each in messages:
        send(qualtrics, each)
    given = ("--mock", qualtrics.trigger_url, "--tenant", qualtrics.id)
    done = verify(*given, "--messages", listed(*messages))
    assert done.exit_code == 0, done.output
    done = verify(*given, "--messages", listed(*messages[1:]))
    assert done.exit_code == 1
    assert "the message of d***@e***.com was taken, and is not among the messages" in done.stdout


def test_numbers_of_a_mocks_messages_are_compared_exactly(verify, tmp_path, qualtrics: Qualtrics):
    text = '{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "n": 0.1000000000000000000%s}'
    requests.post(
        qualtrics.trigger_url,
        data=text % 1,
        auth=(qualtrics.username, qualtrics.api_token),
        headers={"Content-Type": "application/json"},
        timeout=TIMEOUT_SECONDS,
    )
    codes = []
    for last in (1, 2):
        (tmp_path / "messages.jsonl").write_text(text % last)
        given = ("--mock", qualtrics.url, "--tenant", qualtrics.id)
        codes.append(verify(*given, "--messages", tmp_path / "messages.jsonl").exit_code)
    assert codes == [0, 1]


def test_a_key_that_stands_twice_in_a_mocks_message_is_told(verify, qualtrics: Qualtrics):
    requests.post(
        qualtrics.trigger_url,
        data='{"identityMap": {"Email": [{"id": "dave@example.com"}]}, "n": 1, "n": 2}',
        auth=(qualtrics.username, qualtrics.api_token),
        headers={"Content-Type": "application/json"},
        timeout=TIMEOUT_SECONDS,
    )
    done = verify("--mock", qualtrics.url, "--tenant", qualtrics.id)
    assert done.exit_code == 1
    assert 'the key "n" stands twice' in done.stdout


def test_calls_that_started_no_run_are_judged_too(verify, qualtrics: Qualtrics):
    qualtrics.faults.add("status", when={"first": 1}, status=429, retry_after_seconds=60)
    send(qualtrics, message())
    send(qualtrics, message())
    done = verify("--mock", qualtrics.url, "--tenant", qualtrics.id)
    assert "though Retry-After at request" in done.stdout


def test_a_journal_that_is_not_complete_is_refused_with_how_to_keep_it(
    verify, qualtrics: Qualtrics, monkeypatch
):
    totals = {**qualtrics.totals(), "complete": False}
    monkeypatch.setattr("contracts.control_journal.ControlJournal.totals", lambda *_: totals)
    done = verify("--mock", qualtrics.url, "--tenant", qualtrics.id)
    assert done.exit_code == 2
    assert "journal is not complete" in done.stderr
    assert "serve --store sqlite:///FILE" in done.stderr


def test_an_unknown_tenant_is_told_with_those_that_there_are(verify, qualtrics: Qualtrics):
    done = verify("--mock", qualtrics.url, "--tenant", "tenant-none")
    assert done.exit_code == 2
    assert done.stderr.startswith("Error: there is no tenant tenant-none; known: ")


def test_calls_that_name_no_tenant_are_counted_and_not_judged(verify, qualtrics: Qualtrics):
    send(qualtrics, message())
    requests.post(f"{qualtrics.url}/elsewhere", json={}, timeout=TIMEOUT_SECONDS)
    done = verify("--mock", qualtrics.url, "--tenant", qualtrics.id)
    assert done.exit_code == 0
    assert " without a tenant's URL or credential; mock-qualtrics calls lists" in done.stderr


def test_a_mock_that_does_not_answer_gives_no_verdict(verify, tmp_path):
    done = verify("--mock", "http://127.0.0.1:9", "--junit", tmp_path / "report.xml")
    said = "the mock at http://127.0.0.1:9: nothing answers there"
    assert done.exit_code == 5
    assert (done.stdout, done.stderr) == ("", f"error: {said}\nverify: nothing was judged\n")
    assert f'message="{said}"' in (tmp_path / "report.xml").read_text()


@pytest.mark.parametrize(("given", "said"), [("", "give --control"), ("x", "is not the one")])
def test_a_mock_that_wants_another_control_token_is_wrong_usage(verify, given, said, monkeypatch):
    def refuse(*_: object) -> None:
        raise ControlRefusedError(401)

    monkeypatch.setattr("contracts.control_client.ControlClient.tenants", refuse)
    done = verify("--mock", "http://me:PLACEHOLDER@127.0.0.1:9", "--control-token", given)
    assert done.exit_code == 2
    assert "the mock at http://127.0.0.1:9: it answered 401: " in done.stderr
    assert said in done.stderr
    assert "PLACEHOLDER" not in done.output


def test_a_control_token_that_no_header_takes_is_wrong_usage(verify):
    done = verify("--mock", "http://127.0.0.1:9", "--control-token", "\u20ac")
    assert (done.exit_code, done.stdout) == (2, "")
    assert "the control token: expected" in done.stderr


def test_calls_of_tenants_that_nobody_asked_for_are_counted(verify, qualtrics, monkeypatch):
    send(qualtrics, message())
    tenant = {"id": qualtrics.id, "workflows": [], "limits": {}}
    both = [{"id": qualtrics.id, **tenant}, {"id": qualtrics.id, **tenant}]
    monkeypatch.setattr("contracts.control_client.ControlClient.tenants", lambda _: both)
    note = "not judged: 1 call of 1 other tenant; --tenant ID judges one"
    assert note in verify("--mock", qualtrics.url).stderr
    assert note not in verify("--mock", qualtrics.url, "--tenant", qualtrics.id).stderr


def test_a_mock_without_a_tenant_is_told(verify, monkeypatch):
    monkeypatch.setattr("contracts.control_client.ControlClient.tenants", lambda _: [])
    done = verify("--mock", "http://127.0.0.1:9")
    assert done.exit_code == 2
    assert "there is no tenant; known: none" in done.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give either --mock URL or --har FILE"),
        (["--mock", "http://127.0.0.1:9", "--har", "a.har"], "give either"),
        (["--har", "a.har", "--tenant", "t"], "--tenant goes with --mock"),
        (["--mock", "127.0.0.1:9"], "expected http://HOST:PORT"),
        (["--mock", "http://"], "expected http://HOST:PORT"),
        (["--mock", "http://127.0.0.1:99999"], "expected http://HOST:PORT"),
        (["--har", "missing.har"], "missing.har: cannot be read"),
        (["--har", "a.har", "--messages", "missing.jsonl"], "missing.jsonl: cannot be read"),
        (["--har", "a.har", "--policy", "patient"], "adobe-best-effort"),
        (["--har", "a.har", "--retry-after", "1,x"], "expected seconds such as 15,30"),
        (["--har", "a.har", "--retry-after", "1"], "one of Adobe's policies"),
        (["--har", "a.har", "--without", "x"], "no check is called 'x'"),
    ],
)
def test_wrong_usage_is_one_clear_error(verify, words, said):
    done = verify(*words)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split())
    assert done.stdout == ""


@pytest.mark.parametrize("content", [har(entry())[:200].encode(), b"\x89PNG", b"", b"{}"])
def test_a_broken_har_file_is_one_clear_error(verify, tmp_path, content):
    (tmp_path / "a.har").write_bytes(content)
    done = verify("--har", tmp_path / "a.har")
    assert done.exit_code == 2
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("Error: ")
    assert "a.har" in done.stderr


def test_a_binary_body_is_told_with_its_entry(verify, recorded):
    data = {"mimeType": "application/json", "text": "H4sIAAAA/w==", "encoding": "base64"}
    done = verify("--har", recorded(entry(postData=data, bodySize=-1)))
    assert done.exit_code == 1
    assert "entry 1: the body is no UTF-8: byte 0x8b at 1" in done.stdout


def test_no_secret_of_a_recording_reaches_a_report(verify, recorded, listed, tmp_path):
    cookie = {"Cookie": "session=PLACEHOLDER-cookie", "X-Trace-Id": f"t-{API_TOKEN}"}
    leaks = [
        entry(message(note=API_TOKEN, apiToken="PLACEHOLDER-body"), headers=cookie, at=n)
        for n in range(2)
    ]
    leaks.append(entry(url=f"{TRIGGER}&password=PLACEHOLDER-query", method="PUT", headers=cookie))
    leaks.append(entry(url=f"https://a.test/{API_TOKEN}", headers=cookie))
    leaks.append(entry("PLACEHOLDER-text", headers={"Content-Type": f"a/{API_TOKEN}"}))
    reports = [f"--{name}={tmp_path / name}" for name in ("junit", "ctrf", "markdown", "html")]
    done = verify("--har", recorded(*leaks), "--messages", listed(message(note="x")), *reports)
    assert done.exit_code == 1
    shown = [done.output, *((tmp_path / name.split("=")[0][2:]).read_text() for name in reports)]
    for text in shown:
        assert "entry 3" in text
        assert "PLACEHOLDER" not in text
        assert basic().split()[1] not in text
        assert "dave@example.com" not in text
