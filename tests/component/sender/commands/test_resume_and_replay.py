"""What ends an export before its last message, and the commands that go on with it."""

import json
import os
import re
import signal
import threading
from pathlib import Path

import pytest

from sender import Dataflow, Exporter, ExportStoppedError

BATCH = 256  # so many rows are taken in at once
MANY = 300  # more than one batch


def test_failures_end_with_1_and_an_alert_and_can_be_replayed(export, run, server, kit):
    server.always(kit.refusal(413, "TOO_BIG"))
    shown = export("--alert-below", "0.9")
    assert shown.exit_code == 1
    assert "alert: 3 failed, 0 uncertain; the activation rate is 0.00 %" in shown.stderr
    outbox = ("--outbox", "d.outbox.sqlite")
    assert run("replay", *outbox, *kit.fast).exit_code == 1
    assert len(server.seen) == 6
    server.always(kit.answer())
    assert run("status", *outbox).exit_code == 1
    assert run("replay", *outbox, "--failed", "--error-code", "OTHER", *kit.fast).exit_code == 1
    replayed = run("replay", *outbox, "--failed", "--error-code", "TOO_BIG", *kit.fast, "--json")
    assert (replayed.exit_code, json.loads(replayed.stdout)["identitiesActivated"]) == (0, 3)
    status = run("status", *outbox, "--json")
    assert (status.exit_code, json.loads(status.stdout)["identitiesFailed"]) == (0, 0)
    assert "Completed" in run("status", *outbox).stdout


def test_a_rate_under_the_stated_share_alerts_although_nothing_failed(run, server, kit, folder):
    server.always(kit.refusal(404))
    run("export", "--dataflow", "d.toml", "p.jsonl", *kit.fast)
    shown = run("resume", "--outbox", "d.outbox.sqlite", "--alert-below", "1")
    assert shown.exit_code == 1
    assert "alert: the activation rate is 0.00 %" in shown.stderr


def test_to_delete_the_outbox_is_advised_only_where_it_knows_all_that_was_given(
    export, run, folder
):
    """Not where a change is switched off, and not where no profiles were given."""
    advice = "knows these profiles as exported"
    assert export().exit_code == 0
    assert advice in export().stderr
    assert advice not in run("replay", "--outbox", "d.outbox.sqlite", "--failed").stderr
    flow, profiles = folder / "d.toml", folder / "p.jsonl"
    flow.write_text(flow.read_text() + "[activation]\nattribute_changes = false\n")
    profiles.write_text(profiles.read_text().replace("Name0", "Another"))
    shown = export()
    assert "attribute changes are switched off" in shown.stdout
    assert advice not in shown.stderr


def test_a_hopeless_answer_is_said_once_and_resume_goes_on(export, run, server, kit):
    server.always(kit.refusal(401))
    stopped = export()
    assert stopped.exit_code == 1
    assert stopped.stderr.count("error: ") == 1
    assert "qualtrics-sender resume --outbox d.outbox.sqlite" in stopped.stderr
    assert "knows these profiles as exported" not in export().stderr, "they are pending"
    server.always(kit.answer())
    resumed = run("resume", "--outbox", "d.outbox.sqlite", *kit.fast, "--json", "--url", server.url)
    report = json.loads(resumed.stdout)
    assert (resumed.exit_code, report["status"], report["identitiesActivated"]) == (
        0,
        "Completed",
        3,
    )


OUTBOX = ("--outbox", "d.outbox.sqlite")


def test_a_wrong_url_is_told_with_its_three_causes_and_a_way_out_that_works(
    export, run, server, kit, folder
):
    server.script = lambda number, seen: kit.refusal(404) if "beef" in seen.path else kit.answer()
    stopped = export()
    assert stopped.exit_code == 1
    for cause in ("the URL is wrong", "a draft", "disabled", "resume", "--outbox"):
        assert cause in stopped.stderr
    text = (folder / "d.toml").read_text()
    (folder / "d.toml").write_text(text.replace("beef", "cafe"))
    refused = export()
    assert refused.exit_code == 2
    advised = re.search(r"with an outbox of its own: (--outbox) (\S+);", refused.stderr)
    assert "where that URL was wrong, delete d.outbox.sqlite" in refused.stderr
    assert export(*advised.groups()).exit_code == 0
    (folder / "d.outbox.sqlite").unlink()
    assert export().exit_code == 0


