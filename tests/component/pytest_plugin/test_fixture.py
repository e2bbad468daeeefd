"""The fixture ``qualtrics`` itself, used as its users use it."""

import pytest
import requests

from contracts.control_client import ControlClient, control_url_of
from mock_qualtrics import pytest_plugin
from mock_qualtrics.errors import (
    ClockMustBeAdvancedError,
    InvalidFaultError,
    InvalidSettingsError,
    NotFoundError,
    NotVirtualError,
)
from mock_qualtrics.testing import Qualtrics, RunsNotSeenError

TIMEOUT_SECONDS = 60  # only a test that fails waits so long


def send(qualtrics: Qualtrics, body: object, url: str | None = None) -> requests.Response:
    auth = (qualtrics.username, qualtrics.api_token)
    return requests.post(
        url or qualtrics.trigger_url, json=body, auth=auth, timeout=TIMEOUT_SECONDS
    )


def test_runs_come_in_the_order_in_which_their_calls_were_received(qualtrics: Qualtrics):
    for name in ("Dave", "Ana", "Bo"):
        send(qualtrics, {"person": {"name": {"firstName": name}}})
    runs = qualtrics.wait_for_runs(succeeded=3, timeout_seconds=TIMEOUT_SECONDS)
    assert [run.event["person"]["name"]["firstName"] for run in runs] == ["Dave", "Ana", "Bo"]
    assert [run.request_id for run in runs] == [row.request_id for row in qualtrics.requests()]
    assert {run.workflow_id for run in qualtrics.runs()} == {runs[0]["workflowId"]}


def test_each_test_has_a_tenant_of_its_own(qualtrics: Qualtrics):
    assert qualtrics.totals()["received"] == 0
    assert qualtrics.runs() == qualtrics.requests() == []


def test_both_forms_of_the_trigger_url_start_the_default_workflow(qualtrics: Qualtrics):
    assert send(qualtrics, {}).status_code == 202
    assert send(qualtrics, {}, qualtrics.legacy_trigger_url).status_code == 202
    assert qualtrics.totals().accepted == 2


def test_a_workflow_of_one_s_own_has_its_own_url_and_settings(qualtrics: Qualtrics):
    workflow = qualtrics.workflow(
        name="Invite",
        fields=[{"name": "email", "path": "$.email"}],
        tasks=[{"name": "Mail", "type": "email", "settings": {"to": "~{aedj://email}"}}],
    )
    assert workflow.trigger_url != qualtrics.trigger_url
    send(qualtrics, {}, workflow.trigger_url)
    send(qualtrics, {"email": "x"}, workflow.trigger_url)
    (failed,) = qualtrics.wait_for_runs(failed=1, timeout_seconds=TIMEOUT_SECONDS)
    (succeeded,) = qualtrics.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)
    assert "email" in str(failed.error)
    assert succeeded.tasks[0].status == "Succeeded"
    assert succeeded.fields == {"email": "x"}


@pytest.mark.qualtrics(clock="virtual", limits={"calls_per_minute": 2})
def test_a_marker_chooses_the_tenant_s_clock_and_limits(qualtrics: Qualtrics):
    assert qualtrics.clock.now() == "2026-01-01T00:00:00.000000Z"
    assert [send(qualtrics, {}).status_code for _ in range(3)] == [202, 202, 429]
    assert qualtrics.clock.advance(seconds=60) == "2026-01-01T00:01:00.000000Z"
    assert send(qualtrics, {}).status_code == 202
    assert len(qualtrics.wait_for_runs(succeeded=2, timeout_seconds=TIMEOUT_SECONDS)) == 2


@pytest.mark.qualtrics(clock="virtual")
def test_waiting_on_a_clock_that_stands_says_to_advance_it(qualtrics: Qualtrics):
    send(qualtrics, {})
    with pytest.raises(ClockMustBeAdvancedError):
        qualtrics.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)


@pytest.mark.qualtrics(clock="real")
def test_a_real_clock_cannot_be_advanced(qualtrics: Qualtrics):
    with pytest.raises(NotVirtualError):
        qualtrics.clock.advance(seconds=1)


class TestChosenByAFixture:
    """A class, module or conftest may choose for all its tests."""

    @pytest.fixture
    def qualtrics_settings(self):
        return {"limits": {"callsPerMinute": 1}}

    def test_the_settings_hold_for_all(self, qualtrics: Qualtrics):
        assert [send(qualtrics, {}).status_code for _ in range(2)] == [202, 429]

    @pytest.mark.qualtrics(limits={"callsPerMinute": 2})
    def test_a_marker_s_come_on_top(self, qualtrics: Qualtrics):
        assert [send(qualtrics, {}).status_code for _ in range(3)] == [202, 202, 429]


