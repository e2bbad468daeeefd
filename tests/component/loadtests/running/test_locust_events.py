"""Runs as Locust begins and ends them, from its page too: none hangs, and each has its code."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from loadtests.running.concluding import conclude
from loadtests.running.one_after_another import Runs
from loadtests.running.sending.messages import Messages
from support.load_runs import begin, result_of, run

pytestmark = pytest.mark.qualtrics(clock="real")


def test_runs_follow_locusts_events_from_the_beginning_to_the_exit_code(load) -> None:
    process = load("--profiles", "5", "--arrival-rate", "500")
    runs = Runs(process.side, process.target)
    runs.listen()
    assert not runs.interrupt(), "nothing has begun"
    process.events["quitting"].fire()
    assert process.environment.process_exit_code is None
    process.events["test_start"].fire()
    process.events["spawning_complete"].fire()
    process.events["spawning_complete"].fire()  # as when somebody changes the number of users
    process.wait_until(lambda: process.runner.ended == ["quit"])
    process.events["quitting"].fire()
    assert process.environment.process_exit_code == 0


def test_a_run_that_is_stopped_says_so_and_counts_what_was_sent(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load(
        *("--profiles", "100000", "--arrival-rate", "50", "--report-json", str(report)),
    )
    runs = Runs(process.side, process.target)
    runs.listen()
    process.events["test_start"].fire()
    process.events["spawning_complete"].fire()
    process.wait_until(lambda: process.target.totals()["received"] >= 5)
    assert runs.interrupt()
    process.events["quitting"].fire()
    assert process.environment.process_exit_code == 3
    found = result_of(report)
    assert found["verdict"] == "interrupted"
    assert found["counted"]["calls"] == process.target.totals()["received"]


def test_what_the_web_page_asks_in_vain_is_told_and_nothing_is_sent(load, caplog) -> None:
    process = load("--profiles", "5")
    process.environment.parsed_options.headless = False
    runs = Runs(process.side, process.target)
    runs.listen()
    begin(process, profiles=0)
    process.wait_until(lambda: process.runner.ended == ["stop"])
    assert "profiles: found 0" in caplog.text
    assert "nothing is sent" in caplog.text
    begin(process, profiles=5, host="http://127.0.0.2:1")
    assert "Host: found http://127.0.0.2:1, expected http://127.0.0.1" in caplog.text
    assert process.target.totals()["received"] == 0


def test_fewer_users_than_processes_are_refused_and_end_the_command(load, caplog) -> None:
    process = load("--profiles", "5")
    side = replace(process.side, role="master")
    process.runner.clients.ready = [SimpleNamespace(id=name) for name in "ab"]
    process.runner.get_worker_index = "ab".index
    Runs(side, process.target).listen()
    begin(process, num_users=1)
    process.wait_until(lambda: process.runner.ended == ["quit"])
    assert "--users: found 1 for 2 processes" in caplog.text
    assert process.environment.process_exit_code == 2


def test_a_mock_that_is_gone_when_a_run_begins_is_told_of(load, caplog) -> None:
    process = load("--profiles", "5")
    Runs(process.side, process.target).listen()
    process.target.mock.control.delete_tenant(process.target.mock.tenant_id)
    begin(process)
    process.wait_until(lambda: process.runner.ended == ["quit"])
    assert "does the mock still run?: nothing is sent" in caplog.text
    assert process.environment.process_exit_code == 2


def test_a_run_begins_only_once_the_result_of_the_last_one_is_there(load, caplog) -> None:
    process = load("--profiles", "100000", "--arrival-rate", "50")
    process.environment.parsed_options.headless = False
    process.environment.parsed_options.csv_prefix = "x"  # so that it takes a while
    Runs(process.side, process.target).listen()
    begin(process)
    process.wait_until(lambda: process.target.totals()["received"] >= 1)
    process.events["test_stopping"].fire()
    begin(process)
    assert "the last run's result is not there yet" in caplog.text


def test_a_result_that_cannot_be_made_ends_the_command(load, monkeypatch, caplog) -> None:
    process = load("--profiles", "3")
    Runs(process.side, process.target).listen()
    monkeypatch.setattr("loadtests.running.one_after_another.conclude", None)
    begin(process)
    process.wait_until(lambda: process.runner.ended == ["quit"])
    process.events["quitting"].fire()
    assert process.environment.process_exit_code == 5
    assert "its result cannot be put together" in caplog.text


def test_a_run_that_is_stopped_before_it_has_sent_anything_does_not_pass(load, capsys) -> None:
    process = load("--profiles", "3")
    Runs(process.side, process.target).listen()
    process.events["test_start"].fire()  # not all users are there yet
    process.events["test_stopping"].fire()
    process.events["quitting"].fire()
    assert process.environment.process_exit_code == 5
    assert "the run was stopped before anything was sent" in capsys.readouterr().out


def test_locusts_page_goes_when_it_was_asked_to(load) -> None:
    process = load("--profiles", "3")
    vars(process.environment.parsed_options).update(headless=False, autostart=True, autoquit=0)
    closed: list[str] = []
    process.environment.web_ui = SimpleNamespace(stop=lambda: closed.append("page"))
    Runs(process.side, process.target).listen()
    begin(process)
    process.wait_until(lambda: bool(closed))
    assert process.runner.ended == ["stop", "quit"]


def test_a_message_that_cannot_be_made_breaks_the_run_and_ends_it(load, monkeypatch) -> None:
    made = Messages.body_of

    def body_of(self: Messages, person: int) -> bytes:
        if person == 3:
            raise ValueError("person 3 has no message")
        return made(self, person)

    monkeypatch.setattr(Messages, "body_of", body_of)
    process = load("--profiles", "100", "--arrival-rate", "500")
    verdict = run(process)
    assert verdict.exit_code == 5
    assert "share 0: person 3 has no message" in " ".join(verdict.reasons)
    assert process.target.totals()["received"] == 3


def test_messages_that_were_never_sent_are_not_lost(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load(
        *("--profiles", "5000", "--arrival-rate", "100", "--report-json", str(report)),
    )
    coordinator = process.coordinator()
    coordinator.begin()
    process.wait_until(lambda: process.target.totals()["received"] >= 5)
    coordinator.halt("the run was stopped")
    coordinator.course.seconds = 60.0  # as if its end had taken a while to be told
    assert conclude(coordinator, process.target, "again").exit_code == 0
    found = result_of(report)
    assert found["counted"]["messages"] < 5_000
    assert found["lost"] == 0
