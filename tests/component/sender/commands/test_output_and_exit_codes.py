"""The commands' options, output and exit codes, in this process, against a scripted server."""

import gzip
import json
import os
import re

import click
import pytest
import requests

from contracts import validate
from sender.cli import main


@pytest.mark.parametrize("command", main.list_commands(click.Context(main)))
def test_every_command_has_help_with_an_example(run, command):
    shown = run(command, "--help")
    assert shown.exit_code == 0
    assert "Example: qualtrics-sender" in shown.output


def test_an_unknown_command_is_wrong_usage(run):
    assert run("exprot").exit_code == 2


def test_preview_prints_one_message_a_line_and_sends_nothing(run, server):
    shown = run("preview", "--dataflow", "d.toml", "p.jsonl", "--json")
    messages = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [message["firstName"] for message in messages] == ["Name0", "Name1", "Name2"]
    assert all(validate(message, "exported-message") == [] for message in messages)
    assert (shown.exit_code, server.seen) == (0, [])
    assert "3 messages" in shown.stderr


def test_preview_says_what_is_excluded_and_what_is_broken(run, folder):
    (folder / "p.jsonl").write_text('{"_id": "x"}\nnonsense\n')
    shown = run("preview", "--dataflow", "d.toml", "p.jsonl")
    assert shown.exit_code == 1
    assert "1 excluded: no mapped identity" in shown.stderr
    assert "broken row: p.jsonl:2" in shown.stderr


def test_an_export_prints_a_report_for_people(export, server):
    shown = export()
    assert shown.exit_code == 0
    assert "Identities activated" in shown.stdout
    assert len(server.seen) == 3


def test_an_export_prints_and_writes_reports_as_json_and_as_a_page(export, folder):
    shown = export("--json", "--report", "r.json", "--html", "r.html")
    report = json.loads(shown.stdout)
    assert report == json.loads((folder / "r.json").read_text())
    assert validate(report, "report") == []
    page = (folder / "r.html").read_text()
    assert "Survey &lt;&amp;&gt;" in page
    assert "<svg" in page
    assert "http" not in page


def test_a_report_into_a_pipe_that_nobody_reads_is_an_error_once_all_is_sent(
    export, folder, server
):
    os.mkfifo(folder / "pipe")
    shown = export("--report", "pipe")
    assert shown.exit_code == 1
    assert "error: pipe: cannot be written: no program reads this pipe" in shown.stderr
    assert len(server.seen) == 3


def test_events_are_logged_as_json_on_standard_error(export):
    lines = [json.loads(line) for line in export("-v").stderr.splitlines() if line[0] == "{"]
    names = [line["event"] for line in lines]
    assert (names[0], names[-1]) == ("ExportStarted", "RunFinished")
    assert names.count("AttemptEnded") == names.count("MessageActivated") == 3


def test_the_outbox_stands_beside_the_dataflow(export, folder):
    export()
    assert (folder / "d.outbox.sqlite").is_file()


def test_another_destination_has_an_outbox_of_its_own(export, folder, server):
    elsewhere = server.url.replace("beef", "cafe")
    assert export("--url", elsewhere, "--username", "eve#brand").exit_code == 0
    assert export().exit_code == 0
    assert len(server.seen) == 6
    assert len(list(folder.glob("d.*.outbox.sqlite"))) == 1


def test_standard_input_is_exported(run, kit, server):
    profile = kit.profiles(1)[0]
    profile["segmentMembership"] = {"ups": {"vip": {"status": "realized"}}}
    shown = run("export", "--dataflow", "d.toml", "-", *kit.fast, stdin=json.dumps(profile))
    assert (shown.exit_code, len(server.seen)) == (0, 1)