def test_a_draft_is_enabled_and_a_token_replaced_in_a_test(qualtrics: Qualtrics):
    draft = qualtrics.workflow(name="Later", draft=True)
    assert send(qualtrics, {}, draft.trigger_url).status_code == 404
    assert qualtrics.change_workflow(draft, enabled=True).state == "active"
    kept = qualtrics.change_workflow(draft, retry_tasks=True, publish=False)
    assert kept.unpublished == {"retryTasks": True}
    assert send(qualtrics, {}, draft.trigger_url).status_code == 202
    old = qualtrics.api_token
    assert qualtrics.new_token() == qualtrics.api_token != old
    assert send(qualtrics, {}).status_code == 202
    with pytest.raises(InvalidSettingsError, match="enabled before"):
        qualtrics.change_workflow(draft, draft=True)


def test_an_interval_of_a_fault_may_be_a_tuple(qualtrics: Qualtrics):
    fault = qualtrics.faults.add("run-failed", when={"between": (0, 60)})
    assert fault.when == {"between": [0, 60]}
    since = qualtrics.faults.add("run-failed", when={"since_first_call": (0, 60)})
    assert since.when == {"sinceFirstCall": [0, 60]}


def test_faults_are_added_listed_and_removed(qualtrics: Qualtrics):
    fault = qualtrics.faults.add("status", when={"every": 1}, status=503, retry_after_seconds=7)
    assert send(qualtrics, {}).headers["retry-after"] == "7"
    assert qualtrics.faults.all() == [fault]
    qualtrics.faults.remove(fault.id)
    assert send(qualtrics, {}).status_code == 202
    qualtrics.faults.add("hang", when={"every": 1})
    qualtrics.faults.clear()
    assert qualtrics.faults.all() == []
    with pytest.raises(InvalidFaultError, match="kind"):
        qualtrics.faults.add("earthquake", when={"every": 1})


def test_runs_that_do_not_come_are_explained(qualtrics: Qualtrics):
    requests.post(qualtrics.trigger_url, json={}, timeout=TIMEOUT_SECONDS)
    with pytest.raises(RunsNotSeenError, match="carries no credential") as caught:
        qualtrics.wait_for_runs(succeeded=2, timeout_seconds=0)
    assert "Awaited succeeded 2 within 0 s; there are received 1, refused 1" in str(caught.value)
    assert qualtrics.api_token not in str(caught.value)


def test_a_call_to_a_url_that_names_nobody_is_the_nearest_miss_of_a_tenant_without_calls(
    qualtrics: Qualtrics,
):
    strange = qualtrics.url + "/inbound-event/v1/events/json/triggers?urlTokenId=none"
    requests.post(strange, json={}, timeout=TIMEOUT_SECONDS)
    assert "names no workflow" in qualtrics.nearest_miss()


def test_only_runs_whose_event_is_the_awaited_one_are_waited_for(qualtrics: Qualtrics):
    for number in range(3):
        send(qualtrics, {"id": number, "more": True})
    (found,) = qualtrics.wait_for_runs(event={"id": 2}, timeout_seconds=TIMEOUT_SECONDS)
    assert found.event == {"id": 2, "more": True}
    with pytest.raises(RunsNotSeenError, match=r"\$.id: wanted 9, found") as caught:
        qualtrics.wait_for_runs(event={"id": 9}, timeout_seconds=0)
    assert "succeeded 3; with the event, 0." in str(caught.value)


def test_a_wait_for_more_runs_than_calls_says_that_each_call_did_well(qualtrics: Qualtrics):
    send(qualtrics, {})
    qualtrics.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)
    with pytest.raises(RunsNotSeenError, match="Every call led to a run as awaited: 1"):
        qualtrics.wait_for_runs(succeeded=2, timeout_seconds=0)


def test_a_tenant_that_the_test_deleted_is_no_trouble(qualtrics: Qualtrics):
    with ControlClient(control_url_of(qualtrics.url)) as control:
        control.delete_tenant(qualtrics.id)
    assert qualtrics.id in str(qualtrics.sections())


def test_the_fixture_shows_no_secret(qualtrics: Qualtrics):
    assert repr(qualtrics) == f"Qualtrics({qualtrics.id!r})"


def test_a_count_that_is_none_is_named_with_those_there_are(qualtrics: Qualtrics):
    with pytest.raises(TypeError, match=r"timeout \(did you mean timeout_seconds\?\)"):
        qualtrics.wait_for_runs(timeout=1)
    for wrong in ("sucess", "success"):
        said = (
            rf"{wrong} \(did you mean succeeded\?\): expected some of timeout_seconds, .*extra_runs"
        )
        with pytest.raises(TypeError, match=said):
            qualtrics.wait_for_runs(**{wrong: 3})


def test_a_count_is_awaited_under_either_form_of_its_name(qualtrics: Qualtrics):
    qualtrics.run_now()
    for name in ("extra_runs", "extraRuns"):
        assert len(qualtrics.wait_for_runs(timeout_seconds=TIMEOUT_SECONDS, **{name: 1})) == 1
    with pytest.raises(RunsNotSeenError, match=r"Awaited extra_runs 2 .* extra_runs 1"):
        qualtrics.wait_for_runs(extra_runs=2, timeout_seconds=0)


