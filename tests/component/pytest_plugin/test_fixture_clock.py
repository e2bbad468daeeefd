"""The clock of the fixture ``qualtrics``: it skips to what is due whenever the test waits."""

import threading

import pytest
import requests

from mock_qualtrics.clock import DAY, parse_instant
from mock_qualtrics.testing import Qualtrics

TIMEOUT_SECONDS = 60  # only a test that fails waits so long
MONTH = {"delay": {"kind": "fixed", "seconds": 30 * 86_400}}


def send(qualtrics: Qualtrics, body: object) -> requests.Response:
    auth = (qualtrics.username, qualtrics.api_token)
    return requests.post(qualtrics.trigger_url, json=body, auth=auth, timeout=TIMEOUT_SECONDS)


@pytest.mark.qualtrics(workflow=MONTH)
def test_a_run_is_pending_until_the_test_waits_for_it(qualtrics: Qualtrics):
    send(qualtrics, {})
    assert [run.status for run in qualtrics.runs()] == ["Pending"]
    assert len(qualtrics.wait_for_runs(pending=1, timeout_seconds=TIMEOUT_SECONDS)) == 1
    (run,) = qualtrics.wait_for_runs(succeeded=1, timeout_seconds=TIMEOUT_SECONDS)
    received, started = map(parse_instant, (run.received_on, run.started_on))
    assert started - received == 30 * DAY
    assert parse_instant(qualtrics.clock.now()) >= started


@pytest.mark.qualtrics(workflow=MONTH, limits={"calls_per_minute": 1})
def test_the_clock_can_be_advanced_too(qualtrics: Qualtrics):
    assert [send(qualtrics, {}).status_code for _ in range(2)] == [202, 429]
    qualtrics.clock.advance(seconds=60)
    assert send(qualtrics, {}).status_code == 202
    qualtrics.clock.advance(seconds=30 * 86_400)
    assert qualtrics.totals().succeeded == 2


@pytest.mark.qualtrics(workflow=MONTH)
def test_a_wait_goes_on_for_calls_that_still_come_in(qualtrics: Qualtrics):
    later = threading.Thread(target=lambda: [send(qualtrics, {"n": n}) for n in range(3)])
    later.start()
    assert len(qualtrics.wait_for_runs(succeeded=3, timeout_seconds=TIMEOUT_SECONDS)) == 3
    (found,) = qualtrics.wait_for_runs(event={"n": 2}, timeout_seconds=TIMEOUT_SECONDS)
    assert found.event == {"n": 2}
    later.join()


@pytest.mark.qualtrics(workflow=MONTH)
def test_of_the_runs_that_a_test_awaits_by_event_the_earlier_ones_are_done_too(
    qualtrics: Qualtrics,
):
    # The clock goes on after the wait: an hour lies between the runs, so that none of them becomes
    # due by itself, however slow the machine is.
    for number in range(3):
        send(qualtrics, {"id": number})
        qualtrics.clock.advance(seconds=3_600)
    qualtrics.wait_for_runs(event={"id": 1}, timeout_seconds=TIMEOUT_SECONDS)
    assert [run.status for run in qualtrics.runs()] == ["Succeeded", "Succeeded", "Pending"]
