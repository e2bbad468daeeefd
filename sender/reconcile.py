"""Holds an outbox against the mock's journal, message by message, by trace id.

What the sender says of a message and how often the mock took it must agree. Reads both, changes
neither.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from contracts.secret import Secret
from sender import outbox_schema as sql
from sender.errors import ConfigurationError
from sender.outbox_file import workflow_digest
from sender.outbox_records import Trace

PAGE_ROWS = 500
TIMEOUT_SECONDS = 30.0
_NAMES = {
    sql.PENDING: "pending",
    sql.IN_FLIGHT: "in flight",
    sql.ACTIVATED: "activated",
    sql.FAILED: "failed",
    sql.UNCERTAIN: "uncertain",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A message whose two sides do not agree.

    Attributes:
        trace_id: the message's trace id.
        state: what the sender says of it; ``unknown`` when it has no such message.
        uncertain_attempts: attempts of it whose answer was lost.
        accepted: how often the mock took it.
        meaning: in words.
    """

    trace_id: str
    state: str
    uncertain_attempts: int
    accepted: int
    meaning: str


def disagreements(traces: Iterable[Trace], accepted: Mapping[str, int]) -> Iterator[Disagreement]:
    """Yield every message whose two sides disagree. Pure.

    Args:
        traces: what the outbox says.
        accepted: how often the mock took each trace id.
    """
    unknown = dict(accepted)
    for trace in traces:
        count = unknown.pop(trace.trace_id, 0)
        meaning = _meaning(trace, count)
        if meaning is not None:
            name = _NAMES[trace.state]
            yield Disagreement(trace.trace_id, name, trace.uncertain_attempts, count, meaning)
    for trace_id, count in unknown.items():
        yield Disagreement(trace_id, "unknown", 0, count, "accepted, but not from this outbox")


class MockJournal:
    """The calls that a running mock took, read through its control API.

    Args:
        url: the mock's address.
        control_token: when the mock demands one.
    """

    def __init__(self, url: str, control_token: Secret | None = None) -> None:
        self._base = f"{url.rstrip('/').removesuffix('/__control/v1')}/__control/v1"
        self._headers = {}
        if control_token:
            self._headers["Authorization"] = f"Bearer {control_token.reveal()}"

    def accepted(self, trigger_url: str) -> Counter[str]:
        """Count how often the tenant behind a trigger URL took each trace id.

        Raises:
            ConfigurationError: the mock cannot be read, has no such workflow, or forgot calls.
        """
        tenant_id = self._tenant_id(trigger_url)
        if not self._get(f"/tenants/{tenant_id}/totals")["complete"]:
            raise ConfigurationError(
                f"{self._base}: the mock's journal is not complete; keep it in a file with --store"
            )
        found: Counter[str] = Counter()
        cursor = None
        while True:
            query = {"limit": str(PAGE_ROWS)} | ({"cursor": cursor} if cursor else {})
            page = self._get(f"/tenants/{tenant_id}/requests", query)
            found.update(r["traceId"] for r in page["requests"] if r["traceId"] and _taken(r))
            cursor = page["next"]
            if cursor is None:
                return found

    def _tenant_id(self, trigger_url: str) -> str:
        wanted = workflow_digest(trigger_url)
        for tenant in self._get("/tenants")["tenants"]:
            for workflow in tenant["workflows"]:
                urls = (workflow["triggerUrl"], workflow["legacyTriggerUrl"])
                if wanted in map(workflow_digest, urls):
                    return str(tenant["id"])
        raise ConfigurationError(
            f"{self._base}: no tenant has the workflow of the outbox's dataflow"
        )

    def _get(self, path: str, query: Mapping[str, str] | None = None) -> dict[str, Any]:
        try:
            response = requests.get(
                self._base + path, params=query, headers=self._headers, timeout=TIMEOUT_SECONDS
            )
            response.raise_for_status()
            answer: dict[str, Any] = response.json()
        except requests.RequestException as error:
            raise ConfigurationError(
                f"{self._base}: the mock's control API cannot be read: {type(error).__name__}"
            ) from error
        return answer


def _taken(request: Mapping[str, Any]) -> bool:
    status = request["status"]
    return request["runId"] is not None or (status is not None and 200 <= status < 300)  # noqa: PLR2004


def _meaning(trace: Trace, accepted: int) -> str | None:
    if accepted > 1:
        return f"accepted {accepted} times"
    if trace.state == sql.ACTIVATED:
        return None if accepted else "activated, but never accepted"
    return f"accepted, but {_NAMES[trace.state]}" if accepted else None
