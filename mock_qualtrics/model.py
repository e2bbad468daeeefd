"""The small values that one stage hands to the next: a call, its answer, its journal rows.

Those that the hot path makes by the dozen are named tuples, which cost a fraction of a dataclass.
Instants are integers, microseconds since 1970-01-01T00:00:00Z on the tenant's own clock.
"""

import enum
from dataclasses import dataclass
from typing import NamedTuple

Microseconds = int


class Call(NamedTuple):
    """One HTTP request as it arrived.

    Attributes:
        method: upper case.
        path: percent-decoded, without the query.
        query: the raw query string, without ``?``.
        headers: names in lower case, in order of arrival; may repeat.
        body: the raw bytes, at most ``limit + 1`` of them (a longer body is cut there).
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header of that lower-case name."""
        return next((value for key, value in self.headers if key == name), None)


class Answer(NamedTuple):
    """What the caller gets, before any fault touches it."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why the gate does not admit a call: the envelope's parts and the journal's reason."""

    reason: str
    status: int
    message: str
    error_code: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


class RunStatus(enum.StrEnum):
    """The status of one execution in Run history (Q-RUN-1)."""

    PENDING = "Pending"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class RequestRow(NamedTuple):
    """One received trigger call in the journal, refused ones too.

    Attributes:
        tenant_number: None when neither URL nor credential names a tenant.
        headers: credentials redacted; a rejected credential is never in here.
        body: kept as it came for an accepted call, empty for a refused one.
        duplicate: the same trace id (or, without one, the same body) was accepted before.
        status: None when a fault left the call unanswered.
        trigger: whether totals count it: every trigger call, but not a whoami.
    """

    request_id: str
    tenant_number: int | None
    received_at: Microseconds
    method: str
    path: str
    status: int | None
    error_code: str | None
    reason: str | None
    trace_id: str | None
    headers: tuple[tuple[str, str], ...]
    body_bytes: int
    body: bytes = b""
    accepted: bool = False
    ignored: bool = False
    duplicate: bool = False
    note: str | None = None
    trigger: bool = True


class NewRun(NamedTuple):
    """A run that an accepted call starts.

    Attributes:
        blocked: why it never starts (the daily cap, Q-LIM-4); None for one that waits until due.
        extra: beyond the one run that every accepted call starts.
        scripted_failure: why it fails on purpose when its turn comes.
    """

    workflow_number: int
    due_at: Microseconds
    blocked: str | None = None
    extra: bool = False
    scripted_failure: str | None = None


class CallEntry(NamedTuple):
    """All that one call adds to the journal, in one transaction."""

    request: RequestRow
    runs: tuple[NewRun, ...] = ()
