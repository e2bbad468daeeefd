"""One try of a run: conditions, then tasks in order, then an outcome. Pure.

Time, scripted failures and web service calls are handed in. A run has one final outcome. With
``retry_tasks`` its failed tasks are retried with backoff until 24 hours after its start (Q-WF-4).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from mock_qualtrics.clock import DAY, LAST_INSTANT, SECOND, format_instant
from mock_qualtrics.errors import PathFailedError
from mock_qualtrics.events import strict_json
from mock_qualtrics.events.field_piping import pick
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.journal.pending_run import Outcome, PendingRun
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.task_tries import (
    FAILED,
    PENDING,
    SKIPPED,
    TaskEnvironment,
    TaskState,
    TaskTries,
    untried,
)
from mock_qualtrics.store.schema import State
from mock_qualtrics.tenants.workflow import WorkflowSettings

FIRST_BACKOFF: Microseconds = 60 * SECOND
LONGEST_BACKOFF: Microseconds = 4 * 3_600 * SECOND
GIVE_UP_AFTER: Microseconds = DAY

CONDITIONS_NOT_MET = "no task ran: conditions not met"
NOT_MET_BUT_RUN_NOW = "its conditions are not met: a real call with this event would run no task"
SKIPPED_FOR_CONDITIONS = "skipped: the workflow's conditions were not met"
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try of a run, and all that it depends on.

    Attributes:
        workflow: the workflow's settings now, which may have changed since the call.
        run: with the progress of earlier tries.
        run_id: the run's, as the control API shows it.
        body: the event, as it was received.
        now: the tenant's instant.
        environment: scripted failures, and calls to web services.
        new_work_budget: makes the limit of this try's JSONPaths and piping.
    """

    workflow: WorkflowSettings
    run: PendingRun
    run_id: str
    body: bytes
    now: Microseconds
    environment: TaskEnvironment
    new_work_budget: Callable[[], WorkBudget] = WorkBudget

    @property
    def started_at(self) -> Microseconds:
        """The instant of the first try."""
        # Not `or`: 0 is a valid instant.
        return self.now if self.run.started_at is None else self.run.started_at


def execute(attempt: Attempt) -> Outcome:
    """Make the try; return its outcome."""
    if attempt.run.scripted_failure is not None:
        return failed(attempt, attempt.run.scripted_failure)
    if attempt.workflow.immediate:
        return Outcome(State.SUCCEEDED, attempt.now, attempt.now)
    try:
        return _on_event(attempt)
    except PathFailedError as error:
        return failed(attempt, str(error))


def _on_event(attempt: Attempt) -> Outcome:
    settings = attempt.workflow
    event = strict_json.read_again(attempt.body)
    work = attempt.new_work_budget()
    fields = pick(settings.fields, event, work)
    is_met = settings.conditions is None or settings.conditions.holds(event, work)
    if not is_met and not attempt.run.run_now:
        skipped = [untried(task, SKIPPED, SKIPPED_FOR_CONDITIONS) for task in settings.tasks]
        return _final_outcome(attempt, fields, skipped, [CONDITIONS_NOT_MET])
    tries = TaskTries(settings, attempt.run_id, attempt.body, fields, attempt.environment, work)
    states = tries.states(_earlier_states(attempt))
    hints = [*([] if is_met else [NOT_MET_BUT_RUN_NOW]), *_hints(settings, states)]
    return _retry(attempt, fields, states, hints) or _final_outcome(
        attempt, fields, states, hints=hints
    )


def failed(attempt: Attempt, reason: str) -> Outcome:
    """Return the outcome of a run that fails as a whole."""
    notification = _notification("trigger-failed", attempt.now, None, reason)
    detail = _encode({"notifications": [notification]})
    return Outcome(State.FAILED, attempt.now, attempt.now, reason, detail)


def backoff(tries: int) -> Microseconds:
    """Return the wait after that many tries: a minute, doubled each time, at most 4 hours."""
    # 16 doublings are far beyond the longest wait; without a limit the number would grow huge.
    return min(FIRST_BACKOFF << min(tries - 1, 16), LONGEST_BACKOFF)


