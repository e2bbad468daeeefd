"""The commands as a user runs them, against the real mock."""

import contextlib
import json
import os
import shlex
import signal
import sqlite3
import subprocess
import sysconfig
from pathlib import Path

import pytest

from contracts import validate
from support import until

TIMEOUT_SECONDS = 60
MINUTES_LONG = ("--calls-per-minute", "240")  # with 300 profiles: it goes on whatever else is slow


def test_ctrl_c_finishes_what_is_in_flight_and_says_how_to_go_on(stage):
    process = stage.start(*stage.export(stage.profiles(300), *MINUTES_LONG))
    until(lambda: stage.totals()["accepted"] >= 3)
    going_on = json.loads(stage.call("status", "--outbox", stage.outbox, "--json").stdout)
    assert going_on["status"] == "Processing"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 3
    assert f"qualtrics-sender resume --outbox {stage.outbox}" in err
    status = json.loads(stage.call("status", "--outbox", stage.outbox, "--json").stdout)
    assert validate(status, "report") == []
    assert (status["status"], status["uncertainAttempts"]) == ("Interrupted", 0)
    assert f"{status['messages']['pending']} messages pending" in err
    page = stage.call("status", "--outbox", stage.outbox).stdout
    assert f"{status['messages']['pending']} pending" in page
    assert status["messages"]["activated"] == stage.totals()["accepted"]
    unlimited = ("--calls-per-minute", "unlimited", "--json")
    resumed = stage.run("resume", "--outbox", stage.outbox, *unlimited)
    assert (resumed.returncode, json.loads(resumed.stdout)["messages"]["activated"]) == (0, 300)
    assert stage.totals()["duplicates"] == 0


def test_two_exports_on_one_outbox_do_not_get_in_each_others_way(stage):
    profiles = stage.profiles(300)
    first = stage.start(*stage.export(profiles, *MINUTES_LONG))
    until(lambda: stage.totals()["accepted"] >= 1)
    second = stage.call(*stage.export(profiles))
    first.send_signal(signal.SIGTERM)
    first.communicate(timeout=TIMEOUT_SECONDS)
    assert second.returncode == 2
    assert "another export is using this outbox" in second.stderr
    assert first.returncode == 3


def test_nothing_that_a_run_writes_tells_a_secret_or_an_identity(stage):
    stage.add_fault(kind="status", status=500, when={"every": 5})
    stage.add_fault(kind="status", status=413, when={"every": 7})
    profiles, unlimited = stage.profiles(20), ("--calls-per-minute", "unlimited")
    reports = ("-v", "--html", "r.html", "--report", "r.json")
    written = [
        stage.run(*stage.export(profiles, *unlimited, *reports)),
        stage.call(*stage.export(profiles, *unlimited, "--json")),
        stage.call("check", "--dataflow", "dataflow.toml"),
        stage.call("status", "--outbox", stage.outbox),
        stage.call("replay", "--outbox", stage.outbox, "--failed", "-v", *unlimited),
        stage.call("reconcile", "--outbox", stage.outbox, "--mock", stage.mock_url),
    ]
    texts = [run.stdout + run.stderr for run in written]
    for number, more in enumerate((["-v"], [])):
        options = (*unlimited, *more, "--outbox", f"{number}.sqlite")
        texts.append(stage.run_on_terminal(*stage.export(profiles, *options))[1])
    texts += [(stage.folder / name).read_text() for name in ("r.html", "r.json")]
    url_token_id = stage.trigger_url.partition("urlTokenId=")[2]
    for text in texts:
        assert text
        for secret in (stage.token, "@example.com", url_token_id, stage.tenant["username"]):
            assert secret not in text
    assert stage.token.encode() not in stage.outbox.read_bytes()


def test_a_terminal_shows_sentences_and_anything_else_gets_json(stage):
    stage.add_fault(kind="status", status=413, when={"every": 10})
    unlimited = ("--calls-per-minute", "unlimited")
    code, shown = stage.run_on_terminal(*stage.export(stage.profiles(60), *unlimited))
    assert code == 1
    assert "exporting 'Survey' with policy lossless" in shown
    assert shown.count("failed for good, attempts: 1: ") == 6
    assert '"event"' not in shown
    again = stage.export(stage.profiles(9, "q.jsonl"), "--outbox", "q.sqlite", *unlimited)
    code, shown = stage.run_on_terminal(*again, "-v")
    assert (code, shown.count(": activated, attempts: ")) == (0, 9)
    code, shown = stage.run_on_terminal(*again, "--json")
    assert [json.loads(line)["event"] for line in shown.splitlines() if line[0] == "{"] == [
        "ExportStarted",
        "DestinationFlowRunStart",
        "ActivationSkipRateExceeded",
        "DestinationFlowRunSuccess",
        "RunFinished",
    ]


