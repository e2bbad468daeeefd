"""The tenant that a test gets: its URLs and credential, its runs and requests, clock and faults.

It reaches the mock through a `Backend`.
"""

import contextlib
import functools
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ParamSpec, TypeVar

from mock_qualtrics.clock import SECOND, to_microseconds
from mock_qualtrics.errors import MockError, NotFoundError
from mock_qualtrics.tenants.key_case import camel_case, snake_case
from mock_qualtrics.testing.backend import Backend, ServerInProcess, backend_of
from mock_qualtrics.testing.explanations import Awaited, last_rows, nearest_miss
from mock_qualtrics.testing.python_names import closest, reworded
from mock_qualtrics.testing.records import Record, camel_keys
from mock_qualtrics.testing.tested_workflow import TestedWorkflow, run_record
from mock_qualtrics.testing.verified_traffic import verify_tenant

LONGEST_WAIT_SECONDS = 86_400.0
DEFAULT_WORKFLOW = "Workflow"
OPTIONS = ("timeout_seconds", "event")  # what `wait_for_runs` takes beside counts


_P = ParamSpec("_P")
_R = TypeVar("_R")


def _for_tests(method: Callable[_P, _R]) -> Callable[_P, _R]:
    """Keep the mock's own frames out of the traceback when a test uses a method wrongly."""

    @functools.wraps(method)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        __tracebackhide__ = True
        try:
            return method(*args, **kwargs)
        except MockError as error:
            raise reworded(error).with_traceback(None) from None

    return call


class RunsNotSeenError(AssertionError):
    """The awaited runs did not come in time; the message says what came instead."""


class Clock:
    """A tenant's clock."""

    def __init__(self, backend: Backend, tenant_id: str) -> None:
        self._backend = backend
        self._tenant_id = tenant_id

    def now(self) -> str:
        """Return the tenant's instant, RFC 3339."""
        return self._backend.clock(self._tenant_id)

    @_for_tests
    def advance(self, *, seconds: float) -> str:
        """Move the clock, executing what becomes due; return its new instant, RFC 3339.

        Raises:
            NotVirtualError: the tenant has a real clock.
        """
        return self._backend.advance_clock(self._tenant_id, seconds)


class Faults:
    """A tenant's faults."""

    def __init__(self, backend: Backend, tenant_id: str) -> None:
        self._backend = backend
        self._tenant_id = tenant_id

    @_for_tests
    def add(self, kind: str, *, when: Mapping[str, Any], **settings: Any) -> Record:  # noqa: ANN401  JSON
        """Add a fault, such as ``add("status", when={"first": 3}, status=503)``.

        Raises:
            InvalidFaultError: the fault is not valid; the message lists every reason.
        """
        fault = {"kind": kind, "when": camel_keys(when), **camel_keys(settings)}
        return Record(self._backend.add_fault(self._tenant_id, fault))

    def all(self) -> list[Record]:
        """Return the faults in the order they were added."""
        return [Record(fault) for fault in self._backend.faults(self._tenant_id)]

    @_for_tests
    def remove(self, fault_id: str) -> None:
        """Remove one fault.

        Raises:
            UnknownFaultError: there is no fault of that id.
        """
        self._backend.remove_fault(self._tenant_id, fault_id)

    def clear(self) -> None:
        """Remove all faults."""
        self._backend.clear_faults(self._tenant_id)