def test_adobe_fails_each_message_of_a_wrong_url_and_says_what_may_be_wrong(export, server, kit):
    server.always(kit.refusal(404))
    shown = export("--policy", "adobe-best-effort", "--json")
    report = json.loads(shown.stdout)
    assert (shown.exit_code, report["status"], len(server.seen)) == (1, "Completed", 3)
    assert (report["identitiesFailed"], report["messages"]["pending"]) == (3, 0)
    assert "note: 3 messages failed because no enabled workflow is at this URL" in shown.stderr


@pytest.fixture
def dead(server, closed_port):
    """Options that aim at a destination that is down, and give it up soon."""
    there = server.url.split("/")[2]
    url = server.url.replace(there, f"127.0.0.1:{closed_port}")
    return ("--url", url, "--give-up-after", "0.5")


def test_a_dead_destination_is_said_once_in_words_and_given_up_when_told(export, run, kit, dead):
    kit.write(Path("p.jsonl"), kit.profiles(20))  # few would be tried too seldom to tell in time
    stopped = export(*dead)
    assert stopped.exit_code == 1
    said = [line for line in stopped.stderr.splitlines() if line.startswith("the destination is")]
    assert len(said) == 1
    assert "trying again for up to 0.5 s; Ctrl-C keeps everything, go on with: " in said[0]
    assert "qualtrics-sender resume --outbox d.outbox.sqlite" in said[0]
    status = run("status", *OUTBOX, "--json")
    report = json.loads(status.stdout)
    assert (status.exit_code, report["status"]) == (1, "Failed")
    assert "the destination is down: no connection" in report["stoppedBecause"]
    assert "the destination is down" in run("status", *OUTBOX).stdout


@pytest.mark.parametrize("count", [2, MANY])
def test_what_a_dead_destination_left_is_resumed_when_it_is_up(
    export, run, server, kit, dead, count
):
    kit.write(Path("p.jsonl"), kit.profiles(count))
    for stopped in (export(*dead, "--json"), run("resume", *OUTBOX, *kit.fast, *dead, "--json")):
        messages = json.loads(stopped.stdout)["messages"]
        assert (stopped.exit_code, messages["failed"], messages["pending"] > 0) == (1, 0, True)
    up_again = run("resume", *OUTBOX, *kit.fast, "--json", "--url", server.url)
    assert json.loads(up_again.stdout)["identitiesActivated"] == count


@pytest.mark.parametrize("policy", ["adobe-best-effort", "adobe-configurable"])
def test_a_policy_with_a_fixed_schedule_cannot_be_told_when_to_give_up(export, server, policy):
    refused = export("--policy", policy, "--give-up-after", "60")
    assert (refused.exit_code, server.seen) == (2, [])
    assert "when it tries again is fixed" in refused.stderr


@pytest.mark.parametrize("seconds", ["0", "-1", "nan", "inf", "soon"])
def test_a_time_to_give_up_that_is_none_is_refused(export, server, seconds):
    refused = export("--give-up-after", seconds)
    assert (refused.exit_code, server.seen) == (2, [])
    assert "--give-up-after" in refused.stderr


def test_resume_reads_on_where_a_large_file_was_left(run, server, kit, folder):
    kit.write(folder / "p.jsonl", kit.profiles(700))
    server.always(kit.refusal(401))
    run("export", "--dataflow", "d.toml", "p.jsonl", *kit.fast)
    server.always(kit.answer())
    resumed = run("resume", "--outbox", "d.outbox.sqlite", *kit.fast, "--json")
    assert json.loads(resumed.stdout)["identitiesActivated"] == 700


def test_an_export_says_that_the_one_before_was_restated_and_not_read(run, server, kit, folder):
    kit.write(folder / "p.jsonl", kit.profiles(MANY))
    export = ("export", "--dataflow", "d.toml", "p.jsonl", *kit.fast)
    run(*export)
    server.always(kit.refusal(401))
    run(*export, "--restated")
    server.always(kit.answer())
    shown = run(*export, "--json")
    assert "up to row 256, not to the end; export it with --restated again" in shown.stderr
    assert json.loads(shown.stdout)["identitiesExcluded"] == MANY
    assert "not to the end" not in run(*export, "--restated").stderr