def test_best_effort_does_not_tell_of_every_message_it_drops_unless_asked(stage):
    stage.add_fault(kind="status", status=400, when={"every": 1})
    command = stage.export(stage.profiles(20), "--policy", "adobe-best-effort")
    for more, told in (((), 0), (("-v",), 20)):
        run = stage.call(*command, *more, "--outbox", f"{told}.sqlite")
        assert run.returncode == 1
        assert run.stderr.count('"MessageFailed"') == told
        assert "alert: 20 failed" in run.stderr


def test_the_report_is_as_its_schema_says_and_agrees_with_the_mock(stage):
    finished = stage.run(
        *stage.export(stage.profiles(50), "--calls-per-minute", "unlimited", "--json")
    )
    report = json.loads(finished.stdout)
    assert validate(report, "report") == []
    assert report["messages"]["activated"] == stage.totals()["accepted"] == 50
    agreed = stage.call(*stage.reconcile(), "--json")
    counts = json.loads(agreed.stdout)
    assert (agreed.returncode, counts["outcomes"]["succeeded"], counts["agreeing"]) == (0, 50, 50)


def test_calls_of_nobody_in_the_outbox_are_one_line_and_fail_only_when_strict(stage):
    command = stage.reconcile()
    profiles = stage.profiles(5)
    stage.call(*stage.export(profiles, "--calls-per-minute", "unlimited"))
    other = stage.export(profiles, "--calls-per-minute", "unlimited")
    stage.call(*other[:-3], "other.sqlite", *other[-2:])
    found = stage.call(*command)
    assert found.returncode == 0
    assert "foreign: the mock took 5 calls that belong to no message of this outbox" in found.stderr
    strict = stage.call(*command, "--strict", "--json")
    counts = json.loads(strict.stdout)
    assert (strict.returncode, counts["foreign"], counts["notWell"]) == (1, 5, [])
    assert (counts["messages"], counts["agreeing"], counts["disagreements"]) == (5, 5, [])


def test_trace_ids_of_messages_that_disagree_are_shown_whole(stage):
    stage.call(*stage.export(stage.profiles(3), "--calls-per-minute", "unlimited"))
    stage.control.reset(stage.tenant["id"])
    command = stage.reconcile()
    trace_ids = [
        d["traceId"] for d in json.loads(stage.call(*command, "--json").stdout)["disagreements"]
    ]
    stage.environment |= {"COLUMNS": "40", "FORCE_COLOR": "1"}  # as on a narrow terminal
    found = stage.run(*command)
    assert found.returncode == 1
    assert len(trace_ids) == 3
    assert [line.split("\t")[0] for line in found.stdout.splitlines()] == trace_ids
    assert found.stdout.count("activated, but never accepted") == 3
    assert "total: 3 messages, 3 never-arrived, 3 disagreements" in found.stderr


def test_a_guarded_mock_is_reconciled_with_its_control_token(guarded_stage):
    guarded_stage.call(*guarded_stage.export(guarded_stage.profiles(3)))
    command = guarded_stage.reconcile()
    refused = guarded_stage.call(*command)
    assert (refused.returncode, "--control-token" in refused.stderr) == (2, True)
    guarded_stage.environment["MOCK_QUALTRICS_CONTROL_TOKEN"] = "PLACEHOLDER-CONTROL-TOKEN"
    assert guarded_stage.call(*command).returncode == 0


def test_exporting_the_same_file_twice_sends_nothing_the_second_time(stage):
    profiles = stage.profiles(20)
    for expected in (20, 0):
        finished = stage.call(*stage.export(profiles, "--calls-per-minute", "unlimited", "--json"))
        assert json.loads(finished.stdout)["identitiesActivated"] == expected
    assert stage.totals()["received"] == 20


def test_test_destination_shows_request_answer_and_trace_id(stage):
    tested = stage.call("test-destination", "--dataflow", "dataflow.toml", "--count", 2, "--json")
    results = json.loads(tested.stdout)["results"]
    assert [result["response"]["status"] for result in results] == [202, 202]
    assert validate(results[0]["request"]["body"], "exported-message") == []
    assert len({result["traceId"] for result in results}) == 2
    assert stage.totals()["accepted"] == 2


@pytest.mark.parametrize("option", ["--report", "--html"])
def test_a_report_that_cannot_be_written_is_refused_before_anything_is_sent(stage, option):
    profiles = stage.profiles(3)
    for place in (f"{profiles.name}/report", "."):  # no folder can be made in a file
        refused = stage.call(*stage.export(profiles, option, place))
        assert (refused.returncode, refused.stderr.count("error: ")) == (2, 1)
    assert stage.totals()["received"] == 0