@pytest.mark.qualtrics("virtual")
def test_a_marker_without_a_keyword_is_refused(request: pytest.FixtureRequest):
    with pytest.raises(pytest.fail.Exception, match="the marker takes keywords only"):
        request.getfixturevalue("qualtrics")


def test_errors_name_settings_as_tests_write_them(qualtrics: Qualtrics):
    with pytest.raises(InvalidSettingsError) as caught:
        qualtrics.workflow(on_task_failur="stop", tasks=[{"name": "T", "type": "x"}])
    said = str(caught.value)
    assert '$.on_task_failur: found "stop"' in said
    assert '(did you mean "on_task_failure"?)' in said
    assert "require_authentication" in said
    with pytest.raises(InvalidFaultError, match=r'known are .*"retry_after_seconds"'):
        qualtrics.faults.add("status", when={"every": 1}, status=503, retry_after=1)


def test_a_path_that_cannot_be_read_is_told_to_the_test_that_sets_it(qualtrics: Qualtrics):
    path = "$[?@.a==1e999]"
    with pytest.raises(InvalidSettingsError, match="expected a JSONPath"):
        qualtrics.workflow(fields=[{"name": "f", "path": path}])
    with pytest.raises(InvalidFaultError, match="expected a JSONPath"):
        qualtrics.faults.add("run-failed", when={"path": path})


def test_an_event_beyond_python_s_limits_is_told_like_any_other(qualtrics: Qualtrics):
    digits = "9" * 5_000
    headers = {"X-API-TOKEN": qualtrics.api_token, "Content-Type": "application/json"}
    for body in (f'{{"n": {digits}}}', '{"n": ' + "[" * 480 + "]" * 480 + "}"):
        requests.post(
            qualtrics.trigger_url, data=body, headers=headers, timeout=TIMEOUT_SECONDS
        ).raise_for_status()
    runs = qualtrics.wait_for_runs(succeeded=2, timeout_seconds=TIMEOUT_SECONDS)
    assert runs[0].event == {"n": digits}
    with pytest.raises(RunsNotSeenError, match="wanted a whole number of 16610 bits"):
        qualtrics.wait_for_runs(succeeded=1, timeout_seconds=0, event={"n": 10**5_000 - 1})
    (title, _), _ = qualtrics.sections()
    assert title == "qualtrics: closest to a run that succeeded"


def test_a_report_that_fails_is_a_line_and_ends_no_session(qualtrics: Qualtrics, monkeypatch):
    def fail(**_: object) -> None:
        raise OverflowError("nobody foresaw it")

    monkeypatch.setattr(qualtrics, "sections", fail)
    with pytest.raises(ZeroDivisionError) as failure:
        assert 1 / 0
    assert pytest_plugin.sections(qualtrics, failure) == [
        ("qualtrics", "what the mock saw cannot be told: OverflowError('nobody foresaw it')")
    ]


def test_the_test_button_of_a_workflow_starts_a_run(qualtrics):
    draft = qualtrics.workflow(name="Draft", draft=True)
    first = draft.run_now({"n": 1})
    second = qualtrics.run_now()
    assert (first.status, first.run_now, first.event, second.event) == (
        "Pending",
        True,
        {"n": 1},
        {},
    )
    runs = qualtrics.wait_for_runs(succeeded=2)
    assert [run.id for run in runs] == [first.id, second.id]
    assert all("Run now" in run.hints[0] for run in runs)


@pytest.mark.qualtrics(limits={"calls_per_minute": 1})
def test_a_reset_empties_the_tenant_and_keeps_its_workflows_and_token(qualtrics: Qualtrics):
    other, token, url = qualtrics.workflow(), qualtrics.new_token(), qualtrics.trigger_url
    for _ in range(2):  # the second has the minute to itself again
        assert send(qualtrics, {}, other.trigger_url).status_code == 202
        assert send(qualtrics, {}).status_code == 429
        send(qualtrics, {}, f"{qualtrics.url}/elsewhere?urlTokenId=x")
        qualtrics.faults.add("status", when={"first": 1}, status=503)
        qualtrics.reset()
        assert (qualtrics.requests(), qualtrics.runs(), qualtrics.faults.all()) == ([], [], [])
        assert (qualtrics.totals().received, qualtrics.totals().pending) == (0, 0)
        assert "No call reached the mock" in qualtrics.nearest_miss()
    assert (qualtrics.api_token, qualtrics.trigger_url) == (token, url)


@pytest.mark.qualtrics(clock="virtual")
def test_a_reset_sets_the_clock_back_and_of_a_deleted_tenant_it_is_an_error(qualtrics: Qualtrics):
    start = qualtrics.clock.now()
    qualtrics.clock.advance(seconds=90)
    qualtrics.reset()
    assert qualtrics.clock.now() == start
    qualtrics.close()
    with pytest.raises(NotFoundError):
        qualtrics.reset()
