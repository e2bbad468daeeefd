"""Compares an outbox with the mock's journal, message by message, by trace id.

The sender's state of a message must agree with how often the mock accepted it. Both are only read.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.secret import Secret
from sender.dataflow.digests import workflow_digest
from sender.dataflow.trigger_url import is_trigger_path
from sender.errors import ConfigurationError
from sender.outbox import schema as sql
from sender.outbox.records import Trace
from sender.transport.http_connections import session

PAGE_ROWS = 500
TIMEOUT_SECONDS = 30.0
UNAUTHORIZED = 401
ADDRESS_EXAMPLE = "http://127.0.0.1:8084"
IS_IT_A_MOCK = "is it mock-qualtrics that runs there?"
_NO_ANSWER = {
    NoAnswer.UNUSABLE_PROXY: "a proxy's address cannot be used",
    NoAnswer.UNTRUSTED_CERTIFICATE: (
        "no TLS that is trusted: is it http? else set REQUESTS_CA_BUNDLE"
    ),
    NoAnswer.CONNECT_TIMEOUT: f"no answer within {TIMEOUT_SECONDS:g} s",
    NoAnswer.READ_TIMEOUT: f"no answer within {TIMEOUT_SECONDS:g} s",
    NoAnswer.NO_CONNECTION: "no connection: does it run, and at this address?",
}
_STATE_NAMES = {
    sql.PENDING: "pending",
    sql.IN_FLIGHT: "in flight",
    sql.ACTIVATED: "activated",
    sql.FAILED: "failed",
    sql.UNCERTAIN: "uncertain",
}


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A message on which the outbox and the journal do not agree.

    Attributes:
        trace_id: the message's trace id.
        state: the sender's state of it.
        uncertain_attempts: its attempts whose answer was lost.
        accepted: how often the mock accepted it.
        meaning: a description of the disagreement.
    """

    trace_id: str
    state: str
    uncertain_attempts: int
    accepted: int
    meaning: str


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The result of comparing an outbox with a journal.

    Attributes:
        messages: number of messages in the outbox.
        disagreements: the messages on which the two do not agree.
        foreign: calls that the mock accepted and that belong to no message in the outbox.
    """

    messages: int
    disagreements: tuple[Disagreement, ...]
    foreign: int

    @property
    def agreeing(self) -> int:
        """The number of messages on which both sides agree."""
        return self.messages - len(self.disagreements)


def reconciled(traces: Iterable[Trace], accepted: Mapping[str, int]) -> Reconciliation:
    """Compare the outbox's messages with the calls that the mock accepted. Pure.

    Args:
        traces: the outbox's messages.
        accepted: how often the mock accepted each trace id; calls without one are under "".

    Example:
        >>> found = reconciled([Trace("a", sql.ACTIVATED, 1, 0)], {"b": 2})
        >>> found.disagreements[0].meaning, found.agreeing, found.foreign
        ('activated, but never accepted', 0, 2)
    """
    messages, foreign = 0, sum(accepted.values())
    disagreements = []
    for messages, trace in enumerate(traces, start=1):  # noqa: B007  the last one is the count
        count = accepted.get(trace.trace_id, 0)
        foreign -= count
        meaning = _meaning(trace, count)
        if meaning is not None:
            state = _STATE_NAMES[trace.state]
            disagreements.append(
                Disagreement(trace.trace_id, state, trace.uncertain_attempts, count, meaning)
            )
    return Reconciliation(messages, tuple(disagreements), foreign)


class MockJournal:
    """The calls that a running mock accepted, read through its control API.

    Args:
        url: the mock's address.
        control_token: the control token, if the mock requires one.

    Raises:
        ConfigurationError: the address is invalid, or the token cannot be sent in a header.
    """

    def __init__(self, url: str, control_token: Secret | None = None) -> None:
        if not _is_address(url):
            raise ConfigurationError(
                f"{url}: not the address of a mock; expected one such as {ADDRESS_EXAMPLE}"
            )
        from contracts.control_client import ControlClient, control_url_of  # noqa: PLC0415  --help must not pay for it

        self._base = control_url_of(url)
        try:
            self._control = ControlClient(
                self._base, control_token, timeout_seconds=TIMEOUT_SECONDS, session=session()
            )
        except ControlTokenError:
            raise ConfigurationError(
                "the control token: expected ASCII characters only, without a blank around them"
            ) from None

    def accepted(self, trigger_url: str) -> Counter[str]:
        """Count how often the tenant of a trigger URL accepted each trace id; "" for none.

        Raises:
            ConfigurationError: the mock cannot be read, has no such workflow, or its journal is not
                complete.
        """
        try:
            with self._control:
                return self._accepted(self._tenant_id(trigger_url))
        except ControlError as error:
            raise ConfigurationError(
                f"{self._base}: the mock's control API cannot be read: {_problem(error)}"
            ) from error

    def _accepted(self, tenant_id: str) -> Counter[str]:
        totals = self._control.totals(tenant_id)
        if not totals["complete"]:
            raise ConfigurationError(
                f"{self._base}: the mock's journal is not complete; keep it in a file with --store"
            )
        accepted: Counter[str] = Counter()
        # Retention removes old calls from the journal, but the totals still count them.
        unseen = totals.get("received", 0)
        for request in self._control.all_requests(tenant_id, page_rows=PAGE_ROWS):
            if not is_trigger_path(request["path"]):
                continue  # such as whoami, which `check` calls
            unseen -= 1
            accepted.update([request["traceId"] or ""] * _was_accepted(request))
        if unseen > 0:
            raise ConfigurationError(
                f"{self._base}: the mock's journal has retired {unseen:,} of its calls, and cannot "
                "tell which messages those were"
            )
        return accepted

    def _tenant_id(self, trigger_url: str) -> str:
        wanted = workflow_digest(trigger_url)
        for tenant in self._control.tenants():
            for workflow in tenant["workflows"]:
                urls = (workflow["triggerUrl"], workflow["legacyTriggerUrl"])
                if wanted in map(workflow_digest, urls):
                    return str(tenant["id"])
        raise ConfigurationError(
            f"{self._base}: no tenant has the workflow of the outbox's dataflow"
        )


def _is_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return False


def _problem(error: ControlError) -> str:
    """Return a description of an error, with advice."""
    if isinstance(error, ControlRefusedError):
        return _refusal(error.status)
    if isinstance(error, ControlAnswerError):
        problem = "no JSON" if error.missing is None else f"without {error.missing!r}"
        return f"it answers {problem}; {IS_IT_A_MOCK}"
    unusable = "its address or its answer cannot be used"
    if isinstance(error, ControlUnreachableError):
        return _NO_ANSWER.get(error.reason, unusable) + error.note
    return unusable


def _refusal(status: int) -> str:
    if status == UNAUTHORIZED:
        return (
            "it wants its control token: give --control-token-file FILE, or set the environment "
            "variable MOCK_QUALTRICS_CONTROL_TOKEN"
        )
    return f"it answers {status}; {IS_IT_A_MOCK}"


def _was_accepted(request: Mapping[str, Any]) -> bool:
    status = request["status"]
    return request["runId"] is not None or (status is not None and 200 <= status < 300)  # noqa: PLR2004


def _meaning(trace: Trace, accepted: int) -> str | None:
    if accepted > 1:
        return f"accepted {accepted} times"
    if trace.state == sql.ACTIVATED:
        return None if accepted else "activated, but never accepted"
    return f"accepted, but {_STATE_NAMES[trace.state]}" if accepted else None