class Qualtrics:
    """One test's tenant, on a server that the whole test session shares.

    Args:
        server: a server in this process, or a backend.
        settings: the tenant's; ``workflow`` are those of its default workflow.

    Attributes:
        url: the server's address, without a path.
        id: the tenant's id, for the control API.
        username: for HTTP Basic.
        api_token: the password for HTTP Basic, or the value of the header X-API-TOKEN.
        clock: the tenant's clock; the setting ``clock="real"`` makes one that cannot be advanced.
        faults: what goes wrong on purpose.
    """

    @_for_tests
    def __init__(self, server: ServerInProcess | Backend, settings: Mapping[str, Any]) -> None:
        self._backend = backend = backend_of(server)
        tenant_settings = dict(settings)
        workflow = tenant_settings.pop("workflow", {})
        tenant = backend.create_tenant(tenant_settings)
        # Calls that name no tenant may be other tests'; those before this test certainly are.
        self._unattributed_before = backend.unattributed_count()
        self.url = backend.url
        self.id = tenant.id
        self.username = tenant.username
        self.api_token = tenant.api_token
        self.clock = Clock(backend, tenant.id)
        self.faults = Faults(backend, tenant.id)
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
    def workflow(self, **settings: Any) -> TestedWorkflow:  # noqa: ANN401  JSON values
        """Create another workflow; return it with ``id``, ``trigger_url`` and all its settings.

        Its ``run_now(event)`` starts a run without a call.

        Raises:
            InvalidSettingsError: with every reason.
        """
        shown = self._backend.add_workflow(self.id, {"name": "Another", **settings})
        return TestedWorkflow(self._backend, shown)

    def run_now(self, event: Mapping[str, Any] | None = None) -> Record:
        """Start a run of the default workflow without a call, as its test button does (Q-WF-7)."""
        return self._default.run_now(event)

    @_for_tests
    def change_workflow(self, workflow: Mapping[str, Any], **changes: Any) -> TestedWorkflow:  # noqa: ANN401  JSON
        """Change a workflow, as in ``change_workflow(draft, enabled=True)``; return it.

        With ``publish=False`` the changes are kept until ``publish=True`` (Q-WF-6).

        Raises:
            InvalidSettingsError: with every reason.
        """
        shown = self._backend.update_workflow(workflow["id"], changes)
        return TestedWorkflow(self._backend, shown)

    @_for_tests
    def new_token(self) -> str:
        """Give the tenant another ``api_token``; the old one is refused from now on (Q-AUTH-6)."""
        self.api_token = self._backend.new_token(self.id)
        return self.api_token

    @_for_tests
    def reset(self) -> None:
        """Begin anew: delete journal, counts and faults, and set the clock back to the start.

        Workflows, settings and the token stay as they are. For a property-based test, of which all
        examples share one tenant.
        """
        self._backend.reset_tenant(self.id)
        self._unattributed_before = self._backend.unattributed_count()

    def runs(self) -> list[Record]:
        """Return the runs of all its workflows in the order their calls were received."""
        return [run_record(run) for run in self._backend.runs(self.id)]

    def requests(self) -> list[Record]:
        """Return every call received, including refused ones, oldest first."""
        return [Record(row) for row in self._backend.requests(self.id)]

    def totals(self) -> Record:
        """Return the counts as the control API shows them."""
        return Record(self._backend.totals(self.id))

    @_for_tests
    def verify(
        self,
        messages: Iterable[Mapping[str, Any]] | None = None,
        policy: str | None = None,
        *,
        without: Iterable[str] = (),
    ) -> None:
        """Judge all calls that were received: form, contents, credentials, repeats and retries.

        ``qualtrics-contracts verify --mock`` judges the same of a mock that runs elsewhere.

        Args:
            messages: what was to arrive, each as it was to be posted; None: whatever came.
            policy: ``lossless``, ``adobe-best-effort`` or ``adobe-configurable``: by which it is
                judged when messages were sent again, and which were given up.
            without: checks to leave out, such as ``credentials`` where a wrong one is the test's.

        Raises:
            TrafficNotVerifiedError: something is wrong, nothing was received, or the journal is
                not complete; the message has every reason.
            ValueError: there is no such policy or check.
            TypeError: `messages` is no list of dicts, or `without` no list of names.
        """
        __tracebackhide__ = True
        strangers = self._backend.unattributed_count() - self._unattributed_before
        verify_tenant(self._backend, self.id, strangers, messages, policy, without)

    @_for_tests
    def wait_for_runs(
        self,
        *,
        timeout_seconds: float = 5.0,
        event: Mapping[str, Any] | None = None,
        **counts: int,
    ) -> list[Record]:
        """Wait for the counts; return the runs with these outcomes, in the order received.

        A skipping clock, the fixture's default, jumps to what is due next, so that a run's delay
        costs no time; it waits really only for calls that still come in.

        Args:
            timeout_seconds: how long to wait, in real time.
            event: what the events of the awaited runs contain; other runs are neither counted nor
                returned. Use it with one count only.
            counts: ``succeeded``, ``failed``, ``extra_runs`` … as in the totals, each at least.

        Raises:
            RunsNotSeenError: they did not come in time; the message names the closest call.
            TypeError: the totals have no count of that name.
            ClockMustBeAdvancedError: the clock is virtual, and nothing is due before it is moved.
        """
        __tracebackhide__ = True
        expected = wanted = self._judged(counts or {"succeeded": 1})
        awaited = Awaited(_statuses(expected), event or {})
        patience = to_microseconds(min(timeout_seconds, LONGEST_WAIT_SECONDS))
        deadline = self._backend.now() + patience
        while True:
            remaining = max(0, deadline - self._backend.now()) / SECOND
            reached = self._backend.wait(self.id, wanted, remaining)
            if reached is None:
                raise RunsNotSeenError(self._explanation(expected, timeout_seconds, awaited))
            runs = [run for run in self.runs() if awaited.is_met_by(run)]
            if event is None or len(runs) >= sum(expected.values()):
                return runs
            # Enough runs, but not with this event: wait until there is one more of any event.
            wanted = {name: reached[name] + 1 for name in expected}

    def nearest_miss(self, event: Mapping[str, Any] | None = None) -> str:
        """Return which call came closest to a run that succeeded, and how it differed."""
        return self._nearest_miss(Awaited(event=event or {}))

    def sections(self, *, is_explained: bool = False) -> list[tuple[str, str]]:
        """Return the sections for a failing test's report, each a title and a text.

        Args:
            is_explained: whether the test's own error already names the nearest miss.
        """
        try:
            self._backend.check_tenant(self.id)
            rows = self.requests()
            last = [("qualtrics: last five journal rows", last_rows(rows))]
            if is_explained or not (rows or self._unattributed()):
                return last
            return [("qualtrics: closest to a run that succeeded", self.nearest_miss()), *last]
        except MockError as error:  # such as NotFoundError, when the test deleted the tenant
            return [("qualtrics", str(error))]

    def close(self) -> None:
        """Delete the tenant with its workflows and journal; a second call does nothing."""
        with contextlib.suppress(NotFoundError):
            self._backend.delete_tenant(self.id)

    def __repr__(self) -> str:
        return f"Qualtrics({self.id!r})"

    def _judged(self, counts: Mapping[str, int]) -> dict[str, int]:
        """Return counts under their names in the totals.

        Raises:
            TypeError: the totals have no count of that name.
        """
        __tracebackhide__ = True
        known = [name for name, count in self.totals().items() if type(count) is int]
        judged = {camel_case(name): count for name, count in counts.items()}
        if unknown := sorted(judged.keys() - set(known)):
            names = [*OPTIONS, *map(snake_case, known)]
            wrong = ", ".join(f"{name}{closest(name, names)}" for name in map(snake_case, unknown))
            raise TypeError(f"wait_for_runs: {wrong}: expected some of {', '.join(names)}")
        return judged

    def _explanation(self, wanted: Mapping[str, int], seconds: float, awaited: Awaited) -> str:
        totals = self.totals()
        shown = ("received", "refused", *wanted)
        seen = ", ".join(f"{snake_case(name)} {totals[name]}" for name in shown)
        expected = ", ".join(f"{snake_case(name)} {count}" for name, count in wanted.items())
        met = sum(awaited.is_met_by(run) for run in self.runs())
        with_event = f"; with the event, {met}" if awaited.event else ""
        what = f"Awaited {expected} within {seconds:g} s; there are {seen}{with_event}."
        return f"{what}\n{self._nearest_miss(awaited)}"

    def _nearest_miss(self, awaited: Awaited) -> str:
        return nearest_miss(self.requests(), self.runs(), self._unattributed(), awaited)

    def _unattributed(self) -> list[Record]:
        count = self._backend.unattributed_count() - self._unattributed_before
        rows = self._backend.unattributed_requests() if count else []
        return [Record(row) for row in rows[-count:]]


def _statuses(counts: Mapping[str, int]) -> frozenset[str]:
    """Return the statuses that a run may have; any, when none of the counts is about runs."""
    named = {_STATUSES[name] for name in counts if name in _STATUSES}
    return frozenset(named or _STATUSES.values())


_STATUSES = {
    "succeeded": "Succeeded",
    "failed": "Failed",
    "blocked": "Failed",
    "pending": "Pending",
}
