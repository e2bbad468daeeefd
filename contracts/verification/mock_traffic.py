"""The traffic of one tenant of a mock, from its journal.

:func:`read_mock` asks the control API; a fixture in the mock's own process hands in the same rows.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, Final

from contracts import exact_json
from contracts.addresses import is_trigger_path
from contracts.control_client import LARGEST_PAGE, ControlClient
from contracts.errors import TrafficError
from contracts.exact_values import exact_value
from contracts.redaction import HIDDEN
from contracts.verification.retry_after import retry_after_seconds
from contracts.verification.traffic import (
    LARGEST_BYTES,
    Call,
    Credential,
    Traffic,
)

Row = Mapping[str, Any]
Details = Callable[[Row], Row]
_LONGEST_SIZE: Final = 12  # digits
_HARMLESS_PATH: Final = "/API/v3/whoami"
_CREDENTIALS: Final = {
    "no-credential": Credential.NONE,
    "unsupported-credential": Credential.OTHER,
    "malformed-credential": Credential.OTHER,
}
# What the caller saw of these answers it cannot tell from no answer, or it came after the 2 seconds
# that an answer may take (A-LIM-1).
_LOSING_FAULTS: Final = frozenset({"latency", "truncate", "dribble", "wrong-length", "not-json"})


class ExactControlClient(ControlClient):
    """A control client whose numbers are all texts, as :func:`exact_value` has them."""

    loads = staticmethod(exact_value)


def read_mock(control: ExactControlClient, tenant: Row) -> Traffic:
    """Return what a mock has recorded for a tenant, all pages of it.

    Args:
        control: the mock's control API.
        tenant: as in the schema ``tenant``.

    Raises:
        TrafficError: the journal is not complete, so that nothing could be said of the rest.
        ControlError: the mock does not answer.
    """
    tenant_id = str(tenant["id"])
    totals = control.totals(tenant_id)  # before the rows: of those there may be more by then
    events = _events(control, tenant["workflows"])
    rows = list(control.all_requests(tenant_id))[::-1]

    def details(row: Row) -> Row:
        event = events.get(row["requestId"])
        return control.request(row["requestId"]) if event is None else {"body": event}

    strangers = len(control.unattributed(limit=LARGEST_PAGE).items)
    largest = int(tenant.get("limits", {}).get("payloadBytes", LARGEST_BYTES))
    return traffic_of(f"tenant {tenant_id}", totals, rows, details, largest, strangers)


def traffic_of(
    subject: str,
    totals: Row,
    rows: Iterable[Row],
    details: Details,
    largest_bytes: int,
    strangers: int = 0,
) -> Traffic:
    """Return the traffic of a journal's rows.

    Args:
        subject: where it is from.
        totals: the tenant's counts.
        rows: its calls, oldest first, as the control API lists them.
        details: returns a call's ``body``, and where it was refused its ``notes`` and ``answer``.
        largest_bytes: the tenant's limit.
        strangers: how many calls name no tenant.

    Raises:
        TrafficError: the journal is not complete.
    """
    calls = tuple(_call(row, details) for row in rows)
    _refuse_incomplete(subject, totals, sum(call.is_trigger for call in calls))
    return Traffic(subject, calls, largest_bytes, strangers)


def _refuse_incomplete(subject: str, totals: Row, known: int) -> None:
    received = int(totals["received"])
    if totals["complete"] and known >= received:
        return
    lost = f"gone: {received - known:,} of {received:,} calls" if known < received else "dropped"
    raise TrafficError(
        f"{subject}: the mock's journal is not complete ({lost}), so nothing can be said of all "
        "traffic; keep it with serve --store sqlite:///FILE, and judge it before its calls are "
        "retired"
    )


def _call(row: Row, details: Details) -> Call:
    is_trigger = is_trigger_path(row["path"])
    status = None if row["status"] is None else int(row["status"])
    kept = details(row) if is_trigger else {}
    accepted = row["runId"] is not None or (row["reason"] is None and status is not None)
    return Call(
        place=f"request {row['requestId']}",
        at=datetime.fromisoformat(row["receivedAt"]).timestamp(),
        method=row["method"],
        url=row["path"],
        is_trigger=is_trigger,
        status=status,
        accepted=accepted,
        answer_was_lost=status is None or not _LOSING_FAULTS.isdisjoint(row.get("faults") or ()),
        headers={name.lower(): value for name, value in row["headers"].items()},
        body=_whole_body(kept, accepted=accepted),
        body_bytes=_size(row),
        trace_id=row["traceId"],
        trigger=row.get("workflowId") or "",
        credential=_credential(row),
        token_in=_places(row),
        retry_after_seconds=_asked_to_wait(kept),
        reason=row["reason"],
    )


def _size(row: Row) -> int:
    """Return the size of a body: of one that is too large the mock reads no more than it must."""
    headers = {name.lower(): value for name, value in row["headers"].items()}
    said = str(headers.get("content-length", ""))
    is_size = said.isascii() and said.isdigit() and len(said) <= _LONGEST_SIZE
    return max(int(row["bodyBytes"]), int(said) if is_size else 0)


def _whole_body(kept: Row, *, accepted: bool) -> bytes | None:
    text = kept.get("body")
    # One that was taken is kept as it came; of another one credentials are hidden.
    is_changed = not accepted and (bool(kept.get("notes")) or HIDDEN in str(text))
    return None if text is None or is_changed else str(text).encode("utf-8", "surrogatepass")


def _credential(row: Row) -> Credential:
    if row["reason"] in _CREDENTIALS:
        return _CREDENTIALS[row["reason"]]
    names = {name.lower() for name in row["headers"]}
    if "x-api-token" in names:
        return Credential.TOKEN
    return Credential.BASIC if "authorization" in names else Credential.NONE


def _places(row: Row) -> frozenset[str] | None:
    if row.get("tokenIn") is None:  # an older release has recorded it
        return None
    # whoami is asked with the credential, and triggers nothing (Q-AUTH-5).
    places = frozenset(row["tokenIn"])
    return places - {"header", "basic"} if row["path"] == _HARMLESS_PATH else places


def _asked_to_wait(kept: Row) -> float | None:
    headers = (kept.get("answer") or {}).get("headers", {})
    found = {name.lower(): value for name, value in headers.items()}
    return retry_after_seconds(found.get("retry-after"), found.get("date"))


def _events(control: ControlClient, workflows: Iterable[Row]) -> dict[str, str]:
    """Return the bodies of calls that started runs: a page has many, where a call has one."""
    runs = (run for workflow in workflows for run in control.all_runs(workflow["id"]))
    # A note says that a key stands twice in the body, of which the event has one.
    return {
        run["requestId"]: exact_json.dumps(run["event"])
        for run in runs
        if run["requestId"] and not run.get("notes")
    }
