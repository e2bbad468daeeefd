"""Which runs are looked for, and how much work one request may be. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Final

from mock_qualtrics.model import Microseconds
from mock_qualtrics.store.schema import State

MOST_RUNS: Final = 5_000
MOST_BYTES: Final = 8_000_000
FAILURES: Final = frozenset({State.FAILED, State.NOT_STARTED})
"""The states of runs whose status is Failed (Q-RUN-1)."""
_INSTANTS: Final = ("since", "until")


@dataclass(frozen=True, slots=True)
class WantedRuns:
    """Conditions that a run meets all of; with the tenant alone, all its runs do.

    Attributes:
        tenant_number: the tenant.
        workflow_ids: the workflows, any of them; None for all of the tenant.
        states: the states, any of them (`journal.states` has those of a view and a status).
        since: received at or after this instant of the tenant's clock; None for no such limit.
        until: received before this instant; None for no such limit.
        task: the name of one of its tasks, in any case; when only failed runs are wanted, of one
            that failed.
        errors: texts that its error has, all of them, in any case.
        trace_id: the trace id of its call, as the journal keeps it.
        words: texts that it has somewhere, all of them, in any case: in its event, fields, error,
            trace id, or the settings and results of its tasks.
    """

    tenant_number: int
    workflow_ids: tuple[str, ...] | None = None
    states: frozenset[State] = frozenset(State)
    since: Microseconds | None = None
    until: Microseconds | None = None
    task: str | None = None
    errors: tuple[str, ...] = ()
    trace_id: str | None = None
    words: tuple[str, ...] = ()

    @property
    def by_index(self) -> bool:
        """Whether an index knows these runs, so that no others are looked at."""
        return not (self.task or self.errors or self.trace_id or self.words)

    @property
    def listing(self) -> str:
        """What cursors are made for: all but the instants, which an age such as 10m moves."""
        named = {field.name: getattr(self, field.name) for field in fields(self)}
        named["states"] = sorted(self.states)
        return "found " + repr([value for name, value in named.items() if name not in _INSTANTS])


class Work:
    """The work that one request may be; it ends as soon as one of the limits is reached.

    Args:
        runs: how many runs are looked at.
        size_bytes: how many bytes of events and outcomes are looked through.
        has_time: tells whether there is time for more; by default there always is.
    """

    def __init__(
        self,
        runs: int = MOST_RUNS,
        size_bytes: int = MOST_BYTES,
        has_time: Callable[[], bool] = lambda: True,
    ) -> None:
        self._runs = runs
        self._bytes = size_bytes
        self._has_time = has_time

    def spend(self, size_bytes: int, runs: int = 1) -> None:
        """Note that so much was looked at."""
        self._runs -= runs
        self._bytes -= size_bytes

    @property
    def is_done(self) -> bool:
        """Whether nothing more is to be looked at."""
        return self._runs <= 0 or self._bytes <= 0 or not self._has_time()
