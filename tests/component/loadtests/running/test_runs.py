"""A run in one process, against a mock over HTTP: begun, followed, concluded, and reported."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from loadtests.running.concluding import conclude
from loadtests.running.one_after_another import Runs
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.options.run_options import OptionsError
from loadtests.running.sending import sending_side
from loadtests.running.sending.messages import Messages
from loadtests.running.sending.share import Share, fingerprint_of
from loadtests.verdicts import Verdict
from mock_qualtrics.testing import Qualtrics
from support.one_process import OneProcess
from support.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.qualtrics(clock="real")

LATE = ("--generator-late-ms", "60000", "--generator-processor-share", "1000")
Loaded = Callable[..., OneProcess]


@pytest.fixture
def load(qualtrics: Qualtrics, monkeypatch) -> Iterator[Loaded]:
    """Make load tests of the test's own tenant."""
    monkeypatch.setenv("QUALTRICS_URL", qualtrics.trigger_url)
    monkeypatch.setenv("QUALTRICS_USERNAME", qualtrics.username)
    monkeypatch.setenv("QUALTRICS_API_TOKEN", qualtrics.api_token)
    with ExitStack() as stack:

        def make(*words: str, users: int = 4) -> OneProcess:
            made = OneProcess(*LATE, *words, users=users)
            stack.callback(made.close)
            return made

        yield make


def run(process: OneProcess) -> Verdict:
    """Run to the end, and conclude."""
    coordinator = process.coordinator()
    coordinator.begin()
    assert coordinator.ended.wait(DEADLINE_SECONDS)
    return conclude(coordinator, process.target, "again")


def fault(process: OneProcess, settings: dict[str, Any]) -> None:
    mock = process.target.mock
    assert mock is not None
    mock.control.add_fault(mock.tenant_id, settings)


def refuse(process: OneProcess, times: int) -> None:
    """Have the mock answer the next calls with 503."""
    fault(process, {"kind": "status", "status": 503, "when": {"first": times}})


def begin(process: OneProcess, **options: object) -> None:
    """Begin as Locust does, perhaps with what its web page was given."""
    process.environment.host = options.pop("host", process.target.host)
    vars(process.environment.parsed_options).update(options)
    process.events["test_start"].fire()
    process.events["spawning_complete"].fire()


def result_of(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text("utf-8"))


def test_a_run_counts_what_the_mock_does_and_reports_it_everywhere(load, tmp_path, capsys) -> None:
    page, result, junit = (tmp_path / name for name in ("r.html", "r.json", "r.xml"))
    process = load(
        *("--workload", "steady", "--profiles", "30", "--arrival-rate", "200"),
        *("--threshold", "lost==0", "--threshold", "duplicates==0"),
        *("--report", str(page), "--report-json", str(result), "--report-junit", str(junit)),
    )
    verdict = run(process)
    assert (verdict.exit_code, verdict.reasons) == (0, ())
    found = result_of(result)
    assert found["counted"]["calls"] == found["journal"]["calls"] == 30
    assert found["journal"]["runs"] == {"succeeded": 30, "failed": 0, "blocked": 0, "pending": 0}
    assert [line["name"] for line in found["balance"] if not line["holds"]] == []
    assert [each["exception"] for each in process.events["request"].fired] == [None] * 30
    assert "PASSED" in capsys.readouterr().out
    assert "<svg" in page.read_text("utf-8")
    assert ET.parse(junit).getroot().get("failures") == "0"


