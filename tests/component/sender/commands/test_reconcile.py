"""What ``reconcile`` says became of each message, with the real mock."""

import json

import pytest


@pytest.fixture
def reconcile(run, qualtrics, folder, monkeypatch, kit):
    """Export three profiles to the test's own tenant; return how to reconcile."""
    text = (folder / "d.toml").read_text()
    url = text.split('url = "')[1].split('"')[0]
    mapped = text.replace(url, qualtrics.trigger_url).replace(kit.username, qualtrics.username)
    (folder / "d.toml").write_text(mapped)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", qualtrics.api_token)

    def reconcile(*more: str):  # noqa: ANN202  click's result
        outbox = ("--outbox", "d.outbox.sqlite", "--mock", qualtrics.url)
        return run("reconcile", *outbox, *more)

    return reconcile


@pytest.fixture
def exported(reconcile, export):
    def exported(*more: str):  # noqa: ANN202  how to reconcile
        export("--policy", "adobe-best-effort", *more)
        return reconcile

    return exported


def not_well(shown) -> list[dict]:
    assert shown.exit_code == 1
    return json.loads(shown.stdout)["notWell"]


@pytest.mark.qualtrics(workflow={"delay": {"kind": "fixed", "seconds": 3600}})
def test_runs_that_succeeded_are_well_and_pending_ones_are_awaited(exported, export):
    reconcile = exported()
    waiting = reconcile("--json")
    assert {entry["outcome"] for entry in not_well(waiting)} == {"pending"}
    assert "--wait SECONDS waits" in waiting.stderr
    shown = reconcile("--wait", "60", "--json")
    counts = json.loads(shown.stdout)
    assert (shown.exit_code, counts["notWell"], counts["disagreements"]) == (0, [], [])
    assert (counts["messages"], counts["outcomes"]["succeeded"], counts["hint"]) == (3, 3, None)
    words = reconcile()
    assert words.stdout == "", "what is well has no line"
    assert (
        "every message that was to be sent was delivered once, and its run succeeded"
        in words.stderr
    )
    assert "total: 3 messages, 3 succeeded, 0 disagreements" in words.stderr


def test_what_a_disabled_workflow_refused_is_told_as_such(exported, control_of, qualtrics):
    control = control_of(qualtrics)
    workflow = control.tenant(qualtrics.id)["workflows"][0]
    control.disable_workflow(workflow["id"])
    entries = not_well(exported()("--json"))
    assert [entry["outcome"] for entry in entries] == ["never-arrived"] * 3
    assert all("404 (the workflow is disabled)" in entry["meaning"] for entry in entries)
    assert {entry["identity"] for entry in entries} == {"p***@e***.com"}


@pytest.mark.qualtrics(assumptions={"disabledStatus": 202}, workflow={"enabled": False})
def test_ignored_messages_are_listed_with_identities_that_the_journal_knows(exported):
    reconcile = exported()
    shown = reconcile()
    rows = [line.split("\t") for line in shown.stdout.splitlines()]
    assert shown.exit_code == 1
    assert [[*row[1:3], row[4]] for row in rows] == [["ignored", "activated", "p***@e***.com"]] * 3
    assert all(len(row[0]) == 36 for row in rows), "trace ids are whole"
    plain = not_well(reconcile("--show-identities", "--json"))
    assert [entry["identity"] for entry in plain] == [f"p{n}@example.com" for n in range(3)]


@pytest.mark.qualtrics(
    workflow={"tasks": [{"name": "Invite", "type": "email", "fail_probability": 1.0}]}
)
def test_runs_that_failed_are_named_with_their_error(exported, qualtrics):
    reconcile = exported()
    qualtrics.wait_for_runs(failed=3)
    entries = not_well(reconcile("--json"))
    assert {entry["outcome"] for entry in entries} == {"failed"}
    assert all("Invite" in entry["meaning"] for entry in entries)
    assert sorted(run for entry in entries for run in entry["runIds"]) == sorted(
        run.id for run in qualtrics.runs()
    )
    assert {entry["identity"] for entry in entries} == {"p***@e***.com"}


@pytest.mark.qualtrics(limits={"runsPerDay": 1})
def test_runs_past_the_daily_cap_are_blocked(exported):
    entries = not_well(exported()("--wait", "60", "--json"))
    assert [entry["outcome"] for entry in entries] == ["blocked"] * 2


def test_a_call_that_started_two_runs_arrived_twice(exported, qualtrics):
    qualtrics.faults.add("run-twice", when={"first": 1})
    (entry,) = not_well(exported("--workers", "1")("--wait", "60", "--json"))
    assert (entry["outcome"], entry["accepted"], len(entry["runIds"])) == ("arrived-twice", 1, 2)
    assert "ran 2 times (succeeded, succeeded)" in entry["meaning"]


def test_a_mock_that_was_reset_is_guessed(exported, control_of, qualtrics):
    reconcile = exported()
    control_of(qualtrics).reset(qualtrics.id)
    shown = reconcile("--json")
    assert {entry["outcome"] for entry in not_well(shown)} == {"never-arrived"}
    assert "was it reset since" in json.loads(shown.stdout)["hint"]
    assert "was it reset since" in shown.stderr
    assert {entry["identity"] for entry in not_well(shown)} == {None}, "neither side knows it"


@pytest.mark.qualtrics(clock="virtual")
def test_a_virtual_clock_is_not_waited_for(exported):
    shown = exported()("--wait", "3600", "--json")
    assert {entry["outcome"] for entry in not_well(shown)} == {"pending"}
    assert "a virtual clock has to be advanced" in shown.stderr


def test_a_terminal_gets_a_table_of_the_first_rows_only(
    exported, control_of, qualtrics, monkeypatch
):
    reconcile = exported()
    control_of(qualtrics).reset(qualtrics.id)
    monkeypatch.setattr("contracts.tables.on_terminal", lambda: True)
    monkeypatch.setattr("sender.commands.reconcile.on_terminal", lambda: True)
    monkeypatch.setattr("sender.commands.reconcile.SHOWN_ROWS", 2)
    shown = reconcile().stdout
    assert shown.count("never-arrived  ") == 2
    assert "1 more are not well" in shown
    assert "total: 3 messages, 3 never-arrived, 3 disagreements" in shown
