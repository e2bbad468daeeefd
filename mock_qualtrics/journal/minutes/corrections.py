"""Correct the minutes in which a call, and the runs that it started, were counted."""

from collections.abc import Sequence
from typing import Any, Protocol

from mock_qualtrics.journal.minutes.minute import MINUTE, Minute
from mock_qualtrics.store.schema import State, requests, runs, tenant_of
from mock_qualtrics.store.statements import CHANGED_RUN

_call, _run = list(requests.c.keys()), list(runs.c.keys())
_RECEIVED, _ACCEPTED = map(_call.index, ("received_at", "accepted"))
_RUN_STATE = _run.index("state")
_STATE, _STARTED, _FINISHED = map(CHANGED_RUN.index, ("state", "started_at", "finished_at"))

Row = tuple[Any, ...]


class MinutesByKey(Protocol):
    """Minutes by tenant number and minute: a dict, or those in memory."""

    def get(self, key: tuple[int, int], /) -> Minute | None:
        """Return a minute, or None."""
        ...


def uncount(
    minutes: MinutesByKey, call: Row, started: Sequence[Row], changes: Sequence[Row]
) -> None:
    """Count a call as refused instead of accepted, and its runs no more.

    Args:
        minutes: the minutes; what is not among them was not counted.
        call: the call's row.
        started: the rows of the runs that it started.
        changes: the outcomes that the minutes count.
    """
    tenant_number, received_at = tenant_of(call[0]), call[_RECEIVED]
    blocked = sum(run[_RUN_STATE] != State.PENDING for run in started)
    minute = minutes.get((tenant_number, received_at // MINUTE))
    if minute is not None:
        minute.take_back(len(started), accepted=call[_ACCEPTED], blocked=blocked)
    numbers = {run[0] for run in started}
    for change in changes:
        if change[-1] in numbers and change[_FINISHED] is not None:
            ended = minutes.get((tenant_number, change[_FINISHED] // MINUTE))
            if ended is not None:
                _uncount_end(ended, received_at, change)


def _uncount_end(minute: Minute, received_at: int, change: Row) -> None:
    succeeded = change[_STATE] == State.SUCCEEDED
    started_at, finished_at = change[_STARTED], change[_FINISHED]
    minute.count_end(received_at, started_at, finished_at, succeeded=succeeded, times=-1)
