"""Executes one run that is due: finds what belongs to it, makes the try, journals the outcome."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from mock_qualtrics import ids
from mock_qualtrics.clock import TenantClock
from mock_qualtrics.errors import StoreFailedError
from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.journal import Journal, Outcome, PendingRun, State, TenantCounters
from mock_qualtrics.model import Microseconds
from mock_qualtrics.runs.attempt import Attempt, execute
from mock_qualtrics.runs.parts import WebServiceCaller
from mock_qualtrics.runs.web_services.web_service import DEFAULT_LIMITS, call_limits
from mock_qualtrics.store.schema import LOCAL_BITS, tenant_of
from mock_qualtrics.tenants.registry import TenantRegistry
from mock_qualtrics.tenants.settings_documents import as_run_now_has_it
from mock_qualtrics.tenants.tenant import Tenant
from mock_qualtrics.tenants.workflow import Task, Workflow

_log = logging.getLogger(__name__)
_SUCCEEDED = State.SUCCEEDED  # looked up once: each time takes long
WORKFLOW_GONE = "the workflow was deleted before the run could start"
BROKEN = "an error inside the mock"
EVENT_GONE = "the journal dropped the event before the run could start"


class DueRun(NamedTuple):
    """A run that is due, with its tenant and workflow; None when the workflow was deleted."""

    run: PendingRun
    tenant: Tenant
    counters: TenantCounters
    workflow: Workflow | None
    now: Microseconds
    clock: TenantClock

    @property
    def costly(self) -> bool:
        """Whether the run may compute for as long as its work budget allows."""
        return self.workflow is not None and self.workflow.settings.costly

    @property
    def calls_outside(self) -> bool:
        """Whether a task of the run may call a web service."""
        tasks = self.workflow.settings.tasks if self.workflow else ()
        return any(task.type == "web_service" for task in tasks)


class RunExecution:
    """Executes single runs.

    Args:
        tenants: whose runs are executed.
        journal: takes the outcomes.
        web_service: makes the tasks' calls.
        key: the seed's key, from which the ids of runs derive.
        new_work_budget: makes each try's budget for JSONPaths and piping.
    """

    def __init__(
        self,
        tenants: TenantRegistry,
        journal: Journal,
        web_service: WebServiceCaller,
        key: bytes,
        new_work_budget: Callable[[], WorkBudget],
    ) -> None:
        self._tenants = tenants
        self._journal = journal
        self._web_service = web_service
        self._key = key
        self._new_work_budget = new_work_budget

    def due(self, run: PendingRun, now: Microseconds) -> DueRun | None:
        """Return the run with what belongs to it; None when its tenant was deleted."""
        number = tenant_of(run.sequence)
        tenant = self._tenants.by_number(number)
        if tenant is None:
            return None
        workflow = self._tenants.workflow_by_number(run.workflow_number)
        if run.run_now and workflow is not None:
            workflow = as_run_now_has_it(workflow, tenant.answers)
        return DueRun(run, tenant, self._journal.counters(number), workflow, now, tenant.clock)

    def takes_long(self, due: DueRun) -> bool:
        """Return whether the run must not be executed under the journal's lock."""
        if due.workflow is None or due.workflow.settings.immediate:
            return False  # as nearly all runs of a load
        return due.costly or self.calls_now(due)

    def calls_now(self, due: DueRun) -> bool:
        """Return whether the run calls a web service."""
        return due.calls_outside and self._web_service.enabled

    def finish(self, due: DueRun) -> None:
        """Execute a run, and stage its outcome.

        Raises:
            StoreFailedError: its event could not be read; the run is back in the queue.
        """
        self._journal.complete(due.run, self.outcome(due), due.counters)

    def outcome(self, due: DueRun) -> Outcome:
        """Execute a run; return how it ended.

        Raises:
            StoreFailedError: its event could not be read; the run is back in the queue.
        """
        try:
            return self._execute(due)
        except StoreFailedError:
            self._journal.put_back(due.run, due.counters)
            raise
        except Exception as error:  # noqa: BLE001  one bad run must not keep the others from ending
            _log.exception("a run broke, and ends Failed")
            return Outcome(State.FAILED, due.now, due.now, f"{BROKEN}: {type(error).__name__}")

    def _execute(self, due: DueRun) -> Outcome:
        if due.workflow is None:
            return not_started(due.now, WORKFLOW_GONE)
        settings = due.workflow.settings
        if settings.immediate and due.run.scripted_failure is None:
            return Outcome(_SUCCEEDED, due.now, due.now)
        body = due.run.body
        if body is None:
            body = self._journal.event(due.run.sequence)
        if body is None:
            return not_started(due.now, EVENT_GONE)
        environment = _TaskEnvironment(due, self._journal, self._web_service)
        run_id = ids.run_id(self._key, due.run.sequence)
        return execute(
            Attempt(settings, due.run, run_id, body, due.now, environment, self._new_work_budget)
        )


def not_started(now: Microseconds, reason: str) -> Outcome:
    """Return the outcome of a run that could not start; Run history's second view (Q-RUN-2)."""
    return Outcome(State.NOT_STARTED, None, now, reason, None)


class _TaskEnvironment:
    """Scripted failures and web service calls, for one try of a run."""

    def __init__(self, due: DueRun, journal: Journal, web_service: WebServiceCaller) -> None:
        self._due = due
        self._journal = journal
        self._web_service = web_service

    def scripted_failure(self, place: int, task: Task) -> str | None:
        if not (task.fail_first or task.fail_probability):
            return None
        run, tenant = self._due.run, self._due.tenant
        task_key = f"{run.workflow_number}/{place}"
        with self._journal.lock:
            number = self._due.counters.attempts.get(task_key, 0) + 1
            self._due.counters.attempts[task_key] = number
        if number <= task.fail_first:
            return f"scripted failure {number} of {task.fail_first}"
        kind = f"task {place} of {run.sequence & LOCAL_BITS} at {run.priority}"
        if ids.fraction(tenant.key, kind, run.since_first_try) < task.fail_probability:
            return f"scripted failure, with probability {task.fail_probability}"
        return None

    def call(self, attempt_id: str, settings: Mapping[str, Any], event: bytes) -> str | None:
        limits = call_limits(self._due.tenant.answers)
        # A simulation's own web service need not know that there are any.
        chosen = () if limits == DEFAULT_LIMITS else (limits,)
        return self._web_service.call(attempt_id, settings, event, *chosen)