def test_compressed_files_limit_and_audience(run, kit, folder, server):
    members, others = kit.profiles(5), kit.profiles(5, first=5)
    lines = []
    for profiles, status in ((members, "realized"), (others, "exited")):
        for profile in profiles:
            profile["segmentMembership"] = {"ups": {"vip": {"status": status}}}
            lines.append(json.dumps(profile))
    (folder / "p.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    chosen = ("--where", "vip", "--limit", "4", "--json")
    shown = run("export", "--dataflow", "d.toml", "p.jsonl.gz", *kit.fast, *chosen)
    assert json.loads(shown.stdout)["profilesReceived"] == 4
    everyone = run("preview", "--dataflow", "d.toml", "p.jsonl.gz", "--where", "vip")
    assert "5 messages" in everyone.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("export", "--dataflow", "none.toml", "p.jsonl"), "none.toml"),
        (("export", "--dataflow", "d.toml", "none.jsonl"), "none.jsonl"),
        (("export", "--dataflow", "d.toml"), "Missing argument"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--policy", "hope"), "hope"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--calls-per-minute", "0"), "positive"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--calls-per-minute", "nan"), "positive"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--calls-per-minute", "x"), "positive"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--workers", "0"), "workers"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--outbox", "p.jsonl"), "not an outbox"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--outbox", "no/o"), "cannot be written"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--url", "http://x"), "https://"),
        (("check", "--dataflow", "p.jsonl"), "p.jsonl"),
        (("resume", "--outbox", "none.sqlite"), "no such outbox"),
        (("resume", "--outbox", "p.jsonl"), "not an outbox"),
        (("status", "--outbox", "none.sqlite"), "no such outbox"),
        (("replay", "--outbox", "none.sqlite", "--failed"), "no such outbox"),
        (("replay", "--outbox", "none.sqlite"), "no such outbox"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--alert-below", "nan"), "finite"),
        (("export", "--dataflow", "d.toml", "p.jsonl", "--alert-below", "1.1"), "--alert-below"),
        (("reconcile", "--outbox", "none.sqlite", "--mock", "http://x"), "no such outbox"),
    ],
)
def test_wrong_usage_ends_with_2_before_anything_is_sent(run, server, arguments, says):
    shown = run(*arguments)
    assert shown.exit_code == 2
    assert says in shown.stderr
    assert "Traceback" not in shown.output
    assert server.seen == []


def test_without_a_token_nothing_is_sent(export, run, server, monkeypatch):
    monkeypatch.delenv("QUALTRICS_API_TOKEN")
    for shown in (export(), run("check", "--dataflow", "d.toml")):
        assert shown.exit_code == 2
        assert shown.stderr.count("QUALTRICS_API_TOKEN") == 1
    assert server.seen == []


def test_reports_make_the_folders_that_they_need(export, folder):
    assert export("--report", "out/a/r.json", "--html", "out/b/r.html").exit_code == 0
    assert json.loads((folder / "out/a/r.json").read_text())["identitiesActivated"] == 3
    assert (folder / "out/b/r.html").is_file()


def test_a_report_that_cannot_be_written_is_refused_before_anything_is_sent(export, server):
    shown = export("--report", "p.jsonl/r.json")
    assert shown.exit_code == 2
    assert "p.jsonl is a file; expected a folder" in shown.stderr
    assert server.seen == []


def test_a_report_that_cannot_be_written_after_all_takes_nothing_from_what_is_told(export, server):
    shown = export("--report", "/dev/full", "--html", "/dev/full")
    assert (shown.exit_code, len(server.seen)) == (1, 3)
    assert shown.stderr.count("error: /dev/full: cannot be written: No space left") == 2
    assert "Identities activated" in shown.stdout


def test_broken_rows_are_listed_up_to_a_bound_and_never_stop_the_rest(export, run, folder, server):
    good = (folder / "p.jsonl").read_text()
    (folder / "p.jsonl").write_text("nonsense\n" * 30 + good)
    shown = export()
    assert shown.exit_code == 1
    assert "broken row: p.jsonl:1:" in shown.stderr
    assert "broken rows: 10 more" in shown.stderr
    assert len(server.seen) == 3
    status = json.loads(run("status", "--outbox", "d.outbox.sqlite", "--json").stdout)
    assert validate(status, "report") == []
    assert status["brokenRows"] == 30