@pytest.mark.parametrize(
    "command", [("status",), ("resume",), ("replay", "--failed")], ids=lambda command: command[0]
)
def test_a_damaged_outbox_gets_one_clear_error(stage, command):
    unlimited = ("--calls-per-minute", "unlimited")
    assert stage.call(*stage.export(stage.profiles(500), *unlimited)).returncode == 0
    sound = stage.outbox.read_bytes()
    stage.outbox.write_bytes(sound[:8_192] + b"\xa5" * (len(sound) - 8_192))
    damaged = stage.call(*command, "--outbox", stage.outbox)
    assert damaged.returncode in {1, 2}
    assert damaged.stderr.count("error: ") == 1
    assert "Traceback" not in damaged.stderr
    stage.outbox.write_bytes(sound)
    with contextlib.closing(sqlite3.connect(stage.outbox)) as outbox, outbox:
        outbox.execute("UPDATE meta SET value = '{' WHERE name = 'dataflow'")
    damaged = stage.call(*command, "--outbox", stage.outbox)
    assert (damaged.returncode, damaged.stderr.count("error: ")) == (2, 1)


def test_a_full_disk_gets_one_clear_error(stage):
    profiles = stage.profiles(3)
    with Path("/dev/full").open("w") as full:
        preview = stage.start("preview", "--dataflow", "dataflow.toml", profiles, stdout=full)
        _, err = preview.communicate(timeout=TIMEOUT_SECONDS)
    assert (preview.returncode, "no space is left" in err) == (1, True)


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_a_report_whose_reader_went_away_is_still_written_and_the_rest_told(stage, more):
    profiles = stage.profiles(3)
    profiles.write_text(profiles.read_text() + "nonsense\n")
    stage.add_fault(kind="status", status=413, when={"every": 1})
    reader, writer = os.pipe()
    os.close(reader)
    process = stage.start(
        *stage.export(profiles, "--report", "r.json", "--html", "r.html", *more), stdout=writer
    )
    os.close(writer)
    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
    assert process.returncode == 1
    assert json.loads((stage.folder / "r.json").read_text())["brokenRows"] == 1
    assert "<svg" in (stage.folder / "r.html").read_text()
    assert f"broken row: {profiles}:4" in err
    assert "alert: 3 failed" in err


def test_an_export_of_standard_input_that_is_closed_says_so(stage):
    export = shlex.join(map(str, stage.export("-")))
    path = f"{Path(sysconfig.get_path('scripts'))}{os.pathsep}{os.environ['PATH']}"
    environment = {**stage.environment, "PATH": path}
    done = subprocess.run(
        ["sh", "-c", f"qualtrics-sender {export} <&-"],
        check=False,
        capture_output=True,
        text=True,
        cwd=stage.folder,
        env=environment,
        timeout=TIMEOUT_SECONDS,
    )
    assert done.returncode == 2
    assert done.stderr.endswith("error: -: standard input is closed\n")


@pytest.mark.parametrize("closed", ["1", "2"])
def test_an_export_with_a_closed_stream_works_silently(stage, closed):
    export = shlex.join(map(str, stage.export(stage.profiles(3), "-v", "--report", "r.json")))
    line = f"qualtrics-sender {export} {closed}>&-"
    path = f"{Path(sysconfig.get_path('scripts'))}{os.pathsep}{os.environ['PATH']}"
    environment = {**stage.environment, "PATH": path}
    shell = subprocess.run(
        ["sh", "-c", line], check=False, cwd=stage.folder, env=environment, timeout=TIMEOUT_SECONDS
    )
    assert shell.returncode == 0
    assert json.loads((stage.folder / "r.json").read_text())["messages"]["activated"] == 3
    assert stage.totals()["accepted"] == 3


def test_both_transports_lose_the_same_at_the_same_offered_rate(stage):
    profiles, lost = stage.profiles(60), []
    stage.add_fault(kind="lower-limit", callsPerMinute=20, when={"every": 1})
    for transport in ("requests", "fast"):
        pace = ("--offered-rate", "120", "--retry-after", "0.1,0.2", "--transport", transport)
        policy = ("--policy", "adobe-best-effort", "--json", *pace)
        outbox = ("--outbox", stage.folder / f"{transport}.sqlite")
        done = stage.run("export", "--dataflow", "dataflow.toml", profiles, *policy, *outbox)
        report = json.loads(done.stdout)
        assert validate(report, "report") == []
        assert report["offeredRatePerSecond"] == 120
        assert report["messages"]["uncertain"] == report["messages"]["pending"] == 0
        lost.append(report["identitiesFailed"])
        stage.control.reset(stage.tenant["id"])
        stage.add_fault(kind="lower-limit", callsPerMinute=20, when={"every": 1})
    assert lost == [40, 40]
