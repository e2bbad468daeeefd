"""A run in one process, against a mock over HTTP: begun, followed, concluded, and reported."""

from types import SimpleNamespace
from xml.etree import ElementTree as ET

import pytest

from loadtests.running.concluding import conclude
from loadtests.running.options.endpoint import endpoint_of
from loadtests.running.sending import sending_side
from loadtests.running.sending.share import Share, fingerprint_of
from support.load_runs import fault, refuse, result_of, run
from support.waiting import DEADLINE_SECONDS

pytestmark = pytest.mark.qualtrics(clock="real")


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
