"""One try of a run's tasks, in order: which of them run, and how each of them ends. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from mock_qualtrics.errors import TooMuchWorkError
from mock_qualtrics.events.field_piping import pipe
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.tenants.workflow import Task, WorkflowSettings

SUCCEEDED, FAILED, PENDING, SKIPPED = "Succeeded", "Failed", "Pending", "Skipped"


class TaskEnvironment(Protocol):
    """What a try needs from outside: scripted failures, and calls to web services."""

    def scripted_failure(self, place: int, task: Task) -> str | None:
        """Count one attempt of the task at that place; return why it fails on purpose, or None."""
        ...

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes) -> str | None:
        """Make a web_service task's call; return why it failed, None on success."""
        ...


@dataclass(frozen=True, slots=True)
class TaskState:
    """The progress of one task of a run.

    Attributes:
        error: why it failed, or why it was skipped.
    """

    name: str
    type: str
    status: str
    attempts: int
    error: str | None
    settings: Mapping[str, Any]

    def to_mapping(self) -> dict[str, Any]:
        """Return it as the control API shows it."""
        return {name: getattr(self, name) for name in self.__slots__}


def untried(task: Task, status: str, error: str | None = None) -> TaskState:
    """Return the state of a task that was not tried."""
    return TaskState(task.name, task.type, status, 0, error, task.settings)


@dataclass(frozen=True, slots=True)
class TaskTries:
    """One try of all tasks of a run.

    Attributes:
        workflow: the workflow's settings.
        run_id: the run's, which names the attempts of web service calls.
        event: the event, as it was received.
        fields: the fields that the event has.
        environment: scripted failures, and calls to web services.
        work: the budget that all tasks of the run share.
    """

    workflow: WorkflowSettings
    run_id: str
    event: bytes
    fields: Mapping[str, Any]
    environment: TaskEnvironment
    work: WorkBudget

    def states(self, earlier: Sequence[TaskState]) -> list[TaskState]:
        """Try the tasks that have not succeeded; return the state of each.

        With "stop", a task that pipes the output of one that failed is skipped, and so is what
        relies on that one; all others run (Q-WF-4).
        """
        states: list[TaskState] = []
        lacking: dict[str, str] = {}  # tasks without output, by id and name, and why they have none
        for place, (task, state) in enumerate(zip(self.workflow.tasks, earlier, strict=True)):
            done = self._state(place, state, lacking)
            states.append(done)
            if self.workflow.on_task_failure == "stop" and done.status in (FAILED, SKIPPED):
                why = "failed" if done.status == FAILED else "was skipped"
                lacking |= dict.fromkeys(task.output_names, f"{task.name}, which {why}")
        return states

    def _state(self, place: int, state: TaskState, lacking: Mapping[str, str]) -> TaskState:
        if state.status == SUCCEEDED:
            return state
        missing = next(
            (name for name in self.workflow.tasks[place].relies_on if name in lacking), None
        )
        if missing is not None:
            reason = (
                f"skipped: it pipes ~{{ch://{missing}/…}}, the output of task {lacking[missing]}"
            )
            return replace(state, status=SKIPPED, error=reason)
        return self._try(place, state)

    def _try(self, place: int, state: TaskState) -> TaskState:
        task = self.workflow.tasks[place]
        piped, missing = self._piped(task)
        attempts = state.attempts + 1
        error = (
            self.environment.scripted_failure(place, task)
            or "; ".join(dict.fromkeys(missing))
            or None
        )
        if error is None and task.type == "web_service":
            attempt_id = f"{self.run_id}/{place + 1}/{attempts}"
            error = self.environment.call(attempt_id, piped, self.event)
        return TaskState(
            task.name, task.type, FAILED if error else SUCCEEDED, attempts, error, piped
        )

    def _piped(self, task: Task) -> tuple[Mapping[str, Any], list[str]]:
        paths = {name: path.text for name, path in self.workflow.fields}
        try:
            return pipe(task.settings, self.fields, paths, self.work)
        except TooMuchWorkError as error:
            return task.settings, [str(error)]
