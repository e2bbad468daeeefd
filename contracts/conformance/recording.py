"""What the mock's journal shows of one scenario, and how the connector ended: all that is judged.

:func:`read_recording` reads it through the control API.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise
from typing import Any, Final

from contracts import exact_json
from contracts.addresses import is_trigger_path
from contracts.control_client import ControlClient, Document
from contracts.errors import IncompleteJournalError
from contracts.redaction import hide_secret

MISSING = object()
MOST_BODY_BYTES: Final = 32_000_000  # of bodies that are asked for one by one
RUNS_A_PAGE: Final = 100  # each with a body of up to 100 KB


@dataclass(frozen=True, slots=True)
class Call:
    """One call that arrived.

    Attributes:
        request_id: by which the mock's pages and answers name it.
        at: when its headers had been read, in seconds since 1970.
        method: the HTTP method.
        path: its path, without a query.
        status: what was answered; None when a fault left it unanswered.
        reason: why it was refused; None when it was not.
        run_ids: the runs that it started.
        trace_id: its header X-Trace-Id.
        headers: its headers, by names in lower case, without secrets.
        token_in: where the tenant's token stood.
        faults: the kinds of the faults that it met.
        body: its JSON value; MISSING when the journal has not all of it, or it is no JSON.
        text: the body as JSON; as it came, where that differs; None when nothing of it was kept.
        retry_after: the header Retry-After of a refusal; None without one.
    """

    request_id: str
    at: float
    method: str
    path: str
    status: int | None
    reason: str | None
    run_ids: tuple[str, ...]
    trace_id: str | None
    headers: Mapping[str, str]
    token_in: frozenset[str]
    faults: tuple[str, ...]
    body: Any
    text: str | None
    retry_after: str | None = None

    @property
    def is_trigger(self) -> bool:
        """Whether it went to the path of JSON Events (Q-URL-3)."""
        return is_trigger_path(self.path)

    @property
    def identity(self) -> str | None:
        """The identity by which its message is known; None when its body shows none."""
        return identity_of(self.body)


class Stopped(Enum):
    """Why a connector that went on was stopped."""

    TIME_IS_UP = auto()
    DECIDED = auto()
    TOO_MANY_CALLS = auto()
    BY_THE_HARNESS = auto()


@dataclass(frozen=True, slots=True)
class Ending:
    """How the connector's command ended.

    Attributes:
        exit_code: of the process; negative for a signal; None when it had to be stopped.
        output: the end of what it wrote.
        seconds: how long it took.
        stopped: why it was stopped; None when it ended by itself.
        left_behind: how many processes it had started that went on without it.
        how: in words, how a connector ended that is a Python function; None for a command.
    """

    exit_code: int | None
    output: str = ""
    seconds: float = 0.0
    stopped: Stopped | None = None
    left_behind: int = 0
    how: str | None = None

    @property
    def is_function(self) -> bool:
        """Whether the connector is a Python function, and no command."""
        return self.how is not None


@dataclass(frozen=True)
class Recording:
    """Everything that is judged: `messages` is what was to be delivered, in order."""

    calls: tuple[Call, ...]
    messages: tuple[Mapping[str, Any], ...]
    ending: Ending

    @property
    def has_calls(self) -> bool:
        """Whether anything arrived; of too many calls none is read."""
        return self.ending.stopped is Stopped.TOO_MANY_CALLS or bool(self.calls)

    def triggers(self) -> list[Call]:
        """Return the calls to the path of JSON Events, oldest first."""
        return [call for call in self.calls if call.is_trigger]

    def of(self, identity: str) -> Sequence[Call]:
        """Return the calls of the message with this identity, oldest first."""
        return self._by_identity.get(identity, ())

    def attempts(self) -> Iterator[tuple[Call, Call]]:
        """Yield each call of a message with the next call of the same one."""
        for message in self.messages:
            yield from pairwise(self.of(identity_of(message) or ""))

    @cached_property
    def _by_identity(self) -> dict[str, list[Call]]:
        # Each of many messages is asked for several times.
        calls: dict[str, list[Call]] = {}
        for call in self.triggers():
            if call.identity is not None:
                calls.setdefault(call.identity, []).append(call)
        return calls


def without_secrets(recording: Recording, secrets: Iterable[str]) -> Recording:
    """Return a recording whose texts hold none of these secrets, so that it can be stored."""
    calls = recording.calls
    for secret in secrets:
        calls = tuple(
            replace(call, text=hide_secret(call.text, secret)) if call.text else call
            for call in calls
        )
    return replace(recording, calls=calls)


def identity_of(message: object) -> str | None:
    """Return a message's first identity, of its e-mail addresses if it has any; None without one.

    The order of the namespaces says nothing: an object's names have none, and some writers sort
    them.
    """
    match message:
        case {"identityMap": dict(namespaces)}:
            for name in sorted(namespaces, key=lambda each: (each.lower() != "email", each)):
                match namespaces[name]:
                    case [{"id": str(identity)}, *_]:
                        return identity
    return None


def read_recording(
    control: ControlClient,
    tenant_id: str,
    messages: tuple[Mapping[str, Any], ...],
    ending: Ending,
) -> Recording:
    """Return what the journal has of a tenant's calls.

    The body of a call that started a run is read with its run, many at a time; that of a refused
    one, one by one.

    Raises:
        IncompleteJournalError: the mock has not kept everything.
        ControlError: the mock does not answer.
    """
    if not control.totals(tenant_id)["complete"]:
        raise IncompleteJournalError(tenant_id)
    rows = list(control.all_requests(tenant_id))
    started = _started_runs(control, rows)
    bodies = _Bodies(control)
    calls = (_call_of(bodies, row, started.get(row["requestId"], ())) for row in reversed(rows))
    return Recording(tuple(calls), messages, ending)


class _Bodies:
    """Asks for the bodies of calls, up to a bound: who sends more is convicted without them."""

    def __init__(self, control: ControlClient) -> None:
        self._control = control
        self._bytes_left = MOST_BODY_BYTES

    def details(self, row: Document) -> Document:
        """Return a call's ``body``, ``runIds`` and ``answer``; past the bound no body."""
        self._bytes_left -= row["bodyBytes"]
        if self._bytes_left < 0:
            return {"body": None, "runIds": [row["runId"]] if row["runId"] else []}
        return self._control.request(row["requestId"])