def test_an_export_says_what_the_one_before_did_not_read(run, server, kit, folder):
    kit.write(folder / "many.jsonl", kit.profiles(MANY))
    kit.write(folder / "few.jsonl", kit.profiles(3))
    server.always(kit.refusal(401))
    run("export", "--dataflow", "d.toml", "many.jsonl", *kit.fast)
    status = run("status", "--outbox", "d.outbox.sqlite", "--json")
    assert json.loads(status.stdout)["sourceFinished"] is False
    assert abs(json.loads(status.stdout)["rowsNotRead"] - (MANY - BATCH)) <= 3
    assert "not to the end: about 4" in run("status", "--outbox", "d.outbox.sqlite").stdout
    server.always(kit.answer())
    other = run("export", "--dataflow", "d.toml", "few.jsonl", *kit.fast)
    assert "many.jsonl up to row 256, not to the end" in other.stderr
    again = run("export", "--dataflow", "d.toml", "many.jsonl", *kit.fast, "--json")
    assert "not to the end" not in again.stderr
    assert json.loads(again.stdout)["identitiesActivated"] == MANY - BATCH


@pytest.mark.parametrize("change", ["changed", "gone", "stdin"])
def test_resume_sends_what_is_pending_also_when_the_source_cannot_be_read_again(
    run, server, kit, folder, change
):
    kit.write(folder / "p.jsonl", kit.profiles(MANY))
    server.always(kit.refusal(401))
    if change == "stdin":
        lines = (folder / "p.jsonl").read_text()
        shown = run("export", "--dataflow", "d.toml", "-", *kit.fast, stdin=lines)
        assert "not to the end: how many are left is not known" in shown.stdout
    else:
        run("export", "--dataflow", "d.toml", "p.jsonl", *kit.fast)
        kit.write(folder / "p.jsonl", kit.profiles(3))
    if change == "gone":
        (folder / "p.jsonl").unlink()
    server.always(kit.answer())
    resumed = run("resume", "--outbox", "d.outbox.sqlite", *kit.fast, "--json")
    assert resumed.exit_code == 1
    assert "not sent again" in resumed.stderr
    report = json.loads(resumed.stdout)
    assert (report["status"], report["messages"]["pending"]) == ("Interrupted", 0)
    assert report["identitiesActivated"] == BATCH


def test_nothing_to_resume_is_wrong_usage(run, folder):
    from sender.outbox import Outbox  # noqa: PLC0415  only here

    Outbox(folder / "o.sqlite").close()
    for command in ("resume", "status"):
        shown = run(command, "--outbox", "o.sqlite")
        assert (shown.exit_code, "nothing was ever exported" in shown.stderr) == (2, True)
    shown = run("reconcile", "--outbox", "o.sqlite", "--mock", "http://127.0.0.1:9")
    assert shown.exit_code == 2