def _retry(
    attempt: Attempt,
    fields: Mapping[str, Any],
    states: Sequence[TaskState],
    hints: Sequence[str],
) -> Outcome | None:
    if not attempt.workflow.retry_tasks or not _failures(states):
        return None
    started_at = attempt.started_at
    give_up_at = min(started_at + GIVE_UP_AFTER, LAST_INSTANT)
    if attempt.now >= give_up_at:
        return None
    count = max(state.attempts for state in states)
    waiting = [
        replace(state, status=PENDING) if state.status == FAILED else state for state in states
    ]
    tries, revision = _tries(attempt, states), attempt.workflow.revision
    detail = _detail(fields, waiting, hints=hints, tries=tries, revision=revision)
    due_at = min(attempt.now + backoff(count), give_up_at)
    return Outcome(State.PENDING, started_at, None, None, detail, due_at)


def _final_outcome(
    attempt: Attempt,
    fields: Mapping[str, Any],
    states: Sequence[TaskState],
    notes: Sequence[str] = (),
    hints: Sequence[str] = (),
) -> Outcome:
    failures = _failures(states)
    messages = [f"task {state.name} failed: {state.error}" for state in failures]
    notifications = [
        _notification("task-failed", attempt.now, state.name, message)
        for state, message in zip(failures, messages, strict=True)
    ]
    # Of a run's only try the start says all: most runs have one, and their rows stay small.
    tries = _tries(attempt, states) if attempt.run.progress else []
    return Outcome(
        state=State.FAILED if failures else State.SUCCEEDED,
        started_at=attempt.started_at,
        finished_at=attempt.now,
        error="; ".join(messages) or None,
        detail=_detail(
            fields,
            states,
            notifications,
            notes=notes,
            hints=hints,
            tries=tries,
            revision=attempt.workflow.revision,
        ),
    )


def _failures(states: Sequence[TaskState]) -> list[TaskState]:
    return [state for state in states if state.status == FAILED]


def _tries(attempt: Attempt, states: Sequence[TaskState]) -> list[Mapping[str, Any]]:
    """Return each try so far, this one too: when it was, and what became of the tasks it tried."""
    earlier = json.loads(attempt.run.progress).get("tries", []) if attempt.run.progress else []
    both = zip(states, _earlier_states(attempt), strict=True)
    tried = [state for state, before in both if state.attempts > before.attempts]
    tasks = [{"name": state.name, "error": state.error} for state in tried]
    return [*earlier, {"at": format_instant(attempt.now), "tasks": tasks}]


def _earlier_states(attempt: Attempt) -> list[TaskState]:
    tasks = attempt.workflow.tasks
    saved = json.loads(attempt.run.progress)["tasks"] if attempt.run.progress else []
    # A workflow edited between two tries starts over: the saved states are of other tasks.
    if [(state["name"], state["type"]) for state in saved] != [(t.name, t.type) for t in tasks]:
        return [untried(task, PENDING) for task in tasks]
    return [TaskState(**state) for state in saved]


def _detail(
    fields: Mapping[str, Any],
    states: Sequence[TaskState],
    notifications: Sequence[Mapping[str, Any]] = (),
    **more: Sequence[Any],
) -> str:
    tasks = [state.to_mapping() for state in states]
    detail: dict[str, Any] = {"fields": fields, "tasks": tasks, "notifications": notifications}
    return _encode(detail | {name: part for name, part in more.items() if part})


def _hints(workflow: WorkflowSettings, states: Sequence[TaskState]) -> list[str]:
    """Return what the tasks that were tried did, and perhaps were not meant to do."""
    tried = [task for task, state in zip(workflow.tasks, states, strict=True) if state.attempts]
    hints = [hint for task in tried for hint in task.hints]
    if workflow.on_task_failure == "stop" and _failures(states):
        hints += workflow.unknown_outputs(tried)
    return hints


def _notification(kind: str, now: Microseconds, task: str | None, message: str) -> dict[str, Any]:
    return {"kind": kind, "at": format_instant(now), "task": task, "message": message}
