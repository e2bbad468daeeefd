"""Why a run is as it is stands in one sentence."""

from typing import Any

import pytest

from mock_qualtrics.clock import parse_instant
from mock_qualtrics.runs.attempt import CONDITIONS_NOT_MET
from mock_qualtrics.web.pages.run_details.reasons import reason

START, LATER = "2026-01-01T00:00:00.000000Z", "2026-01-01T00:00:12.000000Z"


def a_run(status: str, **changes: object) -> dict[str, Any]:
    run = {"status": status, "startedOn": START, "dueOn": None, "tasks": [], "error": None}
    return {**run, **changes}


def a_task(name: str, status: str = "Succeeded", attempts: int = 1, error: str | None = None):
    return {"name": name, "status": status, "attempts": attempts, "error": error}


DAY_IS_FULL = "the daily limit of 5 runs is reached"
FAILED = a_task("Invite", "Failed", 3, "no address")


@pytest.mark.parametrize(
    ("run", "text"),
    [
        (
            a_run("Pending", startedOn=None, dueOn=LATER),
            f"Pending: due in 12 s, at {LATER}",
        ),
        (a_run("Pending", startedOn=None, dueOn=START), f"Pending: due since {START}"),
        (
            a_run("Pending", dueOn=LATER, tasks=[a_task("Invite", "Pending", 1, "no address")]),
            "Pending: the task Invite failed: no address; it is tried again in 12 s, at " + LATER,
        ),
        (
            a_run("Failed", tasks=[FAILED]),
            "Failed, because the task Invite failed after 3 attempts: no address",
        ),
        (
            a_run("Failed", tasks=[FAILED, FAILED]),
            "Failed, because the task Invite failed after 3 attempts: no address; 1 more failed",
        ),
        (a_run("Failed", error="a fault"), "Failed: a fault"),
        (
            a_run("Failed", startedOn=None, error=DAY_IS_FULL),
            f"Blocked by the daily cap (Q-LIM-4): {DAY_IS_FULL}, so it never started",
        ),
        (a_run("Failed", startedOn=None, error="it is gone"), "Failed to start: it is gone"),
        (
            a_run("Succeeded", notes=[CONDITIONS_NOT_MET]),
            "Succeeded, but no task ran: its conditions were not met: $.vip is missing",
        ),
        (a_run("Succeeded"), "Succeeded: its workflow had no task to run"),
        (a_run("Succeeded", tasks=[a_task("a")]), "Succeeded: its task ran"),
        (
            a_run("Succeeded", tasks=[a_task("a"), a_task("b", attempts=2)]),
            "Succeeded: all 2 tasks ran, one of them after 2 attempts",
        ),
    ],
)
def test_the_sentence_begins_with_the_status_and_says_why(run, text):
    assert reason(run, "$.vip is missing", parse_instant(START)) == text
