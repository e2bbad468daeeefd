"""``failed``: who was lost, and what ``replay`` and ``resume`` say when they have nothing to do."""

import csv
import io
import json
from pathlib import Path

import pytest

OUTBOX = ("--outbox", "d.outbox.sqlite")


@pytest.fixture
def lost(export, server, kit):
    """An outbox with a message that failed, one that is uncertain and one that was activated."""
    answers = [kit.refusal(413, "TOO_BIG"), kit.answer(504), kit.answer()]
    server.script = lambda number, seen: answers[int(json.loads(seen.body)["firstName"][-1])]
    export("--policy", "adobe-best-effort", "--retry-after", "0.01", "--workers", "1")


def test_who_was_lost_is_one_json_line_each_and_masked(lost, run):
    shown = run("failed", *OUTBOX)
    failed, uncertain = (json.loads(line) for line in shown.stdout.splitlines())
    assert shown.exit_code == 0
    assert shown.stderr == "1 message failed, 1 uncertain\n"
    assert {failed["identity"], uncertain["identity"]} == {"p***@e***.com"}
    assert (failed["state"], failed["errorCode"], failed["attempts"]) == ("failed", "TOO_BIG", 1)
    assert (uncertain["state"], uncertain["errorCode"]) == ("uncertain", "504")
    assert (uncertain["attempts"], uncertain["uncertainAttempts"]) == (2, 2)
    assert (failed["canBeReplayed"], uncertain["canBeReplayed"]) == (True, False)
    assert failed["firstFailedAt"].endswith("Z")
    assert len(failed["traceId"]) == 36


def test_identities_are_shown_when_asked_for_also_as_csv(lost, run):
    shown = run("failed", *OUTBOX, "--csv", "--show-identities")
    failed, uncertain = csv.DictReader(io.StringIO(shown.stdout))
    assert (failed["identity"], uncertain["identity"]) == ("p0@example.com", "p1@example.com")
    assert (failed["description"], failed["canBeReplayed"]) == ("refused with 413", "true")
    assert "@example.com" not in run("failed", *OUTBOX, "--csv").stdout


def test_who_has_opted_out_since_is_named_no_more(lost, run, kit):
    (first,) = kit.profiles(1)
    kit.write(Path("p.jsonl"), [first | {"consents": {"marketing": {"any": {"val": "n"}}}}])
    run("export", "--dataflow", "d.toml", "p.jsonl", "--policy", "adobe-best-effort")
    failed = json.loads(run("failed", *OUTBOX).stdout.splitlines()[0])
    assert (failed["identity"], failed["errorCode"]) == (None, "TOO_BIG")
    assert failed["canBeReplayed"] is False


def test_what_may_still_be_lost_is_told_beside_what_was(export, run, server, kit):
    server.always(kit.refusal(401))
    export()
    shown = run("failed", *OUTBOX)
    assert shown.stdout == ""
    assert shown.stderr.startswith("0 messages failed, 0 uncertain; ")
    assert shown.stderr.endswith(" of the last run pending\n")


def test_where_nobody_was_lost_nothing_is_printed(export, run):
    export()
    shown = run("failed", *OUTBOX, "--json")
    assert (shown.exit_code, shown.stdout) == (0, "")
    assert shown.stderr == "0 messages failed, 0 uncertain\n"
    assert run("failed", *OUTBOX, "--json", "--csv").exit_code == 2
    assert "no such outbox" in run("failed", "--outbox", "none.sqlite").stderr


def test_a_code_that_no_failed_message_has_is_said_with_those_that_there_are(lost, run, server):
    calls = len(server.seen)
    shown = run("replay", *OUTBOX, "--failed", "--error-code", "503")
    assert (shown.exit_code, len(server.seen)) == (1, calls)
    expected = "no failed message has the error code 503, expected one of: TOO_BIG (1)"
    assert shown.stdout == f"nothing is replayed: {expected}\n"


def test_a_command_with_nothing_to_do_says_so_instead_of_an_old_report(export, run):
    export()
    for command, says in (("resume", "nothing to resume"), ("replay", "nothing is replayed")):
        shown = run(command, *OUTBOX)
        assert (shown.exit_code, shown.stdout.startswith(says)) == (0, True)
        assert "Identities activated" not in shown.stdout
        report = json.loads(run(command, *OUTBOX, "--json", "--report", "r.json").stdout)
        assert report["identitiesActivated"] == 3, "a program gets its report"
        assert json.loads(Path("r.json").read_text()) == report
