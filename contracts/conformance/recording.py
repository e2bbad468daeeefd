"""What the mock's journal shows of one scenario, and how the connector ended: all that is judged.

:func:`read_recording` reads it through the control API.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from functools import cached_property
from itertools import pairwise
from typing import Any

from contracts import exact_json
from contracts.control_client import ControlClient
from contracts.errors import IncompleteJournalError

MISSING = object()


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
        text: what the journal has of the body; None for nothing.
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

    @property
    def is_trigger(self) -> bool:
        """Whether it went to the path of JSON Events (Q-URL-3)."""
        return self.path.lower().startswith("/inbound-event/v1/events/json/triggers")

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
    """

    exit_code: int | None
    output: str = ""
    seconds: float = 0.0
    stopped: Stopped | None = None
    left_behind: int = 0


@dataclass(frozen=True)
class Recording:
    """Everything that is judged: `messages` is what was to be delivered, in order."""

    calls: tuple[Call, ...]
    messages: tuple[Mapping[str, Any], ...]
    ending: Ending

    def triggers(self) -> list[Call]:
        """Return the calls to the path of JSON Events, oldest first."""
        return [call for call in self.calls if call.is_trigger]

    def of(self, identity: str) -> list[Call]:
        """Return the calls of the message with this identity, oldest first."""
        return self._by_identity.get(identity, [])

    @cached_property
    def _by_identity(self) -> dict[str | None, list[Call]]:
        # Each of many messages is asked for several times.
        found: dict[str | None, list[Call]] = {}
        for call in self.triggers():
            found.setdefault(call.identity, []).append(call)
        return found

    def attempts(self) -> Iterator[tuple[Call, Call]]:
        """Yield each call of a message with the next call of the same one."""
        for message in self.messages:
            yield from pairwise(self.of(identity_of(message) or ""))


def identity_of(message: object) -> str | None:
    """Return a message's first identity; None when it has none."""
    match message:
        case {"identityMap": dict(namespaces)}:
            for identities in namespaces.values():
                match identities:
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

    Raises:
        IncompleteJournalError: the mock has not kept everything.
        ControlError: the mock does not answer.
    """
    if not control.totals(tenant_id)["complete"]:
        raise IncompleteJournalError(tenant_id)
    ids = [row["requestId"] for row in control.all_requests(tenant_id)]
    calls = (_call(control.request(request_id)) for request_id in reversed(ids))
    return Recording(tuple(calls), messages, ending)


def _call(row: Mapping[str, Any]) -> Call:
    text = row["body"]
    return Call(
        request_id=row["requestId"],
        at=datetime.fromisoformat(row["receivedAt"]).timestamp(),
        method=row["method"],
        path=row["path"],
        status=row["status"],
        reason=row["reason"],
        run_ids=tuple(row["runIds"]),
        trace_id=row["traceId"],
        headers={name.lower(): value for name, value in row["headers"].items()},
        token_in=frozenset(row["tokenIn"] or ()),
        faults=tuple(row.get("faults") or ()),
        body=_value(text),
        text=text,
    )


def _value(text: str | None) -> Any:  # noqa: ANN401  any JSON value
    try:
        return MISSING if text is None else exact_json.loads(text)
    except ValueError:
        return MISSING