def test_check_passes_when_the_credential_is_known(run, server, kit):
    server.always(kit.answer(body=b'{"result": {"brandId": "brand"}}'))
    shown = run("check", "--dataflow", "d.toml", "--json")
    assert (shown.exit_code, json.loads(shown.stdout)["passed"]) == (0, True)
    assert "test-destination asks" in json.loads(shown.stdout)["notTried"]
    assert [seen.path for seen in server.seen] == ["/API/v3/whoami"]
    assert (
        "credential known to the destination, brand brand"
        in run("check", "--dataflow", "d.toml").stdout
    )


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (401, "QUALTRICS_API_TOKEN"),
        (400, "not known"),
        (500, "answered 500"),
        (302, "answered 302"),
    ],
)
def test_check_fails_when_the_credential_is_not_known(run, server, kit, status, says):
    server.always(kit.refusal(status))
    shown = run("check", "--dataflow", "d.toml")
    assert shown.exit_code == 1
    assert says in shown.stdout


def test_check_takes_an_odd_answer(run, server, kit):
    server.always(kit.answer(body=b"hello"))
    assert run("check", "--dataflow", "d.toml").exit_code == 0


def test_check_fails_when_nobody_answers(run, closed_port):
    url = f"http://127.0.0.1:{closed_port}/inbound-event/v1/events/json/triggers?urlTokenId=x"
    shown = run("check", "--dataflow", "d.toml", "--url", url)
    assert shown.exit_code == 1
    assert "no connection" in shown.stdout


def test_sample_profiles_come_again_with_the_same_seed(run):
    command = ("sample-profiles", "--dataflow", "d.toml", "--count", 4, "--seed", 7)
    lines = run(*command).stdout
    assert len(lines.splitlines()) == 4
    assert lines == run(*command).stdout
    assert len(json.loads(run(*command, "--json").stdout)) == 4


def test_test_destination_prints_each_exchange(run, server, kit):
    server.answers(kit.answer(), kit.refusal(500), kit.answer(resets=True))
    shown = run("test-destination", "--dataflow", "d.toml", "--count", 3)
    assert shown.exit_code == 1
    assert shown.stdout.count("trace id") == 3
    assert "response  200" in shown.stdout
    assert "refused with 500" in shown.stdout
    assert "response  none" in shown.stdout


@pytest.mark.parametrize(
    ("status", "means"),
    [
        (202, "was enabled at least once"),
        (404, "the URL is wrong, or its workflow is a draft that was never enabled, or it is disa"),
        (401, "check the username and QUALTRICS_API_TOKEN"),
        (500, ""),
    ],
)
def test_test_destination_says_what_an_answer_tells_of_the_workflow(
    run, server, kit, status, means
):
    server.always(kit.answer(status))
    command = ("test-destination", "--dataflow", "d.toml")
    (result,) = json.loads(run(*command, "--json").stdout)["results"]
    assert means in result["meaning"]
    assert bool(means) == bool(result["meaning"])
    shown = run(*command).stdout
    assert ("meaning   " in shown, result["meaning"] in shown) == (bool(means), True)


def test_check_and_test_destination_say_in_their_help_what_they_cannot_know(run):
    check, test = (
        " ".join(run(name, "--help").stdout.split()) for name in ("check", "test-destination")
    )
    assert "does not tell whether the URL names a workflow" in check
    assert "It does not tell that the workflow is enabled now" in test


def test_metrics_are_served_while_an_export_goes_on(export):
    shown = export("--metrics-port", 0)
    assert shown.exit_code == 0
    (url,) = re.findall(r"^metrics: (http://127\.0\.0\.1:\d+/metrics)$", shown.stderr, re.MULTILINE)
    counted = requests.get(url, timeout=60).text
    assert 'sender_messages_total{state="activated"} 3.0' in counted


def test_warnings_of_a_dataflow_are_said(run, folder):
    text = (folder / "d.toml").read_text()
    (folder / "d.toml").write_text(text.replace('target = "firstName"', 'target = "First-Name"'))
    assert "not camelCase" in run("preview", "--dataflow", "d.toml", "p.jsonl").stderr
