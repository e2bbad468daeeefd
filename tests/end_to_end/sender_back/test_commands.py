"""The commands as a user runs them, against the real mock."""

import json
import signal

from contracts import validate


def test_ctrl_c_finishes_what_is_in_flight_and_says_how_to_go_on(stage, wait):
    process = stage.start(*stage.export(stage.profiles(300), "--calls-per-minute", "1200"))
    wait(lambda: stage.totals()["accepted"] >= 3)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 3
    assert f"qualtrics-sender resume --outbox {stage.outbox}" in err
    status = json.loads(stage.run("status", "--outbox", stage.outbox, "--json").stdout)
    assert status["uncertainAttempts"] == 0
    assert status["messages"]["activated"] == stage.totals()["accepted"]
    unlimited = ("--calls-per-minute", "unlimited", "--json")
    resumed = stage.run("resume", "--outbox", stage.outbox, *unlimited)
    assert (resumed.returncode, json.loads(resumed.stdout)["messages"]["activated"]) == (0, 300)
    assert stage.totals()["duplicates"] == 0


def test_two_exports_on_one_outbox_do_not_get_in_each_others_way(stage, wait):
    profiles = stage.profiles(300)
    first = stage.start(*stage.export(profiles, "--calls-per-minute", "1200"))
    wait(lambda: stage.totals()["accepted"] >= 1)
    second = stage.run(*stage.export(profiles))
    first.send_signal(signal.SIGTERM)
    first.communicate()
    assert second.returncode == 2
    assert "another export is using this outbox" in second.stderr
    assert first.returncode == 3


def test_nothing_that_a_run_writes_tells_a_secret_or_an_identity(stage):
    stage.add_fault(kind="status", status=500, when={"every": 3})
    stage.add_fault(kind="status", status=413, when={"every": 7})
    profiles = stage.profiles(60)
    written = []
    for more in (["-v", "--html", "r.html", "--report", "r.json"], ["--json"]):
        options = ("--calls-per-minute", "unlimited", *more)
        written.append(stage.run(*stage.export(profiles, *options)))
    written += [
        stage.run("check", "--dataflow", "dataflow.toml"),
        stage.run("status", "--outbox", stage.outbox),
        stage.run("replay", "--outbox", stage.outbox, "--failed", "-v"),
        stage.run("reconcile", "--outbox", stage.outbox, "--mock", stage.ready["url"]),
    ]
    texts = [run.stdout + run.stderr for run in written]
    texts += [(stage.folder / name).read_text() for name in ("r.html", "r.json")]
    url_token_id = stage.trigger_url.partition("urlTokenId=")[2]
    for text in texts:
        assert text
        for secret in (stage.token, "@example.com", url_token_id, stage.tenant["username"]):
            assert secret not in text
    assert stage.token.encode() not in stage.outbox.read_bytes()


def test_the_report_is_as_its_schema_says_and_agrees_with_the_mock(stage):
    finished = stage.run(
        *stage.export(stage.profiles(50), "--calls-per-minute", "unlimited", "--json")
    )
    report = json.loads(finished.stdout)
    assert validate(report, "report") == []
    assert report["messages"]["activated"] == stage.totals()["accepted"] == 50
    agreed = stage.run("reconcile", "--outbox", stage.outbox, "--mock", stage.ready["url"])
    assert (agreed.returncode, agreed.stdout) == (0, "both sides agree on every message\n")


def test_exporting_the_same_file_twice_sends_nothing_the_second_time(stage):
    profiles = stage.profiles(20)
    for expected in (20, 0):
        finished = stage.run(*stage.export(profiles, "--calls-per-minute", "unlimited", "--json"))
        assert json.loads(finished.stdout)["identitiesActivated"] == expected
    assert stage.totals()["received"] == 20


def test_test_destination_shows_request_answer_and_trace_id(stage):
    tested = stage.run("test-destination", "--dataflow", "dataflow.toml", "--count", 2, "--json")
    results = json.loads(tested.stdout)["results"]
    assert [result["response"]["status"] for result in results] == [200, 200]
    assert validate(results[0]["request"]["body"], "exported-message") == []
    assert len({result["traceId"] for result in results}) == 2
    assert stage.totals()["accepted"] == 2
