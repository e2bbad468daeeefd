"""Explains why a test did not see the runs it awaited: texts made from journal rows. Pure.

No text quotes a credential, a trigger's token or a header.
"""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contracts.redaction import redact
from contracts.terminal import printable
from contracts.violations import describe as describe_value
from mock_qualtrics.model import token_advice

LAST_ROWS = 5

# In the order of the gate's checks: the later a call was refused, the closer it is to a run.
_REFUSALS: Mapping[str, str] = {
    "unknown-path": "its path is not the JSON Event's",
    "method": "it is no POST",
    "unknown-trigger": "its URL names no workflow: compare it with qualtrics.trigger_url",
    "workflow-draft": (
        "its workflow is a draft, which was never enabled: "
        "qualtrics.change_workflow(workflow, enabled=True)"
    ),
    "workflow-disabled": (
        "its workflow is disabled: qualtrics.change_workflow(workflow, enabled=True)"
    ),
    "no-credential": "it carries no credential: send X-API-TOKEN, or HTTP Basic",
    "unsupported-credential": "its credential is neither X-API-TOKEN nor HTTP Basic",
    "malformed-credential": "its HTTP Basic credential cannot be read",
    "wrong-credential": "its credential is not this tenant's: see qualtrics.username and api_token",
    "rate-limit": "the minute's calls were used up",
    "payload-too-large": "its body is larger than the limit",
    "content-encoding": "its body is compressed",
    "media-type": "its Content-Type is not application/json, or missing",
    "not-json": "its body is no JSON",
    "not-an-object": "its body is JSON, but no object",
}
_FURTHEST = len(_REFUSALS)
_NO_CALL = "No call reached the mock: is the connector's URL qualtrics.trigger_url?"
_STILL_PENDING = "Accepted; its run is still pending."
_WAIT = "`wait_for_runs` waits until then."


@dataclass(frozen=True, slots=True)
class Miss:
    """One call that did not lead to an awaited run.

    Attributes:
        closeness: how far the call got; higher is closer.
        request: the call's journal row.
        difference: how it differs from what was awaited.
    """

    closeness: int
    request: Mapping[str, Any]
    difference: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """The run that a call should lead to.

    Attributes:
        statuses: the statuses that the run may have.
        event: what the run's event must contain.
    """

    statuses: Collection[str] = ("Succeeded",)
    event: Mapping[str, Any] = field(default_factory=dict)

    def is_met_by(self, run: Mapping[str, Any]) -> bool:
        """Return whether the run has such a status and event."""
        return run["status"] in self.statuses and not differences(self.event, run["event"])


def nearest_miss(
    requests: Sequence[Mapping[str, Any]],
    runs: Sequence[Mapping[str, Any]],
    unattributed: Sequence[Mapping[str, Any]] = (),
    awaited: Awaited = Awaited(),
) -> str:
    """Describe the call that came closest to an awaited run, and why the others did not.

    Args:
        requests: the tenant's journal rows, oldest first.
        runs: the tenant's runs.
        unattributed: rows of calls that name no tenant, oldest first.
        awaited: the run that a call should lead to.
    """
    by_request = {run["requestId"]: run for run in runs}
    calls = [(row, by_request.get(row["requestId"])) for row in requests]
    missed = [(row, run) for row, run in calls if run is None or not awaited.is_met_by(run)]
    misses = [_miss(row, None, awaited) for row in unattributed]
    misses += [_miss(row, run, awaited) for row, run in missed]
    if not misses:
        return f"Every call led to a run as awaited: {len(calls)}." if calls else _NO_CALL
    # `max` keeps the first of equals: reversed, that is the latest call.
    closest = max(reversed(misses), key=lambda miss: miss.closeness)
    lines = [f"Closest of {len(misses)}: {describe(closest.request)}", closest.difference]
    return "\n".join([*lines, *_others(misses, closest)])


def last_rows(requests: Sequence[Mapping[str, Any]]) -> str:
    """Return the last journal rows, oldest first, one line each."""
    return "\n".join(describe(row) for row in requests[-LAST_ROWS:]) or "none: no call came"


def describe(row: Mapping[str, Any]) -> str:
    """Return a journal row as one line, with secrets redacted."""
    answered = "unanswered" if row["status"] is None else row["status"]
    parts = [row["receivedAt"], row["method"], row["path"], f"-> {answered}", row["reason"]]
    trace = f"trace {row['traceId']}" if row["traceId"] else None
    line = " ".join(str(part) for part in (*parts, f"{row['bodyBytes']} bytes", trace) if part)
    return printable(redact(line))


def differences(wanted: Any, found: Any, path: str = "$") -> list[str]:  # noqa: ANN401  JSON values
    """Return where a value differs from the wanted one; members beyond those are ignored."""
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
    if wanted == found and isinstance(wanted, bool) is isinstance(found, bool):  # 1 == True
        return []
    return [f"{path}: wanted {_short(wanted)}, found {_short(found)}"]


def _miss(row: Mapping[str, Any], run: Mapping[str, Any] | None, awaited: Awaited) -> Miss:
    if row["reason"] is not None:
        return _refused(row, row["reason"])
    if run is None:
        return Miss(_FURTHEST + 2, row, "Accepted and ignored: its workflow is disabled.")
    if run["status"] not in awaited.statuses:
        return Miss(_FURTHEST + 3 + (run["status"] != "Pending"), row, _became(run))
    lacking = differences(awaited.event, run["event"])
    text = f"Its run is {run['status']}, but differs:"
    return Miss(_FURTHEST + 1_000 - len(lacking), row, "\n".join([text, *lacking]))


def _became(run: Mapping[str, Any]) -> str:
    if run["status"] == "Failed":
        return f"Its run failed: {printable(redact(str(run['error'])))}"
    if run["status"] == "Succeeded":
        return "Its run succeeded."
    return f"{_STILL_PENDING}\nIt is due at {run['dueOn']}; {_WAIT}"


def _others(misses: Sequence[Miss], closest: Miss) -> list[str]:
    """Return why the other calls missed, one line each, the most frequent first."""
    first_lines = (miss.difference.partition("\n")[0] for miss in misses if miss is not closest)
    counted = Counter(first_lines).most_common(LAST_ROWS)
    return [f"{count} other{'s' * (count > 1)}: {line}" for line, count in counted]


def _refused(row: Mapping[str, Any], reason: str) -> Miss:
    misplaced = "".join(f"\n{text}." for text in token_advice(row.get("tokenIn")))
    if reason in _REFUSALS:
        closeness = list(_REFUSALS).index(reason)
        return Miss(closeness, row, f"Refused: {_REFUSALS[reason]}.{misplaced}")
    return Miss(_FURTHEST + 1, row, f"Refused: {reason}.{misplaced}")


def _short(value: Any) -> str:  # noqa: ANN401  any JSON value
    try:
        text = redact(json.dumps(value, ensure_ascii=False, default=str))
    except (ValueError, RecursionError):  # a number with too many digits, or too deep
        text = describe_value(value)
    text = printable(text)
    return text if len(text) <= 60 else f"{text[:59]}…"  # noqa: PLR2004  a line's worth
