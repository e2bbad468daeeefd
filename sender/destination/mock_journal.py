"""Reads the journal of a running mock through its control API."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from contracts.errors import (
    ControlAnswerError,
    ControlError,
    ControlRefusedError,
    ControlTokenError,
    ControlUnreachableError,
    NoAnswer,
)
from contracts.masking import mask_identity
from contracts.secret import Secret
from sender.clock import Clock
from sender.dataflow.digests import workflow_digest
from sender.dataflow.trigger_url import is_trigger_path
from sender.destination.received_calls import ReceivedCall, ReceivedCalls
from sender.errors import ConfigurationError
from sender.mapping.message_identity import first_identity, identity_in
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


class MockJournal:
    """A running mock's journal. Use it as a context manager.

    Args:
        url: the mock's address.
        control_token: the control token, if the mock requires one.
        shown: returns an identity as it may be shown.

    Raises:
        ConfigurationError: the address is invalid, or the token cannot be sent in a header.
    """

    def __init__(
        self,
        url: str,
        control_token: Secret | None = None,
        shown: Callable[[str], str] = mask_identity,
    ) -> None:
        if not _is_address(url):
            raise ConfigurationError(
                f"{url}: not the address of a mock; expected one such as {ADDRESS_EXAMPLE}"
            )
        from contracts.control_client import ControlClient, control_url_of  # noqa: PLC0415  --help must not pay for it

        self._base = control_url_of(url)
        self._shown = shown
        try:
            self._control = ControlClient(
                self._base, control_token, timeout_seconds=TIMEOUT_SECONDS, session=session()
            )
        except ControlTokenError:
            raise ConfigurationError(
                "the control token: expected ASCII characters only, without a blank around them"
            ) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._control.close()

    def wait_for_runs(self, trigger_url: str, seconds: float, clock: Clock) -> None:
        """Wait until no run of the tenant of a trigger URL is pending, or the time is over.

        A clock that skips jumps to what is due; a virtual one is not moved.

        Raises:
            ConfigurationError: the mock cannot be read, or has no such workflow.
        """
        from contracts.settling import wait_until_settled  # noqa: PLC0415  --help must not pay for it

        with self._problems_told():
            tenant_id = self._tenant(trigger_url)["id"]
            wait_until_settled(self._control, tenant_id, seconds, clock.monotonic)

    def copy_to(self, received: ReceivedCalls, trigger_url: str) -> None:
        """Copy the calls of the tenant of a trigger URL, and what became of their runs.

        Raises:
            ConfigurationError: the mock cannot be read, has no such workflow, or its journal is not
                complete.
        """
        with self._problems_told():
            tenant = self._tenant(trigger_url)
            totals = self._control.totals(tenant["id"])
            if not totals["complete"]:
                raise ConfigurationError(
                    f"{self._base}: the mock's journal is not complete; keep it in a file with "
                    "--store"
                )
            received.add_calls(self._calls(tenant["id"], totals.get("received", 0)))
            # Of most calls the one run is known, and those that succeeded need not be read. Those
            # that wait come first: one that ends meanwhile then has failed, or has succeeded.
            extra_runs = totals.get("extraRuns", 0) > 0
            for status in (None,) if extra_runs else ("pending", "failed"):
                received.add_runs(self._runs(tenant["workflows"], status))
        received.index()

    def identity_of(self, call: ReceivedCall) -> str | None:
        """Return whom a call is about, as it may be shown; None if the journal cannot tell.

        Raises:
            ConfigurationError: the mock cannot be read.
        """
        with self._problems_told():
            try:
                body = self._control.request(call.request_id).get("body")
            except ControlRefusedError:
                return None  # a mock of an older version, or the call has been retired since
        return self._masked(identity_in(body))

    @contextlib.contextmanager
    def _problems_told(self) -> Iterator[None]:
        try:
            yield
        except ControlError as error:
            raise ConfigurationError(
                f"{self._base}: the mock's control API cannot be read: {_problem(error)}"
            ) from error

    def _calls(self, tenant_id: str, counted: int) -> Iterator[tuple[str | None, ReceivedCall]]:
        # Retention removes old calls from the journal, but the totals still count them.
        unseen = counted
        for request in self._control.all_requests(tenant_id, page_rows=PAGE_ROWS):
            if not is_trigger_path(request["path"]):
                continue  # such as whoami, which `check` calls
            unseen -= 1
            found = (request[name] for name in ("requestId", "status", "reason", "runId"))
            yield request["traceId"], ReceivedCall(*found)
        if unseen > 0:
            raise ConfigurationError(
                f"{self._base}: the mock's journal has retired {unseen:,} of its calls, and cannot "
                "tell which messages those were"
            )

    def _runs(
        self, workflows: Iterable[Mapping[str, Any]], status: str | None
    ) -> Iterator[ReceivedCall]:
        for workflow in workflows:
            for run in self._control.all_runs(workflow["id"], status=status, page_rows=PAGE_ROWS):
                identity = self._masked(first_identity(run["event"]))
                yield ReceivedCall(
                    run["requestId"], None, None, run["id"], _outcome(run), run["error"], identity
                )

    def _masked(self, identity: str | None) -> str | None:
        return None if identity is None else self._shown(identity)

    def _tenant(self, trigger_url: str) -> Mapping[str, Any]:
        wanted = workflow_digest(trigger_url)
        for tenant in self._control.tenants():
            for workflow in tenant["workflows"]:
                urls = (workflow["triggerUrl"], workflow["legacyTriggerUrl"])
                if wanted in map(workflow_digest, urls):
                    return tenant
        raise ConfigurationError(
            f"{self._base}: no tenant has the workflow of the outbox's dataflow: is it another "
            "mock than the one exported to, or was it started anew without a --store?"
        )


def _outcome(run: Mapping[str, Any]) -> str | None:
    if run["status"] == "Pending":
        return "pending"
    if run["status"] == "Failed":
        return "blocked" if run["startedOn"] is None else "failed"  # Q-LIM-4
    return None


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
        problem = (
            "something that is not JSON" if error.missing is None else f"without {error.missing!r}"
        )
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