def test_a_second_ctrl_c_ends_at_once_and_says_how_to_go_on(export, run, server, kit):
    pause = threading.Event()

    def handled_by(handler: object) -> None:
        while signal.getsignal(signal.SIGINT) is not handler:
            pause.wait(0.005)

    def script(number: int, seen: object) -> object:
        if number == 0:
            os.kill(os.getpid(), signal.SIGINT)
            handled_by(signal.default_int_handler)
            os.kill(os.getpid(), signal.SIGINT)
            handled_by(signal.SIG_IGN)  # no call is answered before the command has ended
        return kit.answer(resets=True)

    before = signal.getsignal(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server.script = script
    try:
        shown = export("--workers", "1")
    finally:
        signal.signal(signal.SIGINT, before)
    assert shown.exit_code == 3
    assert "interrupted; go on with: qualtrics-sender resume --outbox d.outbox" in shown.stderr
    server.script = lambda number, seen: kit.answer()
    resumed = run("resume", "--outbox", "d.outbox.sqlite", *kit.fast, "--json")
    report = json.loads(resumed.stdout)
    assert (report["identitiesActivated"], report["messages"]["pending"]) == (3, 0)
    assert report["uncertainAttempts"] >= 1


@pytest.mark.parametrize("signum", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_after_the_call_in_flight_unless_it_is_ignored(export, server, kit, signum):
    def script(number: int, seen: object) -> object:
        if number == 0:
            os.kill(os.getpid(), signum)
        return kit.answer()

    before = signal.signal(signum, lambda *_: None)
    server.script = script
    try:
        shown = export("--workers", "1", "--calls-per-minute", "1")
    finally:
        signal.signal(signum, before)
    assert shown.exit_code == 3
    assert "go on with: qualtrics-sender resume --outbox d.outbox" in shown.stderr
    assert len(server.seen) == 1


def test_a_hangup_that_is_ignored_stays_ignored(export, server, kit):
    def script(number: int, seen: object) -> object:
        os.kill(os.getpid(), signal.SIGHUP)
        return kit.answer()

    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    server.script = script
    try:
        assert export("--workers", "1").exit_code == 0
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_failed_before_is_said_until_it_was_replayed(export, run, server, kit):
    server.always(kit.refusal(400))
    assert export().exit_code == 1
    server.always(kit.answer())
    again = export()
    assert again.exit_code == 1
    assert "3 messages failed, 3 of them of earlier exports; replay: qualt" in again.stderr
    assert "failed before" in again.stdout
    assert run("replay", "--outbox", "d.outbox.sqlite", *kit.fast).exit_code == 0
    assert export().exit_code == 0


def test_a_replay_sends_nothing_but_what_failed(export, run, server, kit):
    server.always(kit.refusal(401))
    export()
    calls = len(server.seen)
    replayed = run("replay", "--outbox", "d.outbox.sqlite", *kit.fast, "--json")
    assert json.loads(replayed.stdout)["messages"]["pending"] > 0
    assert "note: nothing is replayed: no message that failed can be sent again" in replayed.stderr
    assert len(server.seen) == calls


def test_what_a_policy_lost_is_replayed_by_the_one_that_the_hint_names(export, run, server, kit):
    server.always(kit.refusal(400))
    lost = export("--policy", "adobe-best-effort")
    assert "adobe-best-effort" in lost.stdout
    hint = "3 messages failed; replay: qualtrics-sender replay --outbox d.outbox.sqlite"
    assert f"{hint} --policy lossless\n" in lost.stderr
    assert "who they are: qualtrics-sender failed --outbox d.outbox.sqlite\n" in lost.stderr
    server.always(kit.answer())
    again = ("replay", "--outbox", "d.outbox.sqlite", "--policy", "lossless")
    replayed = json.loads(run(*again, *kit.fast, "--json").stdout)
    assert (replayed["identitiesActivated"], replayed["policy"]) == (3, "lossless")
    assert json.loads(run("status", "--outbox", "d.outbox.sqlite", "--json").stdout) == replayed


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("d.outbox.sqlite", "--report and --outbox both name this file"),
        ("p.jsonl", "--report would take its place, and it is given to be read"),
    ],
)
def test_a_report_does_not_overwrite_what_it_is_about(run, server, kit, folder, name, why):
    kit.write(folder / "p.jsonl", kit.profiles(3))
    before = (folder / "p.jsonl").read_text()
    export = ("export", "--dataflow", "d.toml", "--outbox", "d.outbox.sqlite", "p.jsonl")
    refused = run(*export, *kit.fast, "--report", name)
    assert refused.exit_code == 2
    assert why in refused.stderr
    assert (folder / "p.jsonl").read_text() == before
    twice = run(*export, *kit.fast, "--report", "r", "--html", "r")
    assert twice.exit_code == 2


def test_an_outbox_that_is_not_there_is_told_with_those_beside_it(export, run, server, kit):
    server.always(kit.answer())
    export()
    missing = run("status", "--outbox", "e.outbox.sqlite")
    assert "no such outbox; beside it: d.outbox.sqlite" in missing.stderr


def test_the_same_file_by_another_mapping_is_read_anew_and_missed_by_nobody(
    export, run, server, kit, folder
):
    kit.write(folder / "p.jsonl", kit.profiles(MANY))
    server.always(kit.refusal(401))
    export()
    flow = (folder / "d.toml").read_text()
    (folder / "d.toml").write_text(f'{flow}\n[[attributes]]\nsource = "a.b"\ntarget = "ab"\n')
    server.always(kit.answer())
    anew = export("--json")
    assert "not to the end" not in anew.stderr
    assert json.loads(anew.stdout)["rowsRead"] == MANY


def test_what_the_library_left_unread_is_told_whatever_its_source(export, server, kit, folder):
    server.always(kit.refusal(401))
    kit.write(folder / "people.jsonl", people := kit.profiles(MANY))  # as members
    flow = Dataflow.from_toml(folder / "d.toml")
    outbox = folder / "d.outbox.sqlite"
    with (
        Exporter(flow, outbox=outbox, calls_per_minute=None) as exporter,
        pytest.raises(ExportStoppedError),
    ):
        exporter.export(people, source={"table": "people"})
    server.always(kit.answer())
    assert "read its source up to row 256, not to the end" in export().stderr
