"""The values that pass between the packages: a call, its answer, its journal rows.

Values of the hot path are named tuples, which are much cheaper to make than frozen dataclasses.
Instants are integers: microseconds since 1970-01-01T00:00:00Z on the tenant's clock.
"""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

Microseconds = int


class Call(NamedTuple):
    """One HTTP request as received.

    Attributes:
        method: in upper case.
        path: percent-decoded, without the query.
        query: the raw query string, without ``?``.
        headers: in order of arrival, with names in lower case; may repeat.
        body: the raw bytes, cut to one byte more than the limit when they are longer.
    """

    method: str
    path: str
    query: str
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the value of the first header with this lower-case name, or None."""
        for key, value in self.headers:  # `next` over a generator takes twice as long
            if key == name:
                return value
        return None


class Answer(NamedTuple):
    """The answer to a call."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("content-type", "application/json"),)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a call is not admitted.

    Attributes:
        reason: the reason in the journal and the totals, such as ``rate-limit``.
        status: the HTTP status of the answer.
        message: the error message of the answer.
        error_code: the error code of the answer; None for none.
        headers: extra headers of the answer.
    """

    reason: str
    status: int
    message: str
    error_code: str | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Pause:
    """A route's wish to be asked again once counts are reached, so that no thread waits for them.

    Attributes:
        tenant_number: whose counts.
        wanted: the counts; None when the route does not want to wait.
        timeout_seconds: how long to wait at most, counted from the first time that it was asked.
    """

    tenant_number: int = 0
    wanted: Mapping[str, int] | None = None
    timeout_seconds: float = 0.0


@dataclass(slots=True)
class StreamWish:
    """A route's wish that the server keeps its answer open and tells a tenant's changes.

    Attributes:
        tenant_number: whose changes; None when the route has no such wish.
        after: the position that the caller knows; any text.
    """

    tenant_number: int | None = None
    after: str = ""


class RunStatus(enum.StrEnum):
    """The status of a run in Run history (Q-RUN-1)."""

    PENDING = "Pending"
    SUCCEEDED = "Succeeded"
    FAILED = "Failed"


class TokenPlace(enum.IntEnum):
    """A place in a call in which its tenant's API token may stand; several add up."""

    HEADER = 1
    BASIC = 2
    QUERY = 4
    BODY = 8
    OTHER_HEADER = 16

    @property
    def shown(self) -> str:
        """Its name in the journal."""
        return self.name.lower().replace("_", "-")


_MISPLACED: Final[Mapping[str, str]] = {
    "query": "the API token stood in the URL, which ends in the logs of all that stands between",
    "body": "the API token stood in the body, which is kept, and shown in run history",
    "other-header": "the API token stood in another header, such as a cookie, which logs may show",
}


def token_advice(token_in: Iterable[str] | None) -> list[str]:
    """Return a sentence for each place in which a token is no credential (Q-AUTH-1).

    Args:
        token_in: the places as `TokenPlace.shown` names them; None where nobody knows.
    """
    way = "send it as X-API-TOKEN or with HTTP Basic, and nowhere else (Q-AUTH-1)"
    return [f"{_MISPLACED[one]}: {way}" for one in token_in or () if one in _MISPLACED]


class RequestRow(NamedTuple):
    """A received call in the journal, accepted or refused.

    Attributes:
        tenant_number: None when neither URL nor credential names a tenant.
        status: None when a fault left the call unanswered.
        headers: the headers with credentials redacted.
        body: the body of an accepted call, unchanged; of another one that a tenant owns, its
            beginning with credentials redacted.
        duplicate: whether the same trace id (or, without one, the same body) was accepted before.
        trigger: whether it is a trigger call; totals count others beside them.
        query: the query with credentials redacted, and only the last characters of ids.
        answer: headers and body of the answer, as JSON; None when they follow from the status.
        token_places: where the tenant's token stood, a sum of `TokenPlace`; None when the
            call names no tenant.
        faults: the kinds of the faults whose condition the call met, separated by commas.
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
    query: str | None = None
    answer: str | None = None
    token_places: int | None = None
    faults: str = ""


class NewRun(NamedTuple):
    """A run that an accepted call starts.

    Attributes:
        blocked: why the run never starts (the daily cap, Q-LIM-4); None when it waits until due.
        extra: whether it was started beyond the usual one run per call: by a fault, or without a
            call.
        scripted_failure: the error with which a fault makes the run fail.
        run_now: whether no call started it, but "Run now" (Q-WF-7).
    """

    workflow_number: int
    due_at: Microseconds
    blocked: str | None = None
    extra: bool = False
    scripted_failure: str | None = None
    run_now: bool = False


class CallEntry(NamedTuple):
    """Everything that one call adds to the journal, in one transaction."""

    request: RequestRow
    runs: tuple[NewRun, ...] = ()
