"""A run as lists show it, and a page of them. Pure."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from mock_qualtrics import ids
from mock_qualtrics.journal.calls.run_documents import hints_of, notes_of, status_of
from mock_qualtrics.journal.search.first_identity import first_identity
from mock_qualtrics.model import Microseconds, RunStatus
from mock_qualtrics.store.schema import State


@dataclass(frozen=True, slots=True)
class FoundRun:
    """What a list shows of a run. All instants are on the tenant's clock.

    Attributes:
        id: its id.
        workflow_id: its workflow.
        state: its state; NOT_STARTED of a run that failed to start after triggered (Q-RUN-2).
        status: its status (Q-RUN-1).
        received_at: when its call was received.
        due_at: when it is, or was, to start.
        started_at: when it started; None while it waits, and of one that failed to start.
        finished_at: when it had its outcome; None while it is pending.
        error: why it failed; None when it did not.
        failed_task: the name of its first task that failed.
        identity: the first identity of its event, in the clear.
        trace_id: of its call.
        run_now: whether no call started it, but "Run now" (Q-WF-7).
        notes: what else its page says of it: notes of the call and of the run, and hints.
    """

    id: str
    workflow_id: str
    state: State
    status: RunStatus
    received_at: Microseconds
    due_at: Microseconds
    started_at: Microseconds | None
    finished_at: Microseconds | None
    error: str | None
    failed_task: str | None
    identity: str | None
    trace_id: str | None
    run_now: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FoundPage:
    """One page of the runs that were found, newest received first.

    Attributes:
        runs: the runs; may be none although there are more.
        next: the cursor with which the search goes on; None when there is nothing more.
        looked_at: how many runs this page looked at.
        looked_back_to: when the oldest of those was received; None when there was none.
    """

    runs: tuple[FoundRun, ...]
    next: str | None
    looked_at: int
    looked_back_to: Microseconds | None


def found_run(key: bytes, row: Row[Any], workflow_id: str) -> FoundRun:
    """Return what a list shows of a run.

    Args:
        key: the seed's key, from which the run's id derives.
        row: the run with what is shown of its call, as `run_rows` reads it.
        workflow_id: the run's workflow.
    """
    state = State(row.state)
    detail = json.loads(row.detail) if row.detail else {}
    return FoundRun(
        id=ids.run_id(key, row.seq),
        workflow_id=workflow_id,
        state=state,
        status=status_of(state),
        received_at=row.received_at,
        due_at=row.due_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        error=row.error,
        failed_task=_failed_task(detail) if state is State.FAILED else None,
        identity=first_identity(row.body),
        trace_id=row.trace_id,
        run_now=bool(row.run_now),
        notes=(*notes_of(row, detail), *hints_of(row, detail)),
    )


def _failed_task(detail: Mapping[str, Any]) -> str | None:
    tasks = detail.get("tasks", [])
    return next((task["name"] for task in tasks if task["status"] == "Failed"), None)
