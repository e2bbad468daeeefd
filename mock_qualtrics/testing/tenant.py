"""The tenant that a test gets: where to send, what came of it, and what to change about it.

It asks the engine directly, in the test's own process; nothing here polls or sleeps.
"""

import contextlib
import functools
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from mock_qualtrics.clock import SECOND, format_instant, to_microseconds
from mock_qualtrics.errors import MockError, NotFoundError
from mock_qualtrics.testing.explanations import Awaited, last_rows, nearest_miss
from mock_qualtrics.testing.records import Record, camel_keys

if TYPE_CHECKING:
    from mock_qualtrics.journal import Page
    from mock_qualtrics.server import RunningServer

PAGE = 500
LONGEST_WAIT_SECONDS = 86_400.0
DEFAULT_WORKFLOW = "Workflow"


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _for_tests(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Show a test that uses a method wrongly its own line, and nothing of the mock's inside."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        __tracebackhide__ = True
        try:
            return method(*args, **kwargs)
        except MockError as error:
            raise error.with_traceback(None) from None

    return call


class RunsNotSeenError(AssertionError):
    """The awaited runs did not come in time; says what came instead."""


class Clock:
    """A tenant's clock."""

    def __init__(self, server: "RunningServer", tenant_id: str) -> None:
        self._engine = server.engine
        self._tenant_id = tenant_id

    def now(self) -> str:
        """Return the tenant's instant, RFC 3339."""
        return format_instant(self._engine.tenants.get(self._tenant_id).clock.now())

    @_for_tests
    def advance(self, *, seconds: float) -> str:
        """Move a virtual clock; return its instant once everything due has happened.

        Raises:
            NotVirtualError: the tenant has a real clock.
        """
        return format_instant(self._engine.advance(self._tenant_id, seconds))


class Faults:
    """A tenant's faults."""

    def __init__(self, server: "RunningServer", tenant_id: str) -> None:
        self._engine = server.engine
        self._tenant_id = tenant_id

    @_for_tests
    def add(self, kind: str, *, when: Mapping[str, Any], **settings: Any) -> Record:  # noqa: ANN401  JSON
        """Add a fault, such as ``add("status", when={"first": 3}, status=503)``.

        Raises:
            InvalidFaultError: it is none; says every reason.
        """
        faults = self._engine.tenants.get(self._tenant_id).faults
        return Record(
            faults.add({"kind": kind, "when": dict(when), **camel_keys(settings)}).to_mapping()
        )

    def all(self) -> list[Record]:
        """Return the faults in the order they were added."""
        faults = self._engine.tenants.get(self._tenant_id).faults
        return [Record(fault.to_mapping()) for fault in faults.all()]

    @_for_tests
    def remove(self, fault_id: str) -> None:
        """Remove one fault.

        Raises:
            UnknownFaultError: there is no fault of that id.
        """
        self._engine.tenants.get(self._tenant_id).faults.remove(fault_id)

    def clear(self) -> None:
        """Remove all faults."""
        self._engine.tenants.get(self._tenant_id).faults.clear()


class Qualtrics:
    """A tenant of its own on a server that the whole test session shares.

    Attributes:
        url: the server's, without a path.
        id: the tenant's, for the control API.
        username: for HTTP Basic.
        api_token: the password, or the header X-API-TOKEN.
        clock: to be moved when the tenant's settings say ``clock="virtual"``.
        faults: what goes wrong on purpose.
    """

    @_for_tests
    def __init__(self, server: "RunningServer", settings: Mapping[str, Any]) -> None:
        self._server = server
        self._engine = server.engine
        workflow = dict(settings).pop("workflow", {})
        given = {name: value for name, value in settings.items() if name != "workflow"}
        tenant = self._engine.tenants.create(given)
        self._number = tenant.number
        self._strangers_before = len(self._rows(None))
        self.url = server.url
        self.id = tenant.id
        self.username = tenant.username
        self.api_token = tenant.api_token.reveal()
        self.clock = Clock(server, tenant.id)
        self.faults = Faults(server, tenant.id)
        self._default = self.workflow(**{"name": DEFAULT_WORKFLOW, **workflow})

    @property
    def trigger_url(self) -> str:
        """The default workflow's URL."""
        return str(self._default["triggerUrl"])

    @property
    def legacy_trigger_url(self) -> str:
        """The default workflow's URL in its older form (Q-URL-2)."""
        return str(self._default["legacyTriggerUrl"])

    @_for_tests
    def workflow(self, **settings: Any) -> Record:  # noqa: ANN401  JSON values
        """Make another workflow; its answer has ``id``, ``trigger_url`` and all its settings.

        Raises:
            InvalidSettingsError: with every reason.
        """
        tenant = self._engine.tenants.get(self.id)
        workflow = self._engine.tenants.add_workflow(tenant, {"name": "Another", **settings})
        return Record(workflow.to_mapping(self.url))

    def runs(self) -> list[Record]:
        """Return the runs of all its workflows in the order their calls were received."""
        workflows = self._engine.tenants.get(self.id).workflows
        found = [run for workflow in workflows for run in self._runs_of(workflow.id)]
        return sorted(found, key=lambda run: str(run["receivedOn"]))

    def requests(self) -> list[Record]:
        """Return every call received, refused ones too, oldest first."""
        return self._rows(self._number)

    def totals(self) -> Record:
        """Return the counts as the control API shows them."""
        return Record(self._engine.journal.totals(self._number))

    @_for_tests
    def wait_for_runs(
        self,
        *,
        timeout_seconds: float = 5.0,
        event: Mapping[str, Any] | None = None,
        **counts: int,
    ) -> list[Record]:
        """Return the runs with the awaited outcomes, first received first, once there are so many.

        Args:
            timeout_seconds: how long to wait for them, in real time.
            event: what the awaited runs' events contain; others are neither counted nor returned.
                Give one count with it.
            counts: ``succeeded``, ``failed``, ``blocked`` … as in the totals; at least so many.

        Raises:
            RunsNotSeenError: they did not come in time; says which call came closest.
            TypeError: there is no count of that name.
            ClockMustBeAdvancedError: the clock is virtual, and nothing is due before it is moved.
        """
        __tracebackhide__ = True
        asked = wanted = counts or {"succeeded": 1}
        known = [name for name, count in self.totals().items() if type(count) is int]
        if unknown := sorted(asked.keys() - set(known)):
            names = ", ".join(known)
            raise TypeError(f"wait_for_runs: {', '.join(unknown)}: expected some of {names}")
        awaited = Awaited(_statuses(asked), event or {})
        patience = to_microseconds(min(timeout_seconds, LONGEST_WAIT_SECONDS))
        deadline = self._engine.clock.now() + patience
        while True:
            remaining = max(0, deadline - self._engine.clock.now()) / SECOND
            reached = self._engine.wait(self.id, wanted, remaining)
            if reached is None:
                raise RunsNotSeenError(self._explanation(asked, timeout_seconds, awaited))
            runs = [run for run in self.runs() if awaited.is_met_by(run)]
            if event is None or len(runs) >= sum(asked.values()):
                return runs
            wanted = {name: reached[name] + 1 for name in asked}

    def nearest_miss(self, event: Mapping[str, Any] | None = None) -> str:
        """Return which call came closest to a run that succeeded, and how it differed."""
        return self._nearest_miss(Awaited(event=event or {}))

    def sections(self, *, is_explained: bool = False) -> list[tuple[str, str]]:
        """Return what a failing test's report adds: titles and texts.

        Args:
            is_explained: the test's own error has told the nearest miss.
        """
        try:
            self._engine.tenants.get(self.id)
            rows = self.requests()
            last = [("qualtrics: last five journal rows", last_rows(rows))]
            if is_explained or not (rows or self._strangers()):
                return last
            return [("qualtrics: closest to a run that succeeded", self.nearest_miss()), *last]
        except MockError as error:  # such as NotFoundError, when the test deleted the tenant
            return [("qualtrics", str(error))]

    def close(self) -> None:
        """Delete the tenant with all that is its own; again is harmless."""
        with contextlib.suppress(NotFoundError):
            self._engine.tenants.delete(self.id)

    def __repr__(self) -> str:
        return f"Qualtrics({self.id!r})"

    def _explanation(self, wanted: Mapping[str, int], seconds: float, awaited: Awaited) -> str:
        totals = self.totals()
        seen = ", ".join(f"{name} {totals[name]}" for name in ("received", "refused", *wanted))
        asked = ", ".join(f"{name} {count}" for name, count in wanted.items())
        met = sum(awaited.is_met_by(run) for run in self.runs())
        with_event = f"; with the event, {met}" if awaited.event else ""
        what = f"Awaited {asked} within {seconds:g} s; there are {seen}{with_event}."
        return f"{what}\n{self._nearest_miss(awaited)}"

    def _nearest_miss(self, awaited: Awaited) -> str:
        return nearest_miss(self.requests(), self.runs(), self._strangers(), awaited)

    def _runs_of(self, workflow_id: str) -> list[Record]:
        pages = self._pages(
            lambda cursor: self._engine.journal.runs_page(workflow_id, limit=PAGE, cursor=cursor)
        )
        return [_run(item) for item in pages]

    def _rows(self, number: int | None) -> list[Record]:
        pages = self._pages(lambda cursor: self._engine.journal.requests_page(number, PAGE, cursor))
        return [Record(item) for item in pages]

    def _strangers(self) -> list[Record]:
        return self._rows(None)[self._strangers_before :]

    def _pages(self, read: "Callable[[str | None], Page]") -> list[dict[str, Any]]:
        page = read(None)
        items = list(page.items)
        while page.next is not None:
            page = read(page.next)
            items += page.items
        return items[::-1]


def _run(item: Mapping[str, Any]) -> Record:
    tasks = [Record(task) for task in item["tasks"]]
    return Record({**item, "event": item["event"].value(), "tasks": tasks})


def _statuses(asked: Mapping[str, int]) -> frozenset[str]:
    """Return what a run's status may be; any, when none of the counts is about runs."""
    return frozenset({_STATUSES[name] for name in asked if name in _STATUSES} or _STATUSES.values())


_STATUSES = {
    "succeeded": "Succeeded",
    "failed": "Failed",
    "blocked": "Failed",
    "pending": "Pending",
}
