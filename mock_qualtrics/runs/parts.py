"""What the runner works with, as small protocols: worker pool, step budget, web service.

A server uses the defaults. A simulation hands in its own parts, so that everything runs on one
thread and under one virtual clock: a pool that does a job inside ``submit``, a budget that counts
runs and not seconds, and a web service that answers without a socket.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from mock_qualtrics.events.work_budget import WorkBudget
from mock_qualtrics.runs.web_services.web_service import CallLimits


class Workers(Protocol):
    """Does the jobs that take long, beside the engine's steps."""

    def submit(self, job: Callable[[], None]) -> None:
        """Do the job, now or later; called without the journal's lock."""
        ...

    def close(self) -> None:
        """Start no more jobs; the runs of those not done stay pending."""
        ...


class StepBudget(Protocol):
    """How much one step may do before other work gets its turn."""

    @property
    def taken(self) -> int:
        """The number of runs taken so far."""
        ...

    def has_more(self) -> bool:
        """Return whether another run may be taken; the first always may, so that steps progress."""
        ...

    def take(self) -> None:
        """Count one run."""
        ...


class WebServiceCaller(Protocol):
    """Makes the calls of web_service tasks.

    Attributes:
        own_ports: ports of this server, which are never called.
    """

    own_ports: set[int]

    @property
    def enabled(self) -> bool:
        """Whether calls are made; if not, a task's call is recorded only."""
        ...

    def call(
        self,
        attempt_id: str,
        settings: Mapping[str, Any],
        event: bytes,
        limits: CallLimits | None = None,
    ) -> str | None:
        """Post the event to the task's URL; return why that failed, None on success."""
        ...


@dataclass(frozen=True, slots=True)
class RunnerParts:
    """The parts of a runner; None stands for the server's own.

    Attributes:
        workers: executes the runs that call web services or compute for long; by default one
            `WorkerPool` for each of the two.
        new_step_budget: makes each step's budget; by default a `TimedBudget` on real time.
        web_service: by default a `WebService` as the settings say.
        new_work_budget: makes each try's budget for JSONPaths. The default limits regular
            expressions by processor time; ``WorkBudget(new_countdown)`` takes another time.
    """

    workers: Workers | None = None
    new_step_budget: Callable[[], StepBudget] | None = None
    web_service: WebServiceCaller | None = None
    new_work_budget: Callable[[], WorkBudget] = WorkBudget


SERVER_PARTS = RunnerParts()
"""The server's own parts: threads, real time and sockets."""
