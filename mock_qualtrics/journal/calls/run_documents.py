"""A run as Run history and the control API show it, and which runs a view shows. Pure."""

import json
from collections.abc import Mapping
from typing import Any, Literal

from sqlalchemy import Row

from mock_qualtrics import ids
from mock_qualtrics.clock import format_instant
from mock_qualtrics.events.raw_json import RawJson
from mock_qualtrics.journal.calls.run_rows import RunRow
from mock_qualtrics.model import Microseconds, RunStatus
from mock_qualtrics.store.schema import State

View = Literal["started", "failed-to-start"]

STARTED_BY_HAND = (
    "started by Run now: no credential was asked for and conditions counted as met, so a real call "
    "might not succeed (Q-WF-7)"
)
MUST_BE_ADVANCED = "the clock is virtual: the run stays pending until the clock is advanced"
_VIEWS: Mapping[str | None, frozenset[State]] = {
    None: frozenset(State),
    "started": frozenset({State.SUCCEEDED, State.FAILED}),
    "failed-to-start": frozenset({State.NOT_STARTED}),
}
_STATUSES: Mapping[str | None, frozenset[State]] = {
    None: frozenset(State),
    RunStatus.PENDING: frozenset({State.PENDING}),
    RunStatus.SUCCEEDED: frozenset({State.SUCCEEDED}),
    RunStatus.FAILED: frozenset({State.FAILED, State.NOT_STARTED}),
}
_STATUS_OF = {
    State.PENDING: RunStatus.PENDING,
    State.SUCCEEDED: RunStatus.SUCCEEDED,
    State.FAILED: RunStatus.FAILED,
    State.NOT_STARTED: RunStatus.FAILED,
}


def states(view: View | None, status: RunStatus | None) -> tuple[State, ...]:
    """Return the states that both a view (Q-RUN-2) and a status include."""
    return tuple(sorted(_VIEWS[view] & _STATUSES[status]))


def status_of(state: State) -> RunStatus:
    """Return the status of a run in a state (Q-RUN-1)."""
    return _STATUS_OF[state]


def run_document(
    key: bytes, row: Row[Any] | RunRow, workflow_id: str, *, is_virtual: bool
) -> dict[str, Any]:
    """Return a run as the control API shows it, with its event as the text that was sent.

    Args:
        key: the seed's key, from which the run's id derives.
        row: the run, with what is shown of its call.
        workflow_id: the run's workflow.
        is_virtual: whether the run waits until a virtual clock is advanced.
    """
    detail = json.loads(row.detail) if row.detail else {}
    notes = notes_of(row, detail)
    is_pending = row.state == State.PENDING
    hints = hints_of(row, detail)
    if is_pending and is_virtual:
        hints.append(MUST_BE_ADVANCED)
    return {
        "id": ids.run_id(key, row.seq),
        "workflowId": workflow_id,
        "receivedOn": format_instant(row.received_at),
        "dueOn": _instant(row.due_at) if is_pending else None,
        "startedOn": _instant(row.started_at),
        "finishedOn": _instant(row.finished_at),
        "status": status_of(State(row.state)).value,
        "requestId": row.request_id,
        "traceId": row.trace_id,
        "event": RawJson(row.body.decode()),
        "fields": detail.get("fields", {}),
        "tasks": detail.get("tasks", []),
        "error": row.error,
        "notifications": detail.get("notifications", []),
        "hints": hints,
        "runNow": bool(row.run_now),
        **({"notes": notes} if notes else {}),
        **{name: detail[name] for name in ("tries", "revision") if name in detail},
    }


def _instant(instant: Microseconds | None) -> str | None:
    return None if instant is None else format_instant(instant)


def notes_of(row: Row[Any] | RunRow, detail: Mapping[str, Any]) -> list[str]:
    """Return what was noted of a run and of its call; ``detail`` is the row's, as a value."""
    return [*([row.note] if row.note else []), *detail.get("notes", [])]


def hints_of(row: Row[Any] | RunRow, detail: Mapping[str, Any]) -> list[str]:
    """Return what somebody should know who reads a run; ``detail`` is the row's, as a value."""
    return [STARTED_BY_HAND] * bool(row.run_now) + list(detail.get("hints", []))