def _started_runs(control: ControlClient, rows: list[Document]) -> dict[str, list[Document]]:
    """Return the runs that calls have started, by the id of the call, oldest first."""
    workflows = {row["workflowId"] for row in rows if row["runId"]}
    runs: dict[str, list[Document]] = {}
    for workflow_id in sorted(workflows):
        for run in control.all_runs(workflow_id, page_rows=RUNS_A_PAGE):
            runs.setdefault(run["requestId"], []).insert(0, run)
    return runs


def _call_of(bodies: _Bodies, row: Document, runs: Sequence[Document]) -> Call:
    """Return a call with its body: of a run that has no notes, or asked for by itself.

    A note says that a key stands twice in the body, of which the run has one only.
    """
    run_ids = [run["id"] for run in runs]
    if not runs or runs[0].get("notes"):
        details = bodies.details(row)
        text = details["body"]
        call = _call(row, run_ids or details["runIds"], _value(text), text)
        return replace(call, retry_after=_retry_after(details.get("answer")))
    event = runs[0]["event"]
    return _call(row, run_ids, event, exact_json.dumps(event))


def _call(row: Document, run_ids: Sequence[str], body: Any, text: str | None) -> Call:  # noqa: ANN401  any JSON value
    return Call(
        request_id=row["requestId"],
        at=datetime.fromisoformat(row["receivedAt"]).timestamp(),
        method=row["method"],
        path=row["path"],
        status=row["status"],
        reason=row["reason"],
        run_ids=tuple(run_ids),
        trace_id=row["traceId"],
        headers={name.lower(): value for name, value in row["headers"].items()},
        token_in=frozenset(row["tokenIn"] or ()),
        faults=tuple(row.get("faults") or ()),
        body=body,
        text=text,
    )


def _retry_after(answer: Document | None) -> str | None:
    headers = (answer or {}).get("headers", {})
    found = {name.lower(): str(value) for name, value in headers.items()}
    return found.get("retry-after")


def _value(text: str | None) -> Any:  # noqa: ANN401  any JSON value
    try:
        return MISSING if text is None else exact_json.loads(text)
    except ValueError:
        return MISSING
