"""What holds for every run's tries, whatever its tasks do: one outcome, within a day (Q-WF-4)."""

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_qualtrics.clock import DAY
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.runs.attempt import Attempt, backoff, execute
from mock_qualtrics.store.schema import State
from mock_qualtrics.tenants.settings_documents import workflow_settings
from mock_qualtrics.tenants.workflow import Task, WorkflowSettings


class ScriptedEnvironment:
    """Each task fails as often as told; counts every attempt, and remembers every call's id."""

    def __init__(self, failures: list[int]) -> None:
        self.failures = failures
        self.attempts = [0] * len(failures)
        self.calls: list[str] = []

    def scripted_failure(self, place: int, task: Task) -> str | None:
        self.attempts[place] += 1
        return "told to" if self.attempts[place] <= self.failures[place] else None

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes) -> str | None:
        self.calls.append(attempt_id)
        return None


def tries(
    settings: WorkflowSettings, environment: ScriptedEnvironment, start: int
) -> list[Outcome]:
    """Try a run again and again, as the runner does, until it is over."""
    run = PendingRun(1, 1, 1, start, 0, start)
    outcomes: list[Outcome] = []
    while not outcomes or outcomes[-1].state is State.PENDING:
        outcome = execute(Attempt(settings, run, "RUN_1", b"{}", run.due_at, environment))
        outcomes.append(outcome)
        run = run._replace(
            due_at=outcome.due_at,
            priority=1,
            started_at=outcome.started_at,
            progress=outcome.detail,
        )
    return outcomes


@given(
    st.lists(st.integers(0, 20), min_size=1, max_size=4),
    st.booleans(),
    st.sampled_from(["continue", "stop"]),
    st.integers(0, 10**15),
)
def test_a_run_has_one_outcome_within_a_day_whatever_its_tasks_do(
    failures: list[int], retried: bool, on_failure: str, start: int
):
    tasks = [
        {"name": f"T{place}", "type": "web_service", "settings": {"x": f"~{{ch://T{place - 1}/$}}"}}
        for place in range(len(failures))
    ]
    settings = workflow_settings(
        {"name": "W", "retryTasks": retried, "onTaskFailure": on_failure, "tasks": tasks}
    )
    environment = ScriptedEnvironment(failures)
    *earlier, last = tries(settings, environment, start)
    detail = json.loads(last.detail or "{}")
    statuses = [task["status"] for task in detail["tasks"]]

    assert last.finished_at is not None
    assert last.started_at == start
    assert last.finished_at - start <= DAY
    assert retried or not earlier
    moments = [start, *(outcome.due_at for outcome in earlier)]
    waits = [later - before for before, later in pairwise(moments)]
    assert min(waits, default=1) > 0
    assert waits[:-1] == sorted(waits[:-1])  # the last one ends with the day

    failed = [place for place, status in enumerate(statuses) if status == "Failed"]
    assert (last.state is State.FAILED) is bool(failed)
    assert [one["task"] for one in detail["notifications"]] == [f"T{place}" for place in failed]
    assert [task["attempts"] for task in detail["tasks"]] == environment.attempts
    for place, status in enumerate(statuses):
        assert environment.attempts[place] <= failures[place] + 1
        assert (status == "Succeeded") is (environment.attempts[place] == failures[place] + 1)
    if on_failure == "stop":
        assert len(failed) <= 1
        assert all(status == "Skipped" for place in failed for status in statuses[place + 1 :])
    else:
        assert "Skipped" not in statuses
    assert len(environment.calls) == len(set(environment.calls)) == statuses.count("Succeeded")


@given(st.integers(1, 100))
def test_waits_between_tries_never_shrink_and_have_an_end(number: int):
    assert backoff(number) <= backoff(number + 1) <= DAY // 6


@given(st.lists(st.booleans(), min_size=1, max_size=4))
def test_without_anything_to_fail_a_run_succeeds_at_once(conditions_hold: list[bool]):
    conditions = {"all": [{"path": "$.a", "exists": not holds} for holds in conditions_hold]}
    settings = workflow_settings(
        {"name": "W", "conditions": conditions, "tasks": [{"name": "T", "type": "record"}]}
    )
    environment = ScriptedEnvironment([0])
    (outcome,) = tries(settings, environment, 5)
    assert (outcome.state, outcome.finished_at, outcome.error) == (State.SUCCEEDED, 5, None)
    assert environment.attempts == [int(all(conditions_hold))]