def test_what_is_refused_is_tried_again_as_the_policy_says(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load(
        *("--profiles", "3", "--retry-after", "0.01,0.02", "--report-json", str(report)),
    )
    refuse(process, times=4)
    run(process)
    found = result_of(report)
    assert found["counted"]["byStatus"] == {"202": 3 - found["lost"], "503": 4}
    failed = [each for each in process.events["request"].fired if each["exception"]]
    assert len(failed) == 4
    assert "503" in str(failed[0]["exception"])


def test_a_redirect_that_is_followed_is_a_call_more_in_the_journal(load) -> None:
    process = load("--profiles", "3")
    here = process.target.url.removeprefix(process.target.host)
    fault(process, {"kind": "redirect", "status": 307, "location": here, "when": {"first": 1}})
    assert run(process).exit_code == 0
    assert process.target.totals()["received"] == 4


def test_a_threshold_that_nothing_can_save_ends_the_run(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load(
        *("--profiles", "100000", "--arrival-rate", "20", "--policy", "none"),
        *("--threshold", "lost==0", "--report-json", str(report)),
    )
    refuse(process, times=1)
    verdict = run(process)
    found = result_of(report)
    assert verdict.exit_code == 4
    assert "lost==0 can no longer be met" in found["notes"][0]
    assert 1 <= found["counted"]["messages"] < 1_000


def test_a_process_that_has_another_workload_breaks_the_run(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load("--profiles", "3", "--report-json", str(report))
    process.environment.parsed_options.profiles = 4
    verdict = run(process)
    assert verdict.exit_code == 5
    assert "expected the same options, files and variables" in " ".join(verdict.reasons)
    assert process.target.totals()["received"] == 0


def test_a_journal_that_is_gone_at_the_end_is_told_of(load) -> None:
    process = load("--profiles", "3")
    coordinator = process.coordinator()
    coordinator.begin()
    assert coordinator.ended.wait(DEADLINE_SECONDS)
    process.target.mock.control.delete_tenant(process.target.mock.tenant_id)
    verdict = conclude(coordinator, process.target, "again")
    assert verdict.exit_code == 5
    assert "the mock's journal cannot be read" in " ".join(verdict.reasons)


def test_a_mock_that_is_reset_in_mid_run_breaks_the_run(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    run(load("--profiles", "3"))
    process = load("--profiles", "3", "--report-json", str(report))
    coordinator = process.coordinator()
    coordinator.begin()
    assert coordinator.ended.wait(DEADLINE_SECONDS)
    process.target.mock.control.reset(process.target.mock.tenant_id)
    assert conclude(coordinator, process.target, "again").exit_code == 5
    assert "reset during the run" in " ".join(result_of(report)["notes"])


def test_what_the_planner_cannot_plan_is_told_and_no_reason_to_stop(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load("--profiles", "3", "--policy", "none", "--report-json", str(report))
    limits = {
        **process.target.mock.control.tenant(process.target.mock.tenant_id),
        "limits": {"runsPerDay": 0},
    }
    process.target.mock.control.tenant = lambda tenant_id: limits
    assert run(process).exit_code == 0
    found = result_of(report)
    assert found["forecast"] is None
    assert "the planner cannot forecast this: runs per day: found 0" in found["notes"][0]


def test_a_report_that_cannot_be_written_in_the_end_is_no_verdict(load, tmp_path, caplog) -> None:
    report = tmp_path / "folder" / "r.json"
    process = load("--profiles", "3", "--report-json", str(report))
    report.mkdir(parents=True)
    assert run(process).exit_code == 5
    assert "is a folder" in caplog.text or "directory" in caplog.text.lower()


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


def test_a_threshold_about_runs_needs_a_mock(load) -> None:
    process = load("--profiles", "1", "--threshold", "duplicates==0")
    elsewhere = replace(process.target, mock=None)
    assert elsewhere.totals() is None
    with pytest.raises(OptionsError, match="--threshold duplicates==0: found a target that is no"):
        elsewhere.check(process.options)


@pytest.fixture
def places(qualtrics, tmp_path) -> dict[str, str]:
    """Return a page that is no destination, and a file whose times run backwards."""
    (tmp_path / "backwards").write_text("1\n0.5\n", "utf-8")
    (tmp_path / "forwards").write_text("0.5\n1\n", "utf-8")
    page = qualtrics.trigger_url.partition("/inbound-event")[0] + "/runs"
    files = {name: str(tmp_path / name) for name in ("backwards", "forwards")}
    return {"page": page, **files}


@pytest.mark.parametrize(
    ("words", "variables", "message"),
    [
        (("--arrivals", "{backwards}"), {}, "backwards:2: found 0.5 after 1, expected times"),
        (("--arrivals", "{forwards}", "--workload", "spike"), {}, "beside --workload spike"),
        (("--arrivals", "{forwards}", "--report", "{forwards}"), {}, "it is given to be read"),
        (("--report-json", "{forwards}/x"), {}, "is a file; expected a folder"),
        (("--profiles", "0"), {}, "profiles: found 0, expected a whole number"),
        (("--dataflow", "{forwards}"), {}, "forwards"),
        (("--dataflow", "{forwards}x"), {}, "cannot be read"),
        (("--policy", "none", "--retry-after", "1"), {}, "--policy none makes no retries"),
        ((), {"QUALTRICS_URL": "http://127.0.0.1:1/x"}, "does it run, and at this address?"),
        ((), {"QUALTRICS_URL": "{page}"}, "no workflow of the mock has the URL"),
        (("--control-url", "there"), {}, "--control-url: found no URL"),
        ((), {"QUALTRICS_URL": "https://example.com/x"}, "--i-own-this-target"),
        ((), {"QUALTRICS_API_TOKEN": ""}, "set QUALTRICS_API_TOKEN"),
    ],
)
def test_bad_input_is_refused_before_anything_is_sent(
    load, places, monkeypatch, words, variables, message
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value.format(**places))
    with pytest.raises(OptionsError) as refused:
        load(*(word.format(**places) for word in words))
    assert message in str(refused.value)


def test_a_generator_that_is_late_gives_no_other_verdict(load) -> None:
    process = load(
        *("--profiles", "200", "--arrival-rate", "20000", "--generator-late-ms", "1"),
        *("--threshold", "lost==1"),
        users=1,
    )
    verdict = run(process)
    assert (verdict.exit_code, verdict.kind) == (5, "generator-limited")
    assert "late or later, 1 ms allowed" in verdict.reasons[0]


def test_preparing_a_share_takes_nothing_from_when_it_begins(load, monkeypatch) -> None:
    process = load("--profiles", "1")
    begins = []
    monkeypatch.setattr(sending_side, "time", SimpleNamespace(monotonic=lambda: 10.2))
    monkeypatch.setattr(
        sending_side,
        "Generator",
        lambda *_, begins_in_seconds, **__: begins.append(begins_in_seconds),
    )
    options = process.options
    endpoint = endpoint_of(options.policy)
    fingerprint = fingerprint_of(options.workload, options.mapping, endpoint)
    process.sending._prepared(Share(0, 1, "run", 0.5, fingerprint), heard=10.0)
    assert begins == [pytest.approx(0.3)]


def test_a_slow_target_cannot_hide_its_queue(load, tmp_path) -> None:
    report = tmp_path / "r.json"
    process = load(
        *("--profiles", "8", "--arrival-rate", "1000", "--report-json", str(report)), users=1
    )
    fault(process, {"kind": "latency", "seconds": 0.05, "when": {"every": 1}})
    run(process)
    latency = result_of(report)["counted"]["latencyMs"]
    assert latency["p100"] > 7 * 50, "each call waits for those before it"


@pytest.mark.parametrize(
    ("threshold", "exit_code"), [(("--threshold", "error_ratio<0.9"), 0), ((), 1)]
)
def test_without_a_threshold_a_loss_fails_the_run_and_with_some_they_alone_do(
    load, threshold, exit_code
) -> None:
    process = load("--profiles", "4", "--policy", "none", *threshold)
    refuse(process, times=1)
    assert run(process).exit_code == exit_code
