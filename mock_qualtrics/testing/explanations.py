"""Says why a test did not see the runs it awaited: pure texts about journal rows.

Nothing here quotes a credential, a trigger's token or a header.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from contracts.redaction import redact

LAST_ROWS = 5

# In the order of the gate: the further a call came, the closer it is to a run that succeeded.
_REFUSALS: Mapping[str, str] = {
    "unknown-path": "its path is not the JSON Event's",
    "method": "it is no POST",
    "unknown-trigger": "its URL names no workflow: compare it with qualtrics.trigger_url",
    "no-credential": "it carries no credential: send X-API-TOKEN, or HTTP Basic",
    "unsupported-credential": "its credential is neither X-API-TOKEN nor HTTP Basic",
    "malformed-credential": "its HTTP Basic credential cannot be read",
    "wrong-credential": "its credential is not this tenant's: see qualtrics.username and api_token",
    "rate-limit": "the minute's calls were used up",
    "payload-too-large": "its body is larger than the limit",
    "content-encoding": "its body is compressed",
    "media-type": "its Content-Type is not application/json",
    "not-json": "its body is no JSON",
    "not-an-object": "its body is JSON, but no object",
}
_FURTHEST = len(_REFUSALS)


@dataclass(frozen=True, slots=True)
class Miss:
    """One call that led to no run as awaited.

    Attributes:
        closeness: how far it came; higher is closer.
        request: its journal row.
        difference: how it differs from what was awaited.
    """

    closeness: int
    request: Mapping[str, Any]
    difference: str


def nearest_miss(
    requests: Sequence[Mapping[str, Any]],
    runs: Sequence[Mapping[str, Any]],
    unattributed: Sequence[Mapping[str, Any]] = (),
    event: Mapping[str, Any] | None = None,
) -> str:
    """Return which call came closest to a run that succeeded, and how it differed.

    Args:
        requests: the tenant's journal rows, oldest first.
        runs: the tenant's runs.
        unattributed: rows of calls that name no tenant, oldest first.
        event: what the run's event was to contain.
    """
    by_request = {run["requestId"]: run for run in runs}
    misses = [_miss(row, None, event) for row in unattributed]
    misses += [_miss(row, by_request.get(row["requestId"]), event) for row in requests]
    if not misses:
        return "No call reached the mock: is the connector's URL qualtrics.trigger_url?"
    closest = max(reversed(misses), key=lambda miss: miss.closeness)
    return f"Closest of {len(misses)}: {describe(closest.request)}\n{closest.difference}"


def last_rows(requests: Sequence[Mapping[str, Any]]) -> str:
    """Return the last journal rows, oldest first, a line each."""
    return "\n".join(describe(row) for row in requests[-LAST_ROWS:]) or "none: no call came"


def describe(row: Mapping[str, Any]) -> str:
    """Return a journal row in one line, without anything secret."""
    answered = "unanswered" if row["status"] is None else row["status"]
    parts = [row["receivedAt"], row["method"], row["path"], f"-> {answered}", row["reason"]]
    trace = f"trace {row['traceId']}" if row["traceId"] else None
    line = " ".join(str(part) for part in (*parts, f"{row['bodyBytes']} bytes", trace) if part)
    return redact(line)


def differences(wanted: Any, found: Any, path: str = "$") -> list[str]:  # noqa: ANN401  JSON values
    """Return where a value lacks what is wanted of it; what it has beyond that does not count."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        return [
            line
            for name, inner in wanted.items()
            for line in (
                differences(inner, found[name], f"{path}.{name}")
                if name in found
                else [f"{path}.{name}: wanted {_short(inner)}, found nothing"]
            )
        ]
    if wanted == found:
        return []
    return [f"{path}: wanted {_short(wanted)}, found {_short(found)}"]


def _miss(
    row: Mapping[str, Any], run: Mapping[str, Any] | None, event: Mapping[str, Any] | None
) -> Miss:
    reason = row["reason"]
    if reason is not None:
        return _refused(row, reason)
    if run is None:
        return Miss(_FURTHEST + 2, row, "Accepted and ignored: its workflow is disabled.")
    if run["status"] == "Pending":
        return Miss(_FURTHEST + 3, row, "Accepted; its run is still pending.")
    if run["status"] == "Failed":
        return Miss(_FURTHEST + 4, row, f"Its run failed: {redact(str(run['error']))}")
    lacking = differences(event or {}, run["event"])
    text = "Its run succeeded" + (", but differs:\n" if lacking else ".") + "\n".join(lacking)
    return Miss(_FURTHEST + 1_000 - len(lacking), row, text)


def _refused(row: Mapping[str, Any], reason: str) -> Miss:
    if reason in _REFUSALS:
        return Miss(list(_REFUSALS).index(reason), row, f"Refused: {_REFUSALS[reason]}.")
    return Miss(_FURTHEST + 1, row, f"Refused: {reason}.")


def _short(value: Any) -> str:  # noqa: ANN401  any JSON value
    text = redact(json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004  a line's worth
